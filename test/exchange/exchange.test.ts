/** What workers tell each other, by one thread and by several at the same time: whole, in order, and past threads that are killed. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { makeGatherRoom, openGather } from '../../src/exchange/gather.js'
import { makeNoticeboardRoom, openNoticeboard, type NoticeboardRoom } from '../../src/exchange/noticeboard.js'
import { createCrewWords } from '../../src/jobs/crew.js'
import type { Task } from './exchange-work.js'

const timeout = 120_000
const shared = (length: number): Float32Array<SharedArrayBuffer> => new Float32Array(new SharedArrayBuffer(4 * length))
const own = (length: number): Float64Array => new Float64Array(length)

interface Thread { answer: Promise<unknown>, kill: () => Promise<void> }

/** Starts threads at their work, and the words that they meet by. */
function openThreads (t: TestContext, works: Task['work'][], given: Pick<Task, 'rounds' | 'gather' | 'board'>) {
  const lost = new Int32Array(new SharedArrayBuffer(4 * works.length))
  const reached = new Int32Array(new SharedArrayBuffer(4 * works.length))
  const threads = works.map((work, thread): Thread => {
    const task: Task = { work, thread, threads: works.length, lost, reached, ...given }
    const worker = new Worker(new URL('./exchange-work.js', import.meta.url), { workerData: task })
    t.after(async () => { await worker.terminate() })
    return {
      answer: new Promise((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
      }),
      async kill () {
        await worker.terminate()
        Atomics.store(lost, thread, 1)
      }
    }
  })
  const answers = async (): Promise<unknown[]> => await Promise.all(threads.map(async ({ answer }) => await answer))
  return { threads, lost, answers }
}

test('gather: a thread alone sees what all have told, by worker, until it meets again', () => {
  const gather = openGather(makeGatherRoom(own, { workers: 2, size: 2, composed: 0 }))
  const state = Float64Array.of(1, 2)
  gather.tell(0, { state, loss: 5 })
  gather.tell(1, { state: Float64Array.of(3, 4), loss: 6 })
  state.fill(9)
  const first = gather.meet()
  const seen = [{ state: Float64Array.of(1, 2), loss: 5 }, { state: Float64Array.of(3, 4), loss: 6 }]
  assert.deepEqual(first, seen)
  gather.tell(0, { state, loss: 7 })
  gather.tell(1, { state, loss: 8 })
  assert.deepEqual(first, seen, 'what is told for the next time')
  assert.deepEqual(gather.meet(), [{ state, loss: 7 }, { state, loss: 8 }])
})

test('gather: a state of another size, or of a worker that is none, is refused', () => {
  const gather = openGather(makeGatherRoom(own, { workers: 2, size: 2, composed: 0 }))
  for (const length of [1, 3]) assert.throws(() => { gather.tell(0, { state: own(length), loss: 0 }) }, /a state must have 2 numbers/)
  for (const worker of [-1, 2]) assert.throws(() => { gather.tell(worker, { state: own(2), loss: 0 }) }, /worker must be 0 \.\. 1/)
})

test('gather: a thread alone composes the whole, which stays until the next but one', () => {
  const gather = openGather(makeGatherRoom(own, { workers: 1, size: 1, composed: 3 }))
  const composeWith = (value: number) => gather.compose((part, from) => { part.forEach((_, i) => { part[i] = value + from + i }) })
  const [first, second] = [composeWith(10), composeWith(20)]
  assert.deepEqual([first, second], [Float64Array.of(10, 11, 12), Float64Array.of(20, 21, 22)])
  composeWith(30)
  assert.deepEqual([first[0], second[0]], [30, 20])
})

test('gather: threads see every exchange whole, and what they compose, also when the others have told for the next one', { timeout }, async t => {
  const { answers } = openThreads(t, ['gathers', 'gathers', 'gathers'], {
    rounds: 300, gather: { room: makeGatherRoom(shared, { workers: 5, size: 50, composed: 100 }), words: createCrewWords() }
  })
  assert.deepEqual(await answers(), new Array(3).fill({ wrong: 0 }))
})

test('noticeboard: a thread alone reads what was told last, shares, and counts', () => {
  const board = openNoticeboard(makeNoticeboardRoom(own, { workers: 2, size: 3, shared: 2 }))
  assert.equal(board.read(1, own(3)), undefined)
  for (const loss of [1, 2, 3]) {
    board.tell(1, { state: own(3).fill(loss), loss })
    const whole = own(3)
    assert.equal(board.read(1, whole), loss)
    assert.deepEqual(whole, own(3).fill(loss))
  }
  const first = own(2)
  board.read(1, first)
  assert.deepEqual(first, own(2).fill(3), 'the first numbers of a state')
  assert.equal(board.read(0, own(3)), undefined)

  assert.equal(board.share(centre => { centre.set([1, 2]); return 'done' }), 'done')
  assert.throws(() => board.share(centre => { centre.fill(9); throw new Error('no') }), /no/)
  assert.deepEqual(board.share(centre => centre.slice()), Float64Array.of(1, 2), 'who throws has changed nothing')
  assert.throws(() => board.share(() => board.share(() => {})), /must not be called from its own change/)
  board.share(centre => { centre.fill(4) })
  assert.deepEqual(board.share(centre => centre.slice()), own(2).fill(4))

  assert.deepEqual([board.count(2), board.count(0), board.count(5)], [2, 2, 7])
})

const openBoard = (given: { workers?: number, size?: number, shared?: number } = {}): NoticeboardRoom =>
  makeNoticeboardRoom(shared, { workers: 1, size: 1, shared: 1, ...given })

test('noticeboard: what is read while others tell is whole, and never older than what was read before', { timeout }, async t => {
  const { answers } = openThreads(t, ['tells', 'tells', 'reads'], { rounds: 4000, board: openBoard({ workers: 4, size: 5000 }) })
  const [, , seen] = await answers()
  // Worker 2 is the reader's own, which tells nothing.
  assert.deepEqual(seen, { torn: 0, backwards: 0, last: [4000, 4000, 0, 4000], reads: true })
})

test('noticeboard: one at a time changes what all share', { timeout }, async t => {
  const board = openBoard({ shared: 2000 })
  const { answers } = openThreads(t, ['shares', 'shares', 'shares'], { rounds: 500, board })
  assert.deepEqual(await answers(), new Array(3).fill({ wrong: 0 }))
  assert.deepEqual(openNoticeboard(board).share(centre => centre.slice()), new Float32Array(2000).fill(1500))
})

test('noticeboard: a count gives every thread numbers of its own', { timeout }, async t => {
  const { answers } = openThreads(t, ['counts', 'counts'], { rounds: 5000, board: openBoard() })
  const all = (await answers() as number[][]).flat().sort((a, b) => a - b)
  assert.deepEqual(all, Array.from({ length: 10_000 }, (_, i) => 3 * (i + 1)))
})

test('noticeboard: a thread that is killed as it changes what all share has changed nothing, and others get it', { timeout }, async t => {
  const board = openBoard({ shared: 8 })
  openNoticeboard(board).share(centre => { centre.fill(5) })
  const dying = openThreads(t, ['diesSharing', 'shares'], { rounds: 1, board })
  assert.equal(await dying.threads[0]!.answer, 'waits')
  await dying.threads[0]!.kill()
  assert.deepEqual(await dying.threads[1]!.answer, { wrong: 0 })
  const isLost = (thread: number): boolean => dying.lost[thread] === 1
  assert.deepEqual(openNoticeboard(board, { thread: 2, isLost }).share(centre => centre.slice()), new Float32Array(8).fill(6))
})

test('noticeboard: of a thread that is killed as it tells, what it had told before is read', { timeout }, async t => {
  const board = openBoard({ size: 8 })
  const { threads } = openThreads(t, ['diesTelling'], { rounds: 1, board })
  assert.equal(await threads[0]!.answer, 'waits')
  await threads[0]!.kill()
  const into = new Float32Array(8)
  assert.equal(openNoticeboard(board).read(0, into), 1)
  assert.deepEqual(into, new Float32Array(8).fill(1))
})
