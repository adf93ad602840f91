/**
 * Follows the events of an experiment for one client: hello, everything after the client's cursor, then live, then the
 * end. Replay and live are one loop: wait for room, read the page after the cursor, send what there is room for, and
 * when that was all, wait for the bell.
 *
 * Memory is bounded by never reading on while the outlet is full, and by keeping nothing meanwhile: what did not fit is
 * read again. A client that is too slow for that is told so: once it has had everything that was there when it came, and
 * has more than `maxLag` events before it when its outlet drains, the metrics and progress up to the head are
 * replaced by `skipped {from, to}`; everything else is still sent.
 */
import type { EventFilter } from '../../storage/events.js'
import { isTerminal } from '../../storage/trials.js'
import { eventTypes, type StreamNotice } from '../schemas/events.js'
import type { Feed } from './feeds.js'
import { toNoticeLine, type EventLine, type Line } from './lines.js'
import type { Outlet } from './outlets.js'
import type { Page } from './pages.js'

/** What a slow client may miss; it can be paged later. Everything else is sent whatever happens. */
const SKIPPABLE: readonly string[] = ['metrics', 'progress']

type Brief = { id: string, kind: string, name: string, state: string }

export interface FollowOptions {
  /** number of the last event that the client has */
  after: number
  types?: string[] | undefined
  trialId?: string | undefined
  /** what hello says of the experiment */
  brief: () => Promise<Brief>
  /** a quiet stream says where it is after this long */
  headEveryMs?: number
  /** how many live events a client may lag before metrics are left out; more is more to page through */
  maxLag?: number
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
export function follow (feed: Feed, outlet: Outlet, options: FollowOptions): Follower {
  const { types, trialId, headEveryMs = 15_000, maxLag = 10_000 } = options
  const all = toFilter(types, trialId)
  const kept = toFilter((types ?? eventTypes).filter(type => !SKIPPABLE.includes(type)), trialId)
  const announces = types?.some(type => SKIPPABLE.includes(type)) ?? true
  let cursor = options.after
  /** the head when the client came: up to here nothing is left out */
  let promised = 0
  /** the experiment's state at the cursor */
  let state = ''
  let open = true
  let quiet = setTimeout(sayHead, headEveryMs)

  function stop (complete = false): void {
    if (!open) return
    open = false
    clearTimeout(quiet)
    feed.close()
    outlet.end(complete)
    feed.news.give()
  }

  // 1. hello, then look, wait, look again.
  async function run (): Promise<void> {
    const experiment = await options.brief()
    state = experiment.state
    promised = await feed.look() // after the state: an event that changes it lies beyond the cursor then
    await deliver({ type: 'hello', headSeq: promised, experiment })
    while (open) {
      try {
        await goOn()
      } catch (error) {
        options.onError(error)
        await feed.news.wait() // the database is away: the bell rings when it is back
        continue
      }
      if (isOver()) {
        await deliver({ type: 'end', state })
        return stop(true)
      }
      while (open && feed.head() <= cursor && !feed.isGone()) await feed.news.wait()
    }
  }

  // 2. One page, when there is room for it.
  async function goOn (): Promise<void> {
    if (!outlet.hasRoom()) {
      await outlet.drained()
      if (cursor >= promised && feed.head() - cursor > maxLag) return sendWithoutSkippable(await feed.read(kept, cursor))
    }
    sendPage(await feed.read(all, cursor))
  }

  function sendPage (page: Page): void {
    const wanted = page.lines.filter(isWanted)
    const taken = send(wanted)
    moveTo(page, taken === wanted.length ? page.upTo : wanted[taken]!.seq - 1)
  }

  // 3. For a slow client: the gaps between what must be sent are exactly what may be left out.
  function sendWithoutSkippable (page: Page): void {
    const parts: { line: Line, upTo: number }[] = []
    let at = cursor
    const skipTo = (to: number): void => {
      if (announces && to > at) parts.push({ line: toNoticeLine({ type: 'skipped', from: at + 1, to }), upTo: to })
    }
    for (const line of page.lines) {
      skipTo(line.seq - 1)
      if (isWanted(line)) parts.push({ line, upTo: line.seq })
      at = line.seq
    }
    skipTo(page.upTo)
    const taken = send(parts.map(part => part.line))
    moveTo(page, taken === parts.length ? page.upTo : parts[taken - 1]?.upTo ?? cursor)
  }

  function moveTo (page: Page, upTo: number): void {
    cursor = upTo
    state = page.head === undefined ? 'deleted' : page.lines.findLast(line => line.seq <= upTo && line.state !== undefined)?.state ?? state
  }

  /** Nothing can follow: the state row and its event are one transaction, and all events are at or before the cursor. */
  function isOver (): boolean {
    return state === 'deleted' || (isTerminal(state) && cursor >= feed.head())
  }

  // 4. Notices. A head that finds the outlet full is not sent: the client has more than that to read.
  function sayHead (): void {
    quiet = setTimeout(sayHead, headEveryMs)
    send([toNoticeLine({ type: 'head', seq: Math.max(cursor, feed.head()) })])
  }

  async function deliver (notice: StreamNotice): Promise<void> {
    const line = toNoticeLine(notice)
    while (open && send([line]) === 0) await outlet.drained()
  }

  function send (lines: Line[]): number {
    if (!open) return lines.length
    quiet.refresh()
    return outlet.send(lines)
  }

  function isWanted (line: EventLine): boolean {
    return (types?.includes(line.type) ?? true) && (trialId === undefined || line.trialId === trialId)
  }

  const ended = run().catch(options.onError).finally(() => { stop() })
  return { ended, stop: () => { stop() } }
}

/** What is read: what the client wants, and the states of the experiment, which say when it is over. */
function toFilter (types: readonly string[] | undefined, trialId: string | undefined): EventFilter {
  return { types: types === undefined ? undefined : [...new Set([...types, 'state'])].sort(), trialId, orNoTrial: true }
}
