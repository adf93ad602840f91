/**
 * Follows the events of an experiment over a WebSocket, and goes on after the last event whenever the connection is
 * lost. Reads no faster than its caller: while too much waits here, the socket is paused.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { components } from '../../openapi/types.js'
import { toProblemError, type ProblemError } from './problem-error.js'

type EventFrame = components['schemas']['EventFrame']
type Notice = components['schemas']['StreamNotice']
type Sent = EventFrame | Notice

export interface FollowOptions {
  /** number of the last event that the caller has; 0 follows from the beginning */
  after?: number
  /** only these types of events */
  types?: string[]
  trialId?: string
  signal?: AbortSignal
  /** told when the connection was lost, before it is made again */
  onReconnect?: (reason: string) => void
}

/** How the follower reaches the service. */
export interface Connection {
  baseUrl: string
  headers: Record<string, string>
  readPage (experimentId: string, query: PageQuery): Promise<{ items: EventFrame[], nextAfter: number }>
}

export interface PageQuery { after: number, type?: string[], trialId?: string }

/** Frames that may wait here before the socket is paused. */
const MAX_WAITING = 2000
/** Longest wait before trying again; the first one is a sixteenth of it. */
const LONGEST_PAUSE_MS = 4000

/** Follows an experiment to its end. @throws ProblemError when the service refuses, AbortError when the signal says so */
export async function * followEvents (
  connection: Connection, experimentId: string, options: FollowOptions
): AsyncGenerator<EventFrame, void> {
  let after = options.after ?? 0
  let pauseMs = LONGEST_PAUSE_MS / 16
  for (;;) {
    const inbox = openInbox(connection, toUrl(connection.baseUrl, experimentId, after, options))
    try {
      for await (const frame of inbox.frames(options.signal)) {
        pauseMs = LONGEST_PAUSE_MS / 16
        if (frame.type === 'end') return
        if (frame.type === 'skipped') {
          const { to } = frame as Extract<Notice, { type: 'skipped' }>
          yield * readSkipped(connection, experimentId, { after, to }, options)
          after = to
        } else if ('data' in frame && frame.seq > after) {
          after = frame.seq
          yield frame
        }
      }
    } finally {
      inbox.close()
    }
    options.onReconnect?.(inbox.reason())
    await delay(pauseMs, undefined, { signal: options.signal })
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

function toUrl (baseUrl: string, experimentId: string, after: number, { types, trialId }: FollowOptions): URL {
  const url = new URL(`${baseUrl.replace(/^http/, 'ws')}/v1/experiments/${encodeURIComponent(experimentId)}/events`)
  url.searchParams.set('after', String(after))
  if (types !== undefined) url.searchParams.set('type', types.join(','))
  if (trialId !== undefined) url.searchParams.set('trialId', trialId)
  return url
}

async function * readSkipped (
  connection: Connection, experimentId: string, { after, to }: { after: number, to: number }, { types, trialId }: FollowOptions
): AsyncGenerator<EventFrame, void> {
  const filter = { ...(types ? { type: types } : {}), ...(trialId ? { trialId } : {}) }
  for (let cursor = after; cursor < to;) {
    const page = await connection.readPage(experimentId, { after: cursor, ...filter })
    yield * page.items.filter(event => event.seq <= to)
    if (page.nextAfter <= cursor) return
    cursor = page.nextAfter
  }
}

/** One connection: what came through it and was not taken yet. */
function openInbox ({ headers }: Connection, url: URL) {
  const socket = new WebSocket(url, { headers, handshakeTimeout: 10_000 })
  const waiting: Sent[] = []
  let reason: string | undefined
  let refused: ProblemError | undefined
  let wake = (): void => {}

  function end (why: string): void {
    reason ??= why
    wake()
  }

  socket.on('message', data => {
    waiting.push(JSON.parse(String(data)) as Sent)
    if (waiting.length >= MAX_WAITING) socket.pause()
    wake()
  })
  socket.on('error', error => { end(error.message) })
  socket.on('close', code => { end(`closed with code ${code}`) })
  socket.on('unexpected-response', (_request, response) => {
    let text = ''
    response.on('data', chunk => { text += String(chunk) })
    response.on('end', () => {
      const status = response.statusCode ?? 0
      if (status >= 400 && status < 500) refused = toProblemError(parse(text), status)
      end(`answered ${status}`)
      socket.terminate()
    })
  })

  async function * frames (signal: AbortSignal | undefined): AsyncGenerator<Sent, void> {
    signal?.addEventListener('abort', wakeUp)
    try {
      for (;;) {
        signal?.throwIfAborted()
        while (waiting.length > 0) {
          const frame = waiting.shift()!
          if (waiting.length === 0 && socket.isPaused) socket.resume()
          yield frame
        }
        if (refused !== undefined) throw refused
        if (reason !== undefined) return
        await new Promise<void>(resolve => { wake = resolve })
      }
    } finally {
      signal?.removeEventListener('abort', wakeUp)
    }
  }

  function wakeUp (): void {
    wake()
  }

  return { frames, reason: () => reason ?? 'closed', close: () => { socket.terminate() } }
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not from the service
  }
}
