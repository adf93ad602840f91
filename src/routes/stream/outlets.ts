/** The two ways frames leave as a stream: a WebSocket, and Server-Sent Events. Both say when they are full. */
import type { ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import type { Frame } from '../../storage/events.js'
import type { StreamNotice } from '../schemas/events.js'
import type { Outlet } from './follower.js'

/** Bytes that may wait for one client in this process: about 5,000 frames. Larger gains nothing on a local network. */
export const HIGH_WATER_BYTES = 512 * 1024

/** Ends with code 1000 after the end of the stream, with 1001 when the client should come back. */
export function socketOutlet (socket: WebSocket): Outlet {
  let drained = Promise.resolve()
  let resume = () => {}

  function flushed (): void {
    if (socket.bufferedAmount < HIGH_WATER_BYTES / 2 || socket.readyState !== socket.OPEN) resume()
  }

  socket.on('close', () => { resume() })
  return {
    send (frame) {
      if (socket.readyState !== socket.OPEN) return true
      socket.send(JSON.stringify(frame), flushed)
      if (socket.bufferedAmount < HIGH_WATER_BYTES) return true
      drained = new Promise(resolve => { resume = resolve })
      return false
    },
    drained: async () => { await drained },
    end (complete) {
      if (socket.readyState === socket.OPEN) socket.close(complete ? 1000 : 1001)
    }
  }
}

/** Every event carries its number as id, so that a browser's EventSource comes back with Last-Event-ID. */
export function sseOutlet (response: ServerResponse): Outlet {
  return {
    send (frame) {
      if (response.destroyed || response.writableEnded) return true
      const id = idOf(frame)
      response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(frame)}\n\n`)
      return response.writableLength < HIGH_WATER_BYTES
    },
    drained: async () => {
      if (response.destroyed || !response.writableNeedDrain) return
      await new Promise<void>(resolve => {
        const end = (): void => {
          response.off('drain', end).off('close', end)
          resolve()
        }
        response.on('drain', end).on('close', end)
      })
    },
    end () {
      response.end()
    }
  }
}

/** What was skipped need not be sent again after a reconnect, so it moves the cursor like an event. */
function idOf (frame: Frame | StreamNotice): number | undefined {
  if (frame.type === 'skipped') return (frame as Extract<StreamNotice, { type: 'skipped' }>).to
  return 'data' in frame ? frame.seq : undefined
}
