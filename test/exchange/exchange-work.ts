/** What threads of the exchange's tests do. Each answers with what it found, or that it waits for its death. */
import assert from 'node:assert/strict'
import { parentPort, workerData } from 'node:worker_threads'
import { openGather, type GatherRoom } from '../../src/exchange/gather.js'
import { openNoticeboard, type NoticeboardRoom } from '../../src/exchange/noticeboard.js'
import { viewCrew } from '../../src/jobs/crew.js'

export interface Task {
  work: 'gathers' | 'tells' | 'reads' | 'shares' | 'counts' | 'diesSharing' | 'diesTelling'
  thread: number
  threads: number
  rounds: number
  gather?: { room: GatherRoom, words: SharedArrayBuffer }
  board?: NoticeboardRoom
  /** 1 where a thread is gone */
  lost: Int32Array
  /** handshakes: what each thread has reached */
  reached: Int32Array
}

/** What worker w tells at exchange e: every number of the state, and the loss. */
export const toldAt = (worker: number, exchange: number): number => 1000 * worker + exchange

function reach ({ reached, thread }: Task, value: number): void {
  Atomics.store(reached, thread, value)
  Atomics.notify(reached, thread)
}

function awaitReached ({ reached }: Task, thread: number, value: number): void {
  for (;;) {
    const now = Atomics.load(reached, thread)
    if (now >= value) return
    Atomics.wait(reached, thread, now)
  }
}

const works: Record<Task['work'], (task: Task) => unknown> = {
  /** Looks at what all have told and composed only when the others have told for the next exchange; then at what was composed before. */
  gathers (task) {
    const { gather: { room, words } = assert.fail(), thread, threads, rounds } = task
    const { barrier } = viewCrew(words, { size: threads, worker: thread, deadlineMs: 60_000 })
    const gather = openGather(room, { barrier, thread, threads })
    const { workers, size } = room.room
    const tell = (exchange: number): void => {
      for (let worker = thread; worker < workers; worker += threads) {
        const value = toldAt(worker, exchange)
        gather.tell(worker, { state: new Float32Array(size).fill(value), loss: value })
      }
      reach(task, exchange + 1)
    }
    /** Number i of what is composed: the sum of what all have told, and i. */
    const isComposed = (whole: Float32Array | Float64Array, exchange: number): boolean => {
      const sum = Array.from({ length: workers }, (_, worker) => toldAt(worker, exchange)).reduce((a, b) => a + b)
      return whole.every((number, i) => number === sum + i)
    }
    let wrong = 0
    let before: Float32Array | Float64Array | undefined
    tell(0)
    for (let exchange = 0; exchange < rounds; exchange++) {
      const told = gather.meet()
      const whole = gather.compose((part, from) => {
        for (let i = 0; i < part.length; i++) part[i] = told.reduce((sum, { state }) => sum + state[0]!, 0) + from + i
      })
      if (exchange + 1 < rounds) tell(exchange + 1)
      if (exchange + 1 < rounds) for (let other = 0; other < threads; other++) awaitReached(task, other, exchange + 2)
      told.forEach(({ state, loss }, worker) => {
        const value = toldAt(worker, exchange)
        if (loss !== value || state.some(number => number !== value)) wrong++
      })
      if (!isComposed(whole, exchange) || (before && !isComposed(before, exchange - 1))) wrong++
      before = whole
    }
    return { wrong }
  },

  /** Begins when the reader is there. */
  tells (task) {
    const { board: memory = assert.fail(), thread, threads, rounds, lost } = task
    const board = openNoticeboard(memory, { thread, isLost: other => lost[other] === 1 })
    const state = new Float32Array(memory.room.size)
    awaitReached(task, threads - 1, 1)
    for (let round = 1; round <= rounds; round++) {
      for (let worker = thread; worker < board.workers; worker += threads) board.tell(worker, { state: state.fill(round), loss: round })
    }
    reach(task, 1)
  },

  /** The last thread reads everybody until all others, who wait for it, have told everything. */
  reads (task) {
    const { board: memory = assert.fail(), thread, threads, lost, reached } = task
    const board = openNoticeboard(memory, { thread, isLost: other => lost[other] === 1 })
    const into = new Float32Array(memory.room.size)
    let [torn, backwards, reads] = [0, 0, 0]
    const last = new Float64Array(board.workers)
    reach(task, 1)
    const areDone = (): boolean => Array.from({ length: threads }, (_, other) => other === thread || reached[other] === 1).every(Boolean)
    for (let done = false; !done;) {
      done = areDone()
      for (let worker = 0; worker < board.workers; worker++) {
        const loss = board.read(worker, into)
        if (loss === undefined) continue
        reads++
        if (into.some(number => number !== loss)) torn++
        if (loss < last[worker]!) backwards++
        last[worker] = loss
      }
    }
    return { torn, backwards, last: [...last], reads: reads > 0 }
  },

  shares ({ board: memory = assert.fail(), thread, rounds, lost }) {
    const board = openNoticeboard(memory, { thread, isLost: other => lost[other] === 1 })
    let wrong = 0
    for (let round = 0; round < rounds; round++) {
      board.share(shared => {
        if (shared.some(number => number !== shared[0])) wrong++
        for (let i = 0; i < shared.length; i++) shared[i]!++
      })
    }
    return { wrong }
  },

  counts ({ board: memory = assert.fail(), thread, rounds, lost }) {
    const board = openNoticeboard(memory, { thread, isLost: other => lost[other] === 1 })
    return Array.from({ length: rounds }, () => board.count(3))
  },

  /** Ends, by force, in the middle of a change. */
  diesSharing ({ board: memory = assert.fail(), thread }) {
    openNoticeboard(memory, { thread, isLost: () => false }).share(shared => {
      shared.fill(-1, 0, shared.length / 2)
      waitForDeath()
    })
  },

  /** Ends, by force, when half of its state is told. */
  diesTelling ({ board: memory = assert.fail(), thread }) {
    const { size } = memory.room
    const board = openNoticeboard(memory, { thread, isLost: () => false })
    board.tell(0, { state: new Float32Array(size).fill(1), loss: 1 })
    // Copied number by number, and the one in the middle takes for ever.
    const state = Object.defineProperty(new Array<number>(size).fill(2), size / 2, { get: () => { waitForDeath() } })
    board.tell(0, { state: state as unknown as Float32Array, loss: 2 })
  }
}

function waitForDeath (): void {
  parentPort!.postMessage('waits')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const task = workerData as Task
parentPort!.postMessage(works[task.work](task))
