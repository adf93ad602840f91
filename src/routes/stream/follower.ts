/**
 * Follows the events of one experiment for one client: hello, everything after the client's cursor, then live, then the
 * end. Replay and live are one loop: read the rows after the cursor, send them, wait for the bell, look again.
 *
 * Memory is bounded by never reading on while the outlet is full. A client that is too slow for that is told so: once it
 * has had everything that was there when it came, and has more than `mostBehind` events before it when its outlet
 * drains, the metrics and progress up to the head are replaced by `skipped {from, to}`; everything else is still sent.
 */
import { AppError } from '../../errors.js'
import type { EventFilter, Frame } from '../../storage/events.js'
import { eventTypes, type StreamNotice } from '../schemas/events.js'
import type { Ring } from './doorbell.js'

/** States after which no event comes, unless somebody asks for a retry. */
const TERMINAL = ['succeeded', 'failed', 'canceled', 'deleted']
/** What a slow client may miss; it can be paged later. Everything else is sent whatever happens. */
const SKIPPABLE: readonly string[] = ['metrics', 'progress']
/** Rows per read: a read costs about as much as sending 200 of them. */
const PAGE = 500

type Brief = { id: string, kind: string, name: string, state: string }

/** Where events come from. */
export interface EventSource {
  /** Calls back when there may be news. @returns a function that ends it */
  onNews (ring: Ring): () => void
  head (): Promise<number>
  read (filter: EventFilter): Promise<Frame[]>
  brief (): Promise<Brief>
  /** whether the client may still read: a key can be revoked while a stream is open */
  mayRead (): Promise<boolean>
}

/** Where frames go. */
export interface Outlet {
  /** Takes a frame. @returns false when nothing more should come before drained() */
  send (frame: Frame | StreamNotice): boolean
  /** Resolves when there is room again, or nobody left. */
  drained (): Promise<void>
  /** Ends the connection politely after what was sent. @param complete false when the client should come back */
  end (complete: boolean): void
}

export interface FollowOptions {
  /** number of the last event that the client has */
  after: number
  types?: string[] | undefined
  trialId?: string | undefined
  /** a quiet stream says where it is after this long */
  headEveryMs?: number
  /** how many live events a client may lag before metrics are left out; more is more to page through */
  mostBehind?: number
  onError: (error: unknown) => void
}

/** One client's stream. */
export interface Follower {
  /** Resolves when nothing more will be read or sent. */
  ended: Promise<void>
  /** Ends the stream now; the client is told to come back. */
  stop (): void
}

/** Starts a stream. */
export function follow (source: EventSource, outlet: Outlet, options: FollowOptions): Follower {
  const mostBehind = options.mostBehind ?? 10_000
  const sqlTypes = options.types === undefined ? undefined : [...new Set([...options.types, 'state'])]
  let cursor = options.after
  let head = 0
  /** the head when the client came: up to here nothing is left out */
  let promised = 0
  let open = true
  let lookAgain = true
  let isHeadKnown = true
  let maybeOver = true
  let maybeRevoked = false
  let quiet = true
  let wake = () => {}

  // 1. Listen before the first read, so that nothing falls between reading and listening.
  const unhear = source.onNews(news => {
    head = Math.max(head, news ?? 0)
    if (news === undefined) isHeadKnown = false
    lookAgain = true
    wake()
  })
  const timer = setInterval(() => {
    if (quiet) send({ type: 'head', seq: Math.max(cursor, head) })
    quiet = true
    isHeadKnown = false
    lookAgain = maybeOver = maybeRevoked = true // a notification that was lost costs one interval at most
    wake()
  }, options.headEveryMs ?? 15_000)

  function stop (complete = false): void {
    if (!open) return
    open = false
    clearInterval(timer)
    unhear()
    outlet.end(complete)
    wake()
  }

  function send (frame: Frame | StreamNotice): boolean {
    if (!open) return true
    quiet = false
    return outlet.send(frame)
  }

  // 2. hello, then look, wait, look again.
  async function run (): Promise<void> {
    const experiment = await source.brief()
    promised = head = await source.head()
    if (!send({ type: 'hello', headSeq: head, experiment })) await outlet.drained()
    while (open) {
      lookAgain = false
      try {
        if (maybeRevoked && !await source.mayRead()) return stop()
        maybeRevoked = false
        await deliver()
        if (await isOver()) return stop(true)
      } catch (error) {
        isHeadKnown = false
        options.onError(error) // the database is away: the bell rings when it is back, the timer anyway
      }
      if (!lookAgain && open) await new Promise<void>(resolve => { wake = resolve })
    }
  }

  // 3. Everything up to the head, page by page.
  async function deliver (): Promise<void> {
    if (!isHeadKnown) {
      isHeadKnown = true
      head = Math.max(head, await source.head())
    }
    while (open && cursor < head) {
      const upTo = head
      const page = await source.read({ after: cursor, limit: PAGE, types: sqlTypes })
      const last = page.at(-1)?.seq ?? 0
      if (await sendPage(page)) cursor = page.length === PAGE ? last : Math.max(last, upTo)
      else await deliverWithout(SKIPPABLE)
    }
  }

  /** @returns false when the client fell too far behind; the cursor then is where it got to */
  async function sendPage (page: Frame[]): Promise<boolean> {
    for (const frame of page) {
      if (!open) return true
      const roomy = !isWanted(frame) || send(frame)
      cursor = frame.seq
      if (frame.trialId === null && frame.type === 'state') maybeOver = true
      if (roomy) continue
      await outlet.drained()
      if (cursor >= promised && head - cursor > mostBehind) return false
    }
    return true
  }

  // 4. For a slow client: the gaps between what must be sent are exactly what may be left out.
  async function deliverWithout (skipped: readonly string[]): Promise<void> {
    const upTo = head
    const all = options.types ?? eventTypes
    const kept = [...new Set([...all.filter(type => !skipped.includes(type)), 'state'])]
    const announces = all.some(type => skipped.includes(type))
    while (open && cursor < upTo) {
      const page = (await source.read({ after: cursor, limit: PAGE, types: kept })).filter(frame => frame.seq <= upTo)
      for (const frame of page) {
        if (announces && frame.seq > cursor + 1) send({ type: 'skipped', from: cursor + 1, to: frame.seq - 1 })
        if (isWanted(frame) && !send(frame)) await outlet.drained()
        if (frame.trialId === null && frame.type === 'state') maybeOver = true
        cursor = frame.seq
      }
      if (page.length === PAGE) continue
      if (announces && cursor < upTo) send({ type: 'skipped', from: cursor + 1, to: upTo })
      cursor = upTo
    }
  }

  function isWanted (frame: Frame): boolean {
    return (options.types?.includes(frame.type) ?? true) && (options.trialId === undefined || frame.trialId === options.trialId)
  }

  // 5. The state row and its event are one transaction, so a terminal state with nothing after the cursor is the end.
  async function isOver (): Promise<boolean> {
    if (!maybeOver || !open) return !open
    const state = await stateNow()
    if (!TERMINAL.includes(state)) {
      maybeOver = false
      return false
    }
    if (await source.head() > cursor) {
      isHeadKnown = false
      lookAgain = true
      return false
    }
    send({ type: 'end', state })
    return true
  }

  async function stateNow (): Promise<string> {
    try {
      return (await source.brief()).state
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return 'deleted'
      throw error
    }
  }

  const ended = run().catch(options.onError).finally(() => { stop() })
  return { ended, stop: () => { stop() } }
}
