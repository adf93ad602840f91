/** The rules of a stream, without sockets or a database: what is sent, in which order, and what a slow client misses. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { AppError } from '../../../src/errors.js'
import type { StreamNotice } from '../../../src/routes/schemas/events.js'
import type { Ring } from '../../../src/routes/stream/doorbell.js'
import { follow, type EventSource, type FollowOptions, type Follower, type Outlet } from '../../../src/routes/stream/follower.js'
import type { Frame } from '../../../src/storage/events.js'

type Sent = Frame | StreamNotice

/** An experiment in memory: events are appended, then the bell rings. */
function makeSource () {
  const events: Frame[] = []
  const rings = new Set<Ring>()
  let state = 'running'
  const source: EventSource & { reads: number } = {
    reads: 0,
    onNews (ring) {
      rings.add(ring)
      return () => { rings.delete(ring) }
    },
    head: async () => events.length,
    async read ({ after, limit, types }) {
      source.reads++
      return events.filter(event => event.seq > after && (types?.includes(event.type) ?? true)).slice(0, limit)
    },
    async brief () {
      if (state === 'deleted') throw new AppError('not_found', 'experiment e')
      return { id: 'e', kind: 'k', name: 'n', state }
    },
    mayRead: async () => true
  }
  function append (...added: { type: string, trialId?: string | null, data?: Record<string, unknown> }[]): void {
    for (const { type, trialId = 't', data = {} } of added) events.push({ seq: events.length + 1, at: '', trialId, type, data })
    for (const ring of rings) ring(events.length)
  }
  function end (final = 'succeeded'): void {
    state = final
    if (final !== 'deleted') append({ type: 'state', trialId: null, data: { state: final } })
  }
  return { source, append, end, rings, metrics: (count: number) => { append(...Array.from({ length: count }, () => ({ type: 'metrics' }))) } }
}

/** A client that keeps what it gets, and stops reading when it is told to. */
function makeOutlet () {
  const sent: Sent[] = []
  const waiting: (() => void)[] = []
  let isFull = false
  let ended: boolean | undefined
  const outlet: Outlet = {
    send (frame) {
      sent.push(frame)
      for (const look of waiting.splice(0)) look()
      return !isFull
    },
    drained: async () => { while (isFull && ended === undefined) await new Promise<void>(resolve => { release = resolve }) },
    end (complete) {
      ended = complete
      release()
    }
  }
  let release = (): void => {}
  return {
    outlet,
    sent,
    seqs: () => sent.flatMap(frame => 'data' in frame ? [frame.seq] : []),
    notices: () => sent.filter((frame): frame is StreamNotice => !('data' in frame)),
    ended: () => ended,
    stopReading () { isFull = true },
    readOn () {
      isFull = false
      release()
    },
    /** Waits until what was sent is as wanted. */
    async until (wanted: () => boolean): Promise<void> {
      while (!wanted()) await new Promise<void>(resolve => { waiting.push(resolve) })
    }
  }
}

function start (t: TestContext, source: EventSource, outlet: Outlet, options: Partial<FollowOptions> = {}): Follower {
  const follower = follow(source, outlet, { after: 0, onError: error => { throw error }, ...options })
  t.after(() => { follower.stop() })
  return follower
}

function isSkipped (frame: Sent): frame is Extract<StreamNotice, { type: 'skipped' }> {
  return frame.type === 'skipped'
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('follow: hello, everything after the cursor, live, end', async t => {
  const { source, append, end, metrics, rings } = makeSource()
  const client = makeOutlet()
  metrics(1200) // more than two reads
  const follower = start(t, source, client.outlet, { after: 3 })
  await client.until(() => client.seqs().length === 1197)
  append({ type: 'checkpoint' }, { type: 'log' })
  await client.until(() => client.seqs().length === 1199)
  end()
  await follower.ended
  assert.deepEqual(client.sent[0], { type: 'hello', headSeq: 1200, experiment: { id: 'e', kind: 'k', name: 'n', state: 'running' } })
  assert.deepEqual(client.seqs(), range(4, 1203))
  assert.deepEqual(client.sent.at(-1), { type: 'end', state: 'succeeded' })
  assert.equal(client.ended(), true)
  assert.equal(rings.size, 0, 'it no longer listens')
})

test('follow: a client that comes after the end gets the rest and the end', async t => {
  const { source, end, metrics } = makeSource()
  metrics(5)
  end('failed')
  for (const after of [0, 5, 6, 99]) {
    const client = makeOutlet()
    await start(t, source, client.outlet, { after }).ended
    assert.deepEqual(client.seqs(), range(after + 1, 6))
    assert.deepEqual(client.notices().map(notice => notice.type), ['hello', 'end'])
  }
})

test('follow: types and trial choose among the events, and the end comes all the same', async t => {
  const { source, append, end } = makeSource()
  append({ type: 'metrics', trialId: 'a' }, { type: 'metrics', trialId: 'b' }, { type: 'checkpoint', trialId: 'a' }, { type: 'state', trialId: 'a' })
  const client = makeOutlet()
  const follower = start(t, source, client.outlet, { types: ['metrics', 'checkpoint'], trialId: 'a' })
  await client.until(() => client.seqs().length === 2)
  append({ type: 'metrics', trialId: 'b' }, { type: 'metrics', trialId: 'a' })
  await client.until(() => client.seqs().length === 3)
  end()
  await follower.ended
  assert.deepEqual(client.seqs(), [1, 3, 6])
  assert.deepEqual(client.sent.at(-1), { type: 'end', state: 'succeeded' })
})

test('follow: nothing is read while the client does not read', async t => {
  const { source, metrics } = makeSource()
  const client = makeOutlet()
  metrics(5000)
  client.stopReading()
  start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1)
  assert.equal(source.reads, 0)
  client.readOn()
  await client.until(() => client.seqs().length === 5000)
  assert.deepEqual(client.seqs(), range(1, 5000), 'what was there when the client came is never left out, however slow it is')
})

test('follow: a client too slow for what is live misses metrics and progress, and nothing else', async t => {
  const { source, append, end, metrics } = makeSource()
  const client = makeOutlet()
  metrics(10)
  const follower = start(t, source, client.outlet, { mostBehind: 100 })
  await client.until(() => client.seqs().length === 10)
  client.stopReading()
  append({ type: 'metrics' }) // 11: sent, then the client is full
  await client.until(() => client.seqs().length === 11)
  metrics(700) // 12 .. 711
  append({ type: 'checkpoint' }, { type: 'state' }, { type: 'progress' }, { type: 'report', trialId: null }) // 712 .. 715
  metrics(50) // 716 .. 765
  client.readOn()
  await client.until(() => client.sent.some(frame => isSkipped(frame) && frame.to === 765))
  append({ type: 'metrics' }) // 766: live again
  await client.until(() => client.seqs().includes(766))
  end()
  await follower.ended
  const after = client.sent.slice(12).map(frame => isSkipped(frame) ? [frame.from, frame.to] : 'data' in frame ? frame.seq : frame.type)
  assert.deepEqual(after, [[12, 711], 712, 713, [714, 714], 715, [716, 765], 766, 767, 'end'])
})

test('follow: who did not ask for metrics is not told of skipped ones', async t => {
  const { source, append, metrics } = makeSource()
  const client = makeOutlet()
  start(t, source, client.outlet, { mostBehind: 100, types: ['log', 'checkpoint'] })
  await client.until(() => client.sent.length === 1)
  client.stopReading()
  append({ type: 'log' })
  await client.until(() => client.seqs().length === 1)
  metrics(500)
  append({ type: 'checkpoint' })
  client.readOn()
  await client.until(() => client.seqs().includes(502))
  assert.deepEqual(client.sent.slice(1).map(frame => frame.type), ['log', 'checkpoint'])
})

test('follow: a quiet stream says where it is, and looks again by itself', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { source, metrics, rings } = makeSource()
  const client = makeOutlet()
  start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1)
  t.mock.timers.tick(15_000) // hello was just sent: not quiet
  t.mock.timers.tick(15_000)
  await client.until(() => client.sent.length === 2)
  assert.deepEqual(client.sent[1], { type: 'head', seq: 0 })
  const [ring] = rings
  rings.clear() // the notification of these is lost
  metrics(2)
  rings.add(ring!)
  t.mock.timers.tick(15_000)
  await client.until(() => client.seqs().length === 2)
})

test('follow: an experiment that is deleted ends its streams', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { source, end, metrics } = makeSource()
  const client = makeOutlet()
  metrics(1)
  const follower = start(t, source, client.outlet)
  await client.until(() => client.seqs().length === 1)
  end('deleted')
  t.mock.timers.tick(15_000)
  await follower.ended
  assert.deepEqual(client.sent.at(-1), { type: 'end', state: 'deleted' })
})

test('follow: goes on where it was after the database was away', async t => {
  const { source, metrics } = makeSource()
  const client = makeOutlet()
  const errors: unknown[] = []
  start(t, source, client.outlet, { onError: error => { errors.push(error) } })
  await client.until(() => client.sent.length === 1)
  const { read } = source
  const failed = new Promise<void>(resolve => {
    source.read = async () => {
      resolve()
      throw new Error('the database is away')
    }
  })
  metrics(3)
  await failed
  source.read = read
  metrics(1)
  await client.until(() => client.seqs().length === 4)
  assert.deepEqual(client.seqs(), [1, 2, 3, 4])
  assert.equal(errors.length, 1)
})

test('follow: stop ends the connection so that the client comes back', async t => {
  const { source, metrics, rings } = makeSource()
  const client = makeOutlet()
  client.stopReading()
  metrics(3)
  const follower = start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1)
  follower.stop()
  await follower.ended
  assert.equal(client.ended(), false)
  assert.equal(rings.size, 0)
})

test('follow: a client whose key was revoked is sent nothing more', async t => {
  const { source, metrics, rings } = makeSource()
  const client = makeOutlet()
  metrics(3)
  const follower = start(t, source, client.outlet, { headEveryMs: 5 })
  await client.until(() => client.seqs().length === 3)
  source.mayRead = async () => false
  await follower.ended
  metrics(3)
  assert.deepEqual(client.seqs(), [1, 2, 3])
  assert.equal(client.ended(), false)
  assert.equal(rings.size, 0)
})
