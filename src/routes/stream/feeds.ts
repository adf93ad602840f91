/**
 * What all who follow an experiment in this process share: the bell that rings when there is more, the number of the
 * last event, and the pages (pages.ts). A notification says "look again"; one that was lost costs one interval at most.
 */
import type { Bus } from '../../storage/bus.js'
import type { EventFilter, EventsPage, PageFilter } from '../../storage/events.js'
import { createPages, type Page } from './pages.js'
import { createSignal, type Signal } from './signal.js'

/** One follower's view of an experiment. */
export interface Feed {
  /** given when the head may have moved, or the database may be back */
  readonly news: Signal
  /** number of the last event, as far as is known here */
  head (): number
  /** whether the experiment was deleted */
  isGone (): boolean
  /** Asks the database for the number of the last event. */
  look (): Promise<number>
  /** Gives the events after a cursor, as many as come at once. */
  read (filter: EventFilter, after: number): Promise<Page>
  /** Stops listening. */
  close (): void
}

/** Makes feeds. */
export interface Feeds {
  /** Listens from now on. */
  open (experimentId: string): Feed
  close (): void
}

/** Where heads and events come from. */
export interface EventStore {
  /** heads by experiment; one that was deleted is missing */
  readHeads (experimentIds: string[]): Promise<Map<string, number>>
  readPage (experimentId: string, filter: PageFilter): Promise<EventsPage>
}

export interface FeedOptions {
  /** how long a notification that was lost goes unnoticed */
  lookEveryMs: number
  onError: (error: unknown) => void
}

interface Shared { head: number, isGone: boolean, bells: Set<Signal> }

/** Listens to the bus for all followers of this process. */
export function createFeeds (bus: Pick<Bus, 'on'>, store: EventStore, options: FeedOptions): Feeds {
  const followed = new Map<string, Shared>()
  const pages = createPages(store.readPage)

  const unhear = bus.on('events', payload => {
    const [experimentId = '', head = ''] = payload.split(' ')
    if (experimentId === '') return lookAtAll()
    const shared = followed.get(experimentId)
    if (shared === undefined) return
    shared.head = Math.max(shared.head, Number(head))
    ring(shared)
  })
  const timer = setInterval(lookAtAll, options.lookEveryMs).unref()

  function lookAtAll (): void {
    look([...followed.keys()]).catch(options.onError)
  }

  async function look (experimentIds: string[]): Promise<void> {
    if (experimentIds.length === 0) return
    const heads = await store.readHeads(experimentIds)
    for (const id of experimentIds) {
      const shared = followed.get(id)
      if (shared === undefined) continue
      learn(shared, heads.get(id))
      ring(shared)
    }
  }

  function learn (shared: Shared, head: number | undefined): void {
    shared.isGone = head === undefined
    shared.head = Math.max(shared.head, head ?? 0)
  }

  function open (experimentId: string): Feed {
    const shared = followed.get(experimentId) ?? { head: 0, isGone: false, bells: new Set() }
    const news = createSignal()
    followed.set(experimentId, shared)
    shared.bells.add(news)
    return {
      news,
      head: () => shared.head,
      isGone: () => shared.isGone,
      async look () {
        await look([experimentId])
        return shared.head
      },
      async read (filter, after) {
        const page = await pages.read(experimentId, filter, after)
        learn(shared, page.head)
        return page
      },
      close () {
        shared.bells.delete(news)
        if (shared.bells.size === 0 && followed.get(experimentId) === shared) followed.delete(experimentId)
      }
    }
  }

  function close (): void {
    unhear()
    clearInterval(timer)
  }

  return { open, close }
}

function ring (shared: Shared): void {
  for (const bell of shared.bells) bell.give()
}
