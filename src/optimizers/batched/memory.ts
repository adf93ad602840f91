/** Lays a batch out in the memory of kernels, where JavaScript sees it as arrays. */
import { borrowKernels, returnKernels } from './kernels.js'
import type { BatchSolver } from './solver.js'
import { createState, type BatchState, type Room } from './state.js'

/** Of what assembly/ describes as Batch. */
const HEAD_BYTES = 80
const NO_BUDGET = 2 ** 31 - 1

export interface BatchMemory {
  state: BatchState
  /** where the last gradients are, and the states of the step before, [count, size] */
  gradient: Float64Array
  before: Float64Array
  /** what the objective has just said, [count] */
  looked: Float64Array
  /** 1 for those that are running, [count] */
  active: Uint8Array
  /** v <- momentum v + g, theta <- theta - rate v, of the active ones */
  descend (rate: number, momentum: number): void
  /**
   * Takes the values where the active ones are now, keeps the best, and stops those whose time has come.
   * @param made    steps that were made
   * @param queries evaluations that each has taken since
   * @param next    those that a step takes
   * @returns how many have stopped
   */
  settle (made: number, queries: number, next: number): number
  close (): void
}

/** Makes it, at starts. @param starts [count, size] */
export function openMemory (count: number, size: number, solver: BatchSolver, starts: Float64Array): BatchMemory {
  const kernels = borrowKernels()
  const batch = kernels.heapBase()
  kernels.reserve(batch + bytesOf(count, size))
  const { buffer } = kernels.memory
  let free = batch + HEAD_BYTES
  const room: Room = bytes => {
    const at = free
    free = (free + bytes + 15) & ~15
    return [buffer, at]
  }
  const state = createState(count, size, starts, room)
  const before = new Float64Array(...room(count * size * 8), count * size)
  const gradient = new Float64Array(...room(count * size * 8), count * size).fill(0)
  const looked = new Float64Array(...room(count * 8), count)
  const active = new Uint8Array(...room(count), count).fill(1)

  new Float64Array(buffer, batch, 1)[0] = solver.tolerance
  const budget = solver.type === 'zeroth-order' ? solver.budget : NO_BUDGET
  const { states, values, bestStates, bestValues, motion, reasons, steps, queries } = state
  const arrays = [states, before, bestStates, motion, gradient, values, bestValues, looked, steps, queries, reasons, active]
  new Int32Array(buffer, batch + 8, 16).set([count, size, solver.steps, budget, ...arrays.map(({ byteOffset }) => byteOffset)])

  return {
    state,
    gradient,
    before,
    looked,
    active,
    descend: (rate, momentum) => { kernels.descend(batch, rate, momentum) },
    settle: (made, queries, next) => kernels.settle(batch, made, queries, next),
    close: () => { returnKernels(kernels) }
  }
}

/** Room for Batch and all arrays, a little more than they need. */
function bytesOf (count: number, size: number): number {
  const arrays = 12
  return HEAD_BYTES + count * (5 * size * 8 + 3 * 8 + 2 * 4 + 2) + 16 * arrays
}
