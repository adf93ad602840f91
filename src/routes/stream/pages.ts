/**
 * Pages of events, read and encoded once for all who want the same at about the same time: 300 clients of one experiment
 * make one query when its bell rings. The last pages are kept for those who are a little behind the others.
 */
import type { EventFilter, EventsPage, PageFilter } from '../../storage/events.js'
import { toEventLine, type EventLine } from './lines.js'

/** Rows per read: a read costs about as much as sending 200 of them. */
const MAX_LINES = 500
/** Large events come in smaller pages. */
const PAGE_BYTES = 256 * 1024
const FEWEST_LINES = 16
/** Pages that are kept: 8 MiB at most, for the whole process. */
const MAX_KEPT = 32

/** Events after a cursor; they never change, so that a page stays true for as long as it is kept. */
export interface Page extends Omit<EventsPage, 'frames'> { lines: EventLine[] }

/** Reads pages of one experiment after another. */
export interface Pages {
  /** Gives the events after a cursor, as many as come at once. */
  read (experimentId: string, filter: EventFilter, after: number): Promise<Page>
}

interface Kept extends Page { key: string, after: number, bytes: number }
interface UnderWay { key: string, after: number, limit: number, page: Promise<Kept> }

/** Makes the shared reader over the one that asks the database. */
export function createPages (readPage: (experimentId: string, filter: PageFilter) => Promise<EventsPage>): Pages {
  const recent: Kept[] = []
  const underWay = new Set<UnderWay>()

  async function read (experimentId: string, filter: EventFilter, after: number): Promise<Page> {
    const key = JSON.stringify([experimentId, filter])
    for (;;) {
      const kept = recent.find(page => page.key === key && covers(page, after))
      if (kept !== undefined) return from(kept, after)
      const running = [...underWay].find(one => one.key === key && one.after <= after && after < one.after + one.limit)
      if (running === undefined) break
      const page = await running.page
      if (running.after === after || covers(page, after)) return from(page, after)
    }
    return await start(experimentId, filter, key, after)
  }

  async function start (experimentId: string, filter: EventFilter, key: string, after: number): Promise<Kept> {
    const limit = linesFor(recent.findLast(page => page.key === key && page.lines.length > 0))
    const one = { key, after, limit, page: load(experimentId, { ...filter, after, limit }, key) }
    underWay.add(one)
    try {
      return await one.page
    } finally {
      underWay.delete(one)
    }
  }

  async function load (experimentId: string, filter: PageFilter, key: string): Promise<Kept> {
    const { frames, head, upTo } = await readPage(experimentId, filter)
    const lines = frames.map(toEventLine)
    const page = { key, after: filter.after, head, upTo, lines, bytes: lines.reduce((sum, line) => sum + line.json.length, 0) }
    if (recent.push(page) > MAX_KEPT) recent.shift()
    return page
  }

  return { read }
}

/** An empty page covers nothing: who asks again wants to know what came since. */
function covers (page: Kept, after: number): boolean {
  return page.after <= after && after < page.upTo
}

function from (page: Kept, after: number): Page {
  return page.after === after ? page : { ...page, lines: page.lines.filter(line => line.seq > after) }
}

function linesFor (before: Kept | undefined): number {
  if (before === undefined) return MAX_LINES
  return Math.max(FEWEST_LINES, Math.min(MAX_LINES, Math.floor(PAGE_BYTES * before.lines.length / before.bytes)))
}
