/**
 * Clients of a stream over a real connection that can stop reading: a WebSocket, and Server-Sent Events. Over a Unix
 * socket the kernel holds some hundred kilobytes; over TCP it would take megabytes until the other side notices.
 */
import { request, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { StreamNotice } from '../../src/routes/schemas/events.js'
import { createSignal } from '../../src/routes/stream/signal.js'
import type { Frame } from '../../src/storage/events.js'

export type Sent = Frame | StreamNotice
export const forms = ['socket', 'sse'] as const
export type Form = typeof forms[number]

export interface StreamClient {
  /** what came, in order */
  frames: Sent[]
  seqs: () => number[]
  stopReading: () => void
  readOn: () => void
  /** Resolves when what came is as wanted. @throws when the stream ends before */
  until: (wanted: () => boolean) => Promise<void>
  /** how the stream ended: a WebSocket's code; 1000 and 1006 for a response that was or was not completed */
  closed: Promise<number>
  close: () => void
}

/** Follows a path of the server that listens on a Unix socket. @throws Error with the status when it is refused */
export async function openStream (form: Form, socketPath: string, path: string, headers: Record<string, string> = {}): Promise<StreamClient> {
  const frames: Sent[] = []
  const came = createSignal()
  let end: number | undefined
  const take = (text: string): void => {
    frames.push(JSON.parse(text) as Sent)
    came.give()
  }
  const over = (code: number): void => {
    end ??= code
    came.give()
  }
  const connection = form === 'socket'
    ? await openSocket(`ws+unix://${socketPath}:${path}`, headers, take, over)
    : await openEventStream(socketPath, path, headers, take, over)
  return {
    ...connection,
    frames,
    seqs: () => frames.flatMap(frame => 'data' in frame ? [frame.seq] : []),
    async until (wanted) {
      while (!wanted()) {
        if (end !== undefined) throw new Error(`The stream ended with ${end} after ${frames.length} frames`)
        await came.wait()
      }
    },
    closed: (async () => {
      while (end === undefined) await came.wait()
      return end
    })()
  }
}

type Connection = Pick<StreamClient, 'stopReading' | 'readOn' | 'close'>

async function openSocket (url: string, headers: Record<string, string>, take: (text: string) => void, over: (code: number) => void): Promise<Connection> {
  const socket = new WebSocket(url, { headers })
  socket.on('message', data => { take(String(data)) })
  socket.on('close', over)
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject) // after the opening it only comes before 'close'
    socket.on('open', resolve)
  })
  return { stopReading: () => { socket.pause() }, readOn: () => { socket.resume() }, close: () => { socket.terminate() } }
}

async function openEventStream (
  socketPath: string, path: string, headers: Record<string, string>, take: (text: string) => void, over: (code: number) => void
): Promise<Connection> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, path, headers: { accept: 'text/event-stream', ...headers }, agent: false }, resolve).on('error', reject).end()
  })
  if (response.statusCode !== 200) {
    response.resume()
    throw new Error(`Unexpected server response: ${response.statusCode}`)
  }
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) take(block.split('\n').find(line => line.startsWith('data: '))!.slice(6))
  })
  response.on('error', () => {}) // a cut; 'close' follows
  response.on('close', () => { over(response.complete ? 1000 : 1006) })
  return { stopReading: () => { response.pause() }, readOn: () => { response.resume() }, close: () => { response.destroy() } }
}
