/** What came of a training of a linear classifier. */
import { norm } from '../../../math/vectors.js'
import type { Rows } from '../../../optimizers/rows.js'
import type { AdversarialResult, LinearResult } from '../result.js'
import { fitLaw } from './law.js'
import type { Reference } from './references.js'
import type { TrialState } from './trial-state.js'

/** As many numbers of a vector as a result has. */
const MOST_NUMBERS = 1000
const MOST_POINTS = 200
/** Comings to 0 in the last tenth of the steps: twice there and back. */
const AGAIN_AND_AGAIN = 4

/** Makes the result of a training that is at its end. */
export function conclude (trial: TrialState): AdversarialResult {
  const { rows, descent, references, curve } = trial
  const { gamma, clean, runs } = references!
  const length = norm(descent.w)
  const chatter = chattering(trial)
  return {
    outcome: outcomeOf(trial, chatter),
    of: {
      type: 'linear',
      points: rows.count,
      dimensions: rows.dimensions,
      largestNorm: largestNorm(rows),
      gammaQ: gamma,
      clean: described(clean),
      mixed: described(runs.at(-1)!.mixed),
      curve,
      direction: first(length === 0 ? descent.w : descent.w.map(value => value / length)),
      chatter,
      law: fitLaw(curve),
      ...(rows.dimensions === 2 ? { picture: pictureOf(trial) } : {})
    }
  }
}

function outcomeOf ({ references }: TrialState, chatter: number[]): AdversarialResult['outcome'] {
  const { clean, gamma, runs } = references!
  if (clean === null) return 'not-separable'
  const { radius } = runs.at(-1)!
  if (radius > 0 && radius >= gamma) return 'finite'
  return chatter.length > 0 ? 'chattered' : 'finished'
}

/** Numbers of w whose subgradient turns again and again: only |.|_1 has one that jumps where a number is 0. */
function chattering ({ sought: { q }, references, descent: { crossings } }: TrialState): number[] {
  if (q !== Infinity || references!.runs.at(-1)!.radius === 0) return []
  return first(crossings.keys()).filter(k => crossings[k]! >= AGAIN_AND_AGAIN)
}

function described (reference: Reference | null): LinearResult['clean'] {
  if (reference === null) return null
  const { margin, bound, gap, supports, direction } = reference
  return { margin, bound, gap, supports, direction: first(direction) }
}

function first (numbers: Iterable<number>): number[] {
  return [...numbers].slice(0, MOST_NUMBERS)
}

function pictureOf ({ rows, path }: TrialState): NonNullable<LinearResult['picture']> {
  const points = Array.from({ length: Math.min(MOST_POINTS, rows.count) }, (_, row) => [...pointOf(rows, row)])
  return { points, path } as NonNullable<LinearResult['picture']>
}

function largestNorm (rows: Rows): number {
  let most = 0
  const point = new Float64Array(rows.dimensions)
  for (let row = 0; row < rows.count; row++) {
    rows.copyRow(row, point)
    most = Math.max(most, norm(point))
  }
  return most
}

function pointOf (rows: Rows, row: number): Float64Array {
  const point = new Float64Array(rows.dimensions)
  rows.copyRow(row, point)
  return point
}
