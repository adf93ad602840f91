/**
 * The two ways frames leave as a stream: a WebSocket, and Server-Sent Events. An outlet is full or not by what waits in
 * this process at the moment: nothing is sent to a full one, whoever asks, and drained() is the only place that waits.
 */
import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Line } from './lines.js'
import type { StreamOptions } from './options.js'
import { createSignal, type Signal } from './signal.js'

type Bounds = Pick<StreamOptions, 'highWaterBytes'>

/** Where frames go. */
export interface Outlet {
  /** Whether a frame would be taken now; true also when nobody is left. */
  hasRoom (): boolean
  /** Sends in order what there is room for. @returns how many lines it took; all when nobody is left to get them */
  send (lines: readonly Line[]): number
  /** Resolves when there is room, or nobody left. */
  drained (): Promise<void>
  /**
   * Ends the connection. What was sent is still delivered, unless the client shall come back and has not even read
   * what waits: then it is cut off.
   * @param complete false when the client should come back
   */
  end (complete: boolean): void
}

/** What an outlet needs of a connection. */
export interface Wire {
  isOpen (): boolean
  /** bytes that wait in this process */
  waiting (): number
  write (line: Line): void
  /** Holds small writes back until uncork(), so that many lines leave in one. */
  cork (): void
  uncork (): void
  close (complete: boolean): void
  cut (): void
}

/** Makes an outlet. @param changed given whenever the wire may have room again, or has closed */
export function createOutlet (wire: Wire, changed: Signal, { highWaterBytes }: Bounds): Outlet {
  function hasRoom (): boolean {
    return !wire.isOpen() || wire.waiting() < highWaterBytes
  }

  return {
    hasRoom,
    send (lines) {
      if (!wire.isOpen()) return lines.length
      let taken = 0
      wire.cork()
      while (taken < lines.length && hasRoom()) wire.write(lines[taken++]!)
      wire.uncork()
      return taken
    },
    async drained () {
      while (!hasRoom()) await changed.wait()
    },
    end (complete) {
      if (!wire.isOpen()) return
      if (complete || hasRoom()) wire.close(complete)
      else wire.cut()
      changed.give()
    }
  }
}

/**
 * Ends with code 1000 after the end of the stream, with 1001 when the client should come back.
 * @param options.connection what the socket runs over, when it can hold writes back
 */
export function socketOutlet (socket: WebSocket, options: Bounds & { connection?: Writable | undefined }): Outlet {
  const changed = createSignal()
  socket.on('close', changed.give)
  return createOutlet({
    isOpen: () => socket.readyState === socket.OPEN,
    waiting: () => socket.bufferedAmount,
    write: line => { socket.send(line.json, { binary: false }, changed.give) },
    cork: () => { options.connection?.cork() },
    uncork: () => { options.connection?.uncork() },
    close: complete => { socket.close(complete ? 1000 : 1001) },
    cut: () => { socket.terminate() }
  }, changed, options)
}

/** Ends by ending the response; an EventSource comes back by itself. */
export function sseOutlet (response: ServerResponse, options: Bounds): Outlet {
  const changed = createSignal()
  response.on('close', changed.give)
  return createOutlet({
    isOpen: () => !response.destroyed && !response.writableEnded,
    waiting: () => response.writableLength,
    write: line => { response.write(line.serverSent, changed.give) },
    cork: () => { response.cork() },
    uncork: () => { response.uncork() },
    close: () => { response.end() },
    cut: () => { response.destroy() }
  }, changed, options)
}
