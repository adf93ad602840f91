/** An experiment in memory behind real feeds, for tests of streams that need no database. */
import type { TestContext } from 'node:test'
import { createFeeds, type EventStore, type FeedOptions } from '../../../src/routes/stream/feeds.js'
import type { Frame } from '../../../src/storage/events.js'

export type Source = ReturnType<typeof makeSource>

/** Makes a running experiment without events: they are appended, then the bus says so. */
export function makeSource (t: TestContext, options: Partial<FeedOptions> = {}) {
  const events: Frame[] = []
  let state = 'running'
  let say: (payload: string) => void = () => {}
  const store: EventStore = {
    readHeads: async () => new Map(state === 'deleted' ? [] : [['e', events.length]]),
    async readPage (_id, { after, limit, types, trialId }) {
      if (state === 'deleted') return { frames: [], head: undefined, upTo: after }
      const frames = events
        .filter(event => event.seq > after && (types?.includes(event.type) ?? true))
        .filter(event => trialId === undefined || event.trialId === null || event.trialId === trialId).slice(0, limit)
      return { frames, head: events.length, upTo: frames.length === limit ? frames.at(-1)!.seq : Math.max(after, events.length) }
    }
  }
  const bus = { on: (_channel: string, listener: (payload: string) => void) => { say = listener; return () => {} } }
  const counted = { reads: 0, looks: 0 }
  const feeds = createFeeds(bus, {
    readHeads: async ids => {
      counted.looks++
      return await store.readHeads(ids)
    },
    readPage: async (id, filter) => {
      counted.reads++
      return await store.readPage(id, filter)
    }
  }, { lookEveryMs: 15_000, onError: error => { throw error }, ...options })
  t.after(() => { feeds.close() })

  /** Appends without a word, as when the notification is lost. */
  function write (...added: { type: string, trialId?: string | null, data?: Record<string, unknown> }[]): void {
    for (const { type, trialId = 't', data = {} } of added) events.push({ seq: events.length + 1, at: '', trialId, type, data })
  }
  function append (...added: Parameters<typeof write>): void {
    write(...added)
    say(`e ${events.length}`)
  }
  function end (final = 'succeeded'): void {
    state = final
    if (final !== 'deleted') append({ type: 'state', trialId: null, data: { state: final } })
  }
  return {
    feeds,
    store,
    counted,
    append,
    write,
    end,
    brief: async () => ({ id: 'e', kind: 'k', name: 'n', state }),
    /** what the bus says when its connection is back */
    reconnect: () => { say('') },
    metrics: (count: number) => { append(...Array.from({ length: count }, () => ({ type: 'metrics' }))) }
  }
}
