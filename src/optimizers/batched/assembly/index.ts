/**
 * What every step of a batch does beside evaluating (AssemblyScript, compiled to kernels.wasm by scripts/setup/build.mjs): rows
 * move down a gradient, the best of each is kept, and each stops when it is time. Rows are instances; none knows of others. All
 * pointers are bytes of the exported memory, which JavaScript lays out and grows; ../kernels.ts has the contracts.
 */

/** Written by the JavaScript side (../memory.ts). */
// @ts-ignore: decorator
@unmanaged
class Batch {
  /** an instance has converged when no number of it moves by more; 0: never */
  tolerance: f64
  count: i32
  /** numbers of a row */
  size: i32
  /** steps after which all stop */
  steps: i32
  /** evaluations that a row may take */
  budget: i32
  /** [count, size] each; before: the states of the step before, kept where there is a tolerance */
  states: usize
  before: usize
  bestStates: usize
  motion: usize
  gradient: usize
  /** [count] each; looked: what the objective has just said */
  values: usize
  bestValues: usize
  looked: usize
  /** 32 bits each */
  stepsOf: usize
  queriesOf: usize
  /** bytes */
  reasons: usize
  active: usize
}

// Positions in stopReasons (../solver.ts).
const STEPS: u8 = 1
const CONVERGED: u8 = 2
const BUDGET: u8 = 3
const NON_FINITE: u8 = 4

/** The first free byte. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}

/** v <- momentum v + g, theta <- theta - rate v, of the rows that are active. */
export function descend (batch: Batch, rate: f64, momentum: f64): void {
  const bytes: usize = batch.size * 8
  for (let i = 0, row: usize = 0; i < batch.count; i++, row += bytes) {
    if (load<u8>(batch.active + i) == 0) continue
    const theta = batch.states + row
    const velocity = batch.motion + row
    const gradient = batch.gradient + row
    let k: usize = 0
    for (; k + 8 < bytes; k += 16) {
      const v = f64x2.add(f64x2.mul(f64x2.splat(momentum), v128.load(velocity + k)), v128.load(gradient + k))
      v128.store(velocity + k, v)
      v128.store(theta + k, f64x2.sub(v128.load(theta + k), f64x2.mul(f64x2.splat(rate), v)))
    }
    if (k < bytes) {
      const v = momentum * load<f64>(velocity + k) + load<f64>(gradient + k)
      store<f64>(velocity + k, v)
      store<f64>(theta + k, load<f64>(theta + k) - rate * v)
    }
  }
}

/**
 * Takes the values where the active rows are now, keeps the best, and stops those whose time has come.
 * @param made    steps that were made
 * @param queries evaluations that each has taken since it was settled before
 * @param next    evaluations that a step takes
 * @returns rows that have stopped
 */
export function settle (batch: Batch, made: i32, queries: i32, next: i32): i32 {
  let stopped = 0
  const bytes: usize = batch.size * 8
  for (let i = 0, row: usize = 0; i < batch.count; i++, row += bytes) {
    if (load<u8>(batch.active + i) == 0) continue
    const states = batch.states + row
    const best = batch.bestStates + row
    const value = load<f64>(batch.looked + 8 * i)
    const taken = load<i32>(batch.queriesOf + 4 * i) + queries
    store<i32>(batch.stepsOf + 4 * i, made)
    store<i32>(batch.queriesOf + 4 * i, taken)
    let reason: u8 = 0
    if (!isFinite(value) || !areFinite(states, bytes)) {
      memory.copy(states, best, bytes)
      store<f64>(batch.values + 8 * i, load<f64>(batch.bestValues + 8 * i))
      reason = NON_FINITE
    } else {
      store<f64>(batch.values + 8 * i, value)
      if (!(value >= load<f64>(batch.bestValues + 8 * i))) { // NaN at first
        store<f64>(batch.bestValues + 8 * i, value)
        copy(best, states, bytes)
      }
      if (batch.tolerance > 0 && made > 0 && moved(batch.before + row, states, bytes) <= batch.tolerance) reason = CONVERGED
      else if (made == batch.steps) reason = STEPS
      else if (<i64>taken + next > <i64>batch.budget) reason = BUDGET
    }
    if (reason == 0) continue
    store<u8>(batch.reasons + i, reason)
    store<u8>(batch.active + i, 0)
    stopped++
  }
  return stopped
}

/** Whether x - x is 0 for all: of infinities and NaN it is NaN. */
// @ts-ignore: decorator
@inline
function areFinite (row: usize, bytes: usize): bool {
  let zeros = f64x2.splat(0)
  let k: usize = 0
  for (; k + 8 < bytes; k += 16) zeros = f64x2.add(zeros, f64x2.sub(v128.load(row + k), v128.load(row + k)))
  const zero = k < bytes ? load<f64>(row + k) - load<f64>(row + k) : 0
  return f64x2.extract_lane(zeros, 0) + f64x2.extract_lane(zeros, 1) + zero == 0
}

/** Of short rows quicker than memory.copy. */
// @ts-ignore: decorator
@inline
function copy (to: usize, from: usize, bytes: usize): void {
  let k: usize = 0
  for (; k + 8 < bytes; k += 16) v128.store(to + k, v128.load(from + k))
  if (k < bytes) store<f64>(to + k, load<f64>(from + k))
}

/** The most that a number has changed by. */
// @ts-ignore: decorator
@inline
function moved (before: usize, after: usize, bytes: usize): f64 {
  let most: f64 = 0
  for (let k: usize = 0; k < bytes; k += 8) most = max(most, abs(load<f64>(after + k) - load<f64>(before + k)))
  return most
}
