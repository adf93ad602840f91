/**
 * Gathers rows of a data set in shared memory ahead of time, in a thread of its own. Whoever wants the rows waits only
 * for a gathering that has begun; one that the thread has not yet taken up is taken back and done at once.
 */
import { Worker } from 'node:worker_threads'
import type { FieldArray } from '../datasets/dataset.js'

/** Rows of a data set, in the type in which it is stored. */
export type Rows = FieldArray

export interface GatherTask {
  source: Rows
  /** values per row */
  width: number
  /** [state, number of indices] */
  control: Int32Array
  indices: Int32Array
  /** where the rows go */
  slot: Rows
}

export interface Gatherer {
  /** Asks for rows in advance, in place of what was asked before and not taken. */
  request (indices: Int32Array): void
  /** @returns the rows, in memory that the next request overwrites */
  take (indices: Int32Array): Rows
  close (): void
}

const state = 0
const count = 1
const idle = 0
const requested = 1
const working = 2
const ready = 3
const closed = 4

/** Copies rows. @param indices  positions of rows in source @param target  at least indices.length · width values */
export function gatherRowsInto (source: Rows, width: number, indices: Int32Array, target: Rows): void {
  for (let i = 0; i < indices.length; i++) {
    const at = indices[i]! * width
    target.set(source.subarray(at, at + width), i * width)
  }
}

/** Copies rows into a new array of the same type. */
export function takeRows (source: Rows, width: number, indices: Int32Array): Rows {
  const rows = new (typeOf(source))(indices.length * width)
  if (width > 1) gatherRowsInto(source, width, indices, rows)
  else for (let i = 0; i < indices.length; i++) rows[i] = source[indices[i]!]!
  return rows
}

/**
 * Makes a gatherer of up to `rows` rows at a time. Only a source in shared memory has a thread: another one would have
 * to be copied to it.
 */
export function openGatherer (source: Rows, width: number, rows: number): Gatherer {
  const isShared = source.buffer instanceof SharedArrayBuffer
  const slot = allocate(source, rows * width, isShared)
  if (!isShared) {
    return {
      request () {},
      take (indices) {
        gatherRowsInto(source, width, indices, slot)
        return slot
      },
      close () {}
    }
  }
  const control = new Int32Array(new SharedArrayBuffer(8))
  const wanted = new Int32Array(new SharedArrayBuffer(4 * rows))
  const task: GatherTask = { source, width, control, indices: wanted, slot }
  const worker = new Worker(new URL('./gather-thread.js', import.meta.url), { workerData: task })
  worker.unref()

  /** Afterwards the thread has no work. @returns whether it had finished some */
  function settle (): boolean {
    if (Atomics.compareExchange(control, state, requested, idle) === requested) return false
    while (Atomics.load(control, state) === working) Atomics.wait(control, state, working)
    return Atomics.compareExchange(control, state, ready, idle) === ready
  }

  return {
    request (indices) {
      settle()
      wanted.set(indices)
      control[count] = indices.length
      Atomics.store(control, state, requested)
      Atomics.notify(control, state)
    },
    take (indices) {
      const isDone = settle() && control[count] === indices.length && indices.every((index, i) => index === wanted[i])
      if (!isDone) gatherRowsInto(source, width, indices, slot)
      return slot
    },
    close () {
      settle()
      Atomics.store(control, state, closed)
      Atomics.notify(control, state)
    }
  }
}

/** The thread's side: works until the gatherer is closed. */
export function serve ({ control, indices }: Pick<GatherTask, 'control' | 'indices'>, gather: (indices: Int32Array) => void): void {
  for (;;) {
    const now = Atomics.load(control, state)
    if (now === closed) return
    if (Atomics.compareExchange(control, state, requested, working) === requested) {
      gather(indices.subarray(0, control[count]))
      Atomics.store(control, state, ready)
      Atomics.notify(control, state)
    } else {
      Atomics.wait(control, state, now)
    }
  }
}

function allocate (like: Rows, length: number, isShared: boolean): Rows {
  const bytes = length * like.BYTES_PER_ELEMENT
  const memory = (isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)) as ArrayBuffer // both are taken
  return new (typeOf(like))(memory)
}

function typeOf (rows: Rows) {
  if (rows instanceof Uint8Array) return Uint8Array
  return rows instanceof Int32Array ? Int32Array : Float32Array
}
