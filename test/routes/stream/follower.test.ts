/** The rules of a stream, without sockets or a database: what is sent, in which order, and what a slow client misses. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { StreamNotice } from '../../../src/routes/schemas/events.js'
import { follow, type FollowOptions, type Follower } from '../../../src/routes/stream/follower.js'
import { createOutlet, type Outlet } from '../../../src/routes/stream/outlets.js'
import { createSignal } from '../../../src/routes/stream/signal.js'
import type { Frame } from '../../../src/storage/events.js'
import { makeSource, type Source } from './source.js'

type Sent = Frame | StreamNotice

/** A client that keeps what it gets, and stops reading when it is told to; its outlet is the real one. */
function makeClient () {
  const sent: Sent[] = []
  const looked = createSignal()
  const changed = createSignal()
  let unread = 0
  let isReading = true
  let ended: boolean | 'cut' | undefined
  const outlet = createOutlet({
    isOpen: () => ended === undefined,
    waiting: () => unread,
    write (line) {
      if (!isReading) unread += line.json.length
      sent.push(JSON.parse(line.json.toString()) as Sent)
      looked.give()
    },
    cork () {},
    uncork () {},
    close: complete => { ended = complete },
    cut: () => { ended = 'cut' }
  }, changed, { highWaterBytes: 1 })
  let isAwaited = false
  return {
    outlet: {
      ...outlet,
      async drained () {
        isAwaited = true
        looked.give()
        await outlet.drained()
        isAwaited = false
      }
    },
    /** Resolves when the follower waits for this client. */
    async held () {
      while (!isAwaited) await looked.wait()
    },
    sent,
    seqs: () => sent.flatMap(frame => 'data' in frame ? [frame.seq] : []),
    notices: () => sent.filter((frame): frame is StreamNotice => !('data' in frame)),
    ended: () => ended,
    stopReading () { isReading = false },
    readOn () {
      isReading = true
      unread = 0
      changed.give()
    },
    /** Waits until what was sent is as wanted. */
    async until (wanted: () => boolean): Promise<void> {
      while (!wanted()) await looked.wait()
    }
  }
}

function start (t: TestContext, { feeds, brief }: Source, outlet: Outlet, options: Partial<FollowOptions> = {}): Follower {
  const follower = follow(feeds.open('e'), outlet, { after: 0, brief, onError: error => { throw error }, ...options })
  t.after(() => { follower.stop() })
  return follower
}

function isSkipped (frame: Sent): frame is Extract<StreamNotice, { type: 'skipped' }> {
  return frame.type === 'skipped'
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('follow: hello, everything after the cursor, live, end', async t => {
  const source = makeSource(t)
  const { append, end, metrics } = source
  const client = makeClient()
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
})

test('follow: a client that comes after the end gets the rest and the end', async t => {
  const source = makeSource(t)
  const { end, metrics } = source
  metrics(5)
  end('failed')
  for (const after of [0, 5, 6]) {
    const client = makeClient()
    await start(t, source, client.outlet, { after }).ended
    assert.deepEqual(client.seqs(), range(after + 1, 6))
    assert.deepEqual(client.notices().map(notice => notice.type), ['hello', 'end'])
  }
})

test('follow: types and trial choose among the events, and the end comes all the same', async t => {
  const source = makeSource(t)
  const { append, end } = source
  append({ type: 'metrics', trialId: 'a' }, { type: 'metrics', trialId: 'b' }, { type: 'checkpoint', trialId: 'a' }, { type: 'state', trialId: 'a' })
  const client = makeClient()
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
  const source = makeSource(t)
  const { metrics } = source
  const client = makeClient()
  metrics(5000)
  client.stopReading()
  start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1)
  assert.equal(source.counted.reads, 0)
  client.readOn()
  await client.until(() => client.seqs().length === 5000)
  assert.deepEqual(client.seqs(), range(1, 5000), 'what was there when the client came is never left out, however slow it is')
})

test('follow: a client too slow for what is live misses metrics and progress, and nothing else', async t => {
  const source = makeSource(t)
  const { append, end, metrics } = source
  const client = makeClient()
  metrics(10)
  const follower = start(t, source, client.outlet, { maxLag: 100 })
  await client.until(() => client.seqs().length === 10)
  client.stopReading()
  append({ type: 'metrics' }) // 11: sent, then the client is full
  await client.until(() => client.seqs().length === 11)
  metrics(700) // 12 .. 711
  append({ type: 'checkpoint' }, { type: 'state' }, { type: 'progress' }, { type: 'report', trialId: null }) // 712 .. 715
  metrics(50) // 716 .. 765
  await client.held()
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
  const source = makeSource(t)
  const { append, metrics } = source
  const client = makeClient()
  start(t, source, client.outlet, { maxLag: 100, types: ['log', 'checkpoint'] })
  await client.until(() => client.sent.length === 1)
  client.stopReading()
  append({ type: 'log' })
  await client.until(() => client.seqs().length === 1)
  metrics(500)
  append({ type: 'checkpoint' })
  await client.held()
  client.readOn()
  await client.until(() => client.seqs().includes(502))
  assert.deepEqual(client.sent.slice(1).map(frame => frame.type), ['log', 'checkpoint'])
})

test('follow: a quiet stream says where it is after headEveryMs, and not only after twice that', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const source = makeSource(t)
  const client = makeClient()
  start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1) // hello, at time 0
  t.mock.timers.tick(14_999)
  assert.equal(client.sent.length, 1)
  t.mock.timers.tick(1)
  assert.deepEqual(client.sent[1], { type: 'head', seq: 0 })
  t.mock.timers.tick(15_000)
  assert.deepEqual(client.notices().map(notice => notice.type), ['hello', 'head', 'head'])
})

test('follow: no head is sent to a client that does not read, and it gets the rest when it reads on', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const source = makeSource(t)
  const client = makeClient()
  source.metrics(1200)
  client.stopReading()
  start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1)
  await client.held()
  for (let i = 0; i < 5; i++) t.mock.timers.tick(15_000)
  client.readOn()
  await client.until(() => client.seqs().length === 1200)
  assert.deepEqual(client.notices().map(notice => notice.type), ['hello'])
})

test('follow: what a lost notification told of comes with the next look', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const source = makeSource(t)
  const client = makeClient()
  start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1)
  source.write({ type: 'metrics' }, { type: 'metrics' })
  t.mock.timers.tick(15_000)
  await client.until(() => client.seqs().length === 2)
  source.write({ type: 'metrics' })
  source.reconnect()
  await client.until(() => client.seqs().length === 3)
})

test('follow: an experiment that is deleted ends its streams', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const source = makeSource(t)
  const { end, metrics } = source
  const client = makeClient()
  metrics(1)
  const follower = start(t, source, client.outlet)
  await client.until(() => client.seqs().length === 1)
  end('deleted')
  t.mock.timers.tick(15_000)
  await follower.ended
  assert.deepEqual(client.sent.at(-1), { type: 'end', state: 'deleted' })
})

test('follow: goes on where it was after the database was away', async t => {
  const errors: unknown[] = []
  const source = makeSource(t)
  const client = makeClient()
  const failed = createSignal()
  start(t, source, client.outlet, {
    onError: error => {
      errors.push(error)
      failed.give()
    }
  })
  await client.until(() => client.sent.length === 1)
  const { readPage } = source.store
  source.store.readPage = async () => { throw new Error('the database is away') }
  source.metrics(3)
  while (errors.length === 0) await failed.wait()
  source.store.readPage = readPage
  source.reconnect()
  await client.until(() => client.seqs().length === 3)
  source.metrics(1)
  await client.until(() => client.seqs().length === 4)
  assert.deepEqual(client.seqs(), [1, 2, 3, 4])
  assert.equal(errors.length, 1)
})

test('follow: many who follow one experiment make one read when its bell rings, and one look by the clock', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const source = makeSource(t)
  const clients = Array.from({ length: 100 }, () => makeClient())
  source.metrics(1200)
  for (const client of clients) start(t, source, client.outlet, { types: ['metrics'] })
  for (const client of clients) await client.until(() => client.seqs().length === 1200)
  const pages = source.counted.reads
  assert.ok(pages <= 4, `1,200 events are three pages and an empty one, got ${pages} reads`)
  for (let i = 1; i <= 10; i++) {
    source.metrics(1)
    for (const client of clients) await client.until(() => client.seqs().length === 1200 + i)
  }
  assert.ok(source.counted.reads - pages <= 20, `10 rings, got ${source.counted.reads - pages} reads`)
  const before = source.counted.looks
  t.mock.timers.tick(15_000)
  assert.equal(source.counted.looks - before, 1)
  for (const client of clients) assert.deepEqual(client.seqs(), range(1, 1210))
})

test('follow: a client that joins late and one that was held up share the pages of the others again', async t => {
  const source = makeSource(t)
  const [early, slow, late] = [makeClient(), makeClient(), makeClient()]
  start(t, source, early.outlet)
  start(t, source, slow.outlet)
  await slow.until(() => slow.sent.length === 1)
  slow.stopReading()
  source.metrics(30)
  await early.until(() => early.seqs().length === 30)
  await slow.held()
  slow.readOn()
  await slow.until(() => slow.seqs().length === 30)
  start(t, source, late.outlet, { after: 30 })
  await late.until(() => late.sent.length === 1)
  const before = source.counted.reads
  source.metrics(1)
  for (const client of [early, slow, late]) await client.until(() => client.seqs().at(-1) === 31)
  assert.ok(source.counted.reads - before <= 2, `${source.counted.reads - before} reads for three clients`)
  assert.deepEqual([early.seqs(), slow.seqs(), late.seqs()], [range(1, 31), range(1, 31), [31]])
})

test('follow: stop ends the connection so that the client comes back', async t => {
  const source = makeSource(t)
  const { metrics } = source
  const client = makeClient()
  client.stopReading()
  metrics(3)
  const follower = start(t, source, client.outlet)
  await client.until(() => client.sent.length === 1)
  follower.stop()
  await follower.ended
  assert.equal(client.ended(), 'cut', 'nobody waits for one who does not read')
})
