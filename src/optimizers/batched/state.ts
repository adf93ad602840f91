/** What is kept of every instance of a batch, a row each, and how it is saved. */
import type { NamedArrays } from '../../math/arrays.js'
import { AppError } from '../../errors.js'

export interface BatchState {
  /** [count, size] */
  states: Float64Array
  /** [count] */
  values: Float64Array
  bestStates: Float64Array
  bestValues: Float64Array
  /** what a method remembers beside, [count, size]: a velocity, or the point with momentum */
  motion: Float64Array
  /** positions in stopReasons, [count] */
  reasons: Uint8Array
  steps: Int32Array
  queries: Int32Array
}

/** Makes the state of instances at their starts, with all else 0. @param starts [count, size], copied */
export function createState (count: number, size: number, starts: Float64Array): BatchState {
  if (starts.length !== count * size) throw new AppError('invalid_input', `starts must hold ${count} x ${size} numbers, got ${starts.length}`)
  return {
    states: starts.slice(),
    values: new Float64Array(count),
    bestStates: starts.slice(),
    bestValues: new Float64Array(count).fill(NaN),
    motion: new Float64Array(count * size),
    reasons: new Uint8Array(count),
    steps: new Int32Array(count),
    queries: new Int32Array(count)
  }
}

/** Copies, by name. */
export function saveState (state: BatchState): NamedArrays {
  const count = state.values.length
  return Object.fromEntries(Object.entries(state).map(([name, data]: [string, BatchState[keyof BatchState]]) =>
    [name, { shape: data.length === count ? [count] : [count, data.length / count], data: data.slice() }]))
}

/** Takes back what was saved of as many instances. */
export function restoreState (state: BatchState, saved: NamedArrays): void {
  for (const [name, data] of Object.entries(state) as [string, BatchState[keyof BatchState]][]) {
    const from = saved[name]?.data
    if (from?.constructor !== data.constructor || from.length !== data.length) {
      throw new AppError('invalid_input', `saved ${name} must hold ${data.length} numbers in ${data.constructor.name}, got ${from === undefined ? 'nothing' : `${from.length} in ${from.constructor.name}`}`)
    }
    data.set(from)
  }
}
