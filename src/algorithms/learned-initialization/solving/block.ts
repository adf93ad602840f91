/** The rows that a crew works on at a time, in memory that all of it sees. Next hop: share.ts. */
import type { NamedArrays } from '../../../math/arrays.js'
import { restoreRows, saveRows, stateRows, type BatchState } from '../../../optimizers/batched/state.js'
import type { Family, Instances } from '../families/family.js'
import type { SolverSpec } from '../solver-spec.js'
import { createOrders, type OrderMemory } from './orders.js'
import { curveSteps } from './solving.js'

/** Numbers that a thread touches between two boundaries: some tens of milliseconds of work. */
export const WORK = 2 ** 24
/** Rows of one thread that stay in its cache for all their steps. */
const MOST_ROWS = 256
/** Numbers that a row costs at least, whatever it has. */
const LEAST_COST = 32

/** Plain objects and typed arrays. */
export interface Block {
  /** rows that there is room for */
  capacity: number
  order: OrderMemory
  /** [capacity, instanceSize] */
  instances: Float64Array
  /** [capacity, size] */
  starts: Float64Array
  /** values at the starts, [capacity] */
  initials: Float64Array
  state: BatchState
  /** [points, capacity] */
  curve: Float64Array
}

/** What a step of a row costs, in numbers that are touched. */
export function costOf ({ instanceSize }: Pick<Family, 'instanceSize'>, solver: SolverSpec): number {
  const queries = solver.type === 'zeroth-order' ? solver.samples + 1 : solver.type === 'fista' ? 2 : 1
  return Math.max(instanceSize, LEAST_COST) * queries
}

/** Makes the block of a crew. */
export function createBlock (family: Pick<Family, 'instanceSize' | 'size'>, solver: SolverSpec, threads: number): Block {
  const capacity = threads * Math.max(1, Math.min(MOST_ROWS, Math.floor(WORK / costOf(family, solver))))
  const memory = (bytes: number): ArrayBufferLike => threads > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
  const numbers = (count: number): Float64Array => new Float64Array(memory(count * 8))
  return {
    capacity,
    order: createOrders(memory),
    instances: numbers(capacity * family.instanceSize),
    starts: numbers(capacity * family.size),
    initials: numbers(capacity),
    state: stateRows(capacity, family.size, memory),
    curve: numbers(capacity * curveSteps(solver.steps).length)
  }
}

/** Copies rows into the block: of each its instance, and its start. */
export function fillBlock (
  block: Block, { first, count, runs, size, instanceSize }: Record<'first' | 'count' | 'runs' | 'size' | 'instanceSize', number>,
  instances: Instances, starts: Float64Array
): void {
  if (count > block.capacity) throw new Error(`A block has room for ${block.capacity} rows, got ${count}: it was saved by a larger crew`)
  for (let row = 0; row < count; row++) {
    const i = Math.floor((first + row) / runs)
    block.instances.set(instances.data.subarray(i * instanceSize, (i + 1) * instanceSize), row * instanceSize)
  }
  block.starts.set(starts.subarray(first * size, (first + count) * size))
}

export function haveStopped ({ state: { reasons } }: Block, count: number): boolean {
  return reasons.subarray(0, count).every(reason => reason !== 0)
}

/** Copies of what its rows have come to. @param hasCurve whether points of the curve are wanted */
export function saveBlock ({ state, initials, curve, capacity }: Block, count: number, hasCurve: boolean): NamedArrays {
  const points = hasCurve ? curve.length / capacity : 0
  const data = new Float64Array(points * count)
  for (let point = 0; point < points; point++) data.set(curve.subarray(point * capacity, point * capacity + count), point * count)
  return {
    ...saveRows(state, 0, count),
    initials: { shape: [count], data: initials.slice(0, count) },
    curve: { shape: [points, count], data }
  }
}

export function restoreBlock ({ state, initials, curve, capacity }: Block, saved: NamedArrays): void {
  restoreRows(state, saved)
  initials.set(saved['initials']!.data)
  const { shape: [points = 0, count = 0], data } = saved['curve']!
  for (let point = 0; point < points; point++) curve.set(data.subarray(point * count, (point + 1) * count), point * capacity)
}
