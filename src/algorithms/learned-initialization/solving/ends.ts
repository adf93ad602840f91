/** What is kept of rows that have ended: of every instance the best of its runs. */
import { unprefix, prefix, type NamedArrays } from '../../../math/arrays.js'
import { stopReasons } from '../../../optimizers/batched/solver.js'
import type { Block } from './block.js'
import type { Ends, SolvingTask } from './solving.js'

const NON_FINITE = stopReasons.indexOf('non-finite')

/** Makes room for the ends of a task. @param points of a curve */
export function createEnds ({ instances: { count }, runs, wants = {} }: SolvingTask, size: number, points: number): Ends {
  return {
    states: new Float64Array(count * size),
    values: new Float64Array(count).fill(NaN),
    initials: new Float64Array(count).fill(NaN),
    runs: new Int32Array(count),
    reasons: new Uint8Array(count),
    steps: new Float64Array(count),
    queries: new Float64Array(count),
    nonFinite: new Int32Array(1),
    ...(wants.curve && { curve: new Float64Array(points * count).fill(NaN) }),
    ...(wants.runs && { each: { states: new Float64Array(count * runs * size), values: new Float64Array(count * runs) } })
  }
}

/** Takes the rows of a block that has ended, in their order. @param first number of its first row */
export function takeEnds (
  ends: Ends, { state, initials, curve, capacity }: Block, { first, count, runs }: Record<'first' | 'count' | 'runs', number>
): void {
  const size = ends.states.length / ends.values.length
  const instances = ends.values.length
  const points = ends.curve === undefined ? 0 : ends.curve.length / instances
  for (let row = 0; row < count; row++) {
    const i = Math.floor((first + row) / runs)
    const run = (first + row) % runs
    const best = state.bestStates.subarray(row * size, (row + 1) * size)
    const value = state.bestValues[row]!
    if (run === 0 || isLess(value, ends.values[i]!)) {
      ends.states.set(best, i * size)
      ends.values[i] = value
      ends.runs[i] = run
      ends.reasons[i] = state.reasons[row]!
    }
    if (isLess(initials[row]!, ends.initials[i]!)) ends.initials[i] = initials[row]!
    ends.steps[i]! += state.steps[row]!
    ends.queries[i]! += state.queries[row]!
    if (state.reasons[row] === NON_FINITE) ends.nonFinite[0]!++
    ends.each?.states.set(best, (first + row) * size)
    if (ends.each !== undefined) ends.each.values[first + row] = value
    for (let point = 0; point < points; point++) {
      const at = point * instances + i
      if (isLess(curve[point * capacity + row]!, ends.curve![at]!)) ends.curve![at] = curve[point * capacity + row]!
    }
  }
}

/** Whether a number is less than another, or the first one at all. */
function isLess (value: number, than: number): boolean {
  return value < than || (Number.isNaN(than) && !Number.isNaN(value))
}

export function saveEnds ({ each, ...ends }: Ends): NamedArrays {
  const named = (arrays: object): NamedArrays =>
    Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data: data.slice() }]))
  return { ...named(ends), ...prefix('each/', named(each ?? {})) }
}

export function restoreEnds ({ each, ...ends }: Ends, saved: NamedArrays): void {
  const take = (arrays: object, from: NamedArrays): void => {
    for (const [name, data] of Object.entries(arrays)) data.set(from[name]!.data)
  }
  take(ends, saved)
  if (each !== undefined) take(each, unprefix('each/', saved))
}
