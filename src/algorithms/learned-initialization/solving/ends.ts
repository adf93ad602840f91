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

interface Rows { first: number, count: number, runs: number }

/** Takes the rows of a block that has ended, in their order. @param rows number of its first one, how many there are */
export function takeEnds (ends: Ends, block: Block, rows: Rows): void {
  const { state, initials } = block
  const size = ends.states.length / ends.values.length
  for (let row = 0; row < rows.count; row++) {
    const i = Math.floor((rows.first + row) / rows.runs)
    const run = (rows.first + row) % rows.runs
    const value = state.bestValues[row]!
    const best = state.bestStates.subarray(row * size, (row + 1) * size)
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
    if (ends.each !== undefined) {
      ends.each.states.set(best, (rows.first + row) * size)
      ends.each.values[rows.first + row] = value
    }
  }
  if (ends.curve !== undefined) takeCurve(ends.curve, ends.values.length, block, rows)
}

function takeCurve (into: Float64Array, instances: number, { curve, capacity }: Block, { first, count, runs }: Rows): void {
  for (let point = 0; point < into.length / instances; point++) { // point by point, as both lie
    for (let row = 0; row < count; row++) {
      const at = point * instances + Math.floor((first + row) / runs)
      const value = curve[point * capacity + row]!
      if (isLess(value, into[at]!)) into[at] = value
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
