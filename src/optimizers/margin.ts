/**
 * Directions of largest margin. For perturbations of norm q and radius c the mixed-norm margin of a direction u of length 1 is
 * min_i z_i . u - c |u|_p with 1/p + 1/q = 1; largest it is for the solution w of the convex program
 *
 *   min |w|^2 / 2   such that   z_i . w - c |w|_p >= 1 for all i,     u = w / |w|,   margin 1 / |w|.
 *
 * Its dual over a >= 0, with v = sum a_i z_i and s = sum a_i, is max s - dist(v, c s B_q)^2 / 2: whatever a is, the margin is
 * at most 1 / sqrt(2 value), and for sum 1, at the best scale, at most dist(v, c B_q). gamma_q, the largest radius that leaves
 * the points separable, is max over |u|_p = 1 of min z_i . u, with the dual min |v|_q.
 * margin/working-set.ts finds w and a, margin/certify.ts proves what they are worth, knowing nothing of how they were found.
 */
import { dualOf, normOf } from '../math/norms.js'
import { norm } from '../math/vectors.js'
import type { Rows } from './rows.js'
import { certifyDual, certifyMixed, type Certificate, type Weights } from './margin/certify.js'
import { seekOptimum, type Optimum } from './margin/working-set.js'

/** The adversary: |delta|_q <= radius. @property q in [1, infinity] @property radius at least 0 */
export interface Ball { q: number, radius: number }

export interface LargestMargin {
  separable: true
  /** u, at length 1: [dimensions]; of gammaQ at |u|_p = 1 */
  direction: Float64Array
  /** that of u over all points: no larger one is, but for the gap */
  margin: number
  /** no direction has a larger margin */
  bound: number
  /** (bound - margin) / bound */
  gap: number
  /** the points with a dual weight, and the weights, of sum 1: they prove the bound */
  supports: { row: number, weight: number }[]
}

/** No direction has a margin above 0, within rounding: a point of the points' convex hull lies at 0, or in the ball. */
export interface NotSeparable {
  separable: false
  /** How far the point is from 0, or from the ball: at most NOT_SEPARABLE times the largest |z| */
  bound: number
  /** that point: sum of weight z, weights of sum 1 */
  supports: { row: number, weight: number }[]
}

/** A margin of at most this times the largest |z| counts as none. */
export const NOT_SEPARABLE = 1e-7
/** What is proven, but where rounding forbids it; see seekGammaQ, too. */
const GAP = 1e-8
/** Of gamma_q: how far below it the radius is whose direction is taken then */
const NEAR = 1e-3
/** Weights below this times the largest one are left out where the others prove GAP: hundreds of light ones may count together. */
const NO_WEIGHT = 1e-7

/** The direction of largest mixed-norm margin; of largest l2 margin without a ball. */
export function largestMargin (rows: Rows, ball: Ball = { q: 2, radius: 0 }): LargestMargin | NotSeparable {
  return finish(seekLargestMargin(rows, ball))
}

/** gamma_q: the largest margin in the dual norm. */
export function gammaQ (rows: Rows, q: number): LargestMargin | NotSeparable {
  return finish(seekGammaQ(rows, q))
}

/** largestMargin, for whoever has to do something in between: yields about ten times a second. */
export function * seekLargestMargin (rows: Rows, { q, radius }: Ball = { q: 2, radius: 0 }): Generator<void, LargestMargin | NotSeparable> {
  const unit = largestLength(rows)
  const { w, weights } = yield * seekOptimum(rows, { of: 'mixed', q, p: dualOf(q), radius }, unit, NOT_SEPARABLE * unit)
  return judge(w, 2, weights, supports => certifyMixed(rows, q, radius, w, supports), NOT_SEPARABLE * unit)
}

/**
 * gammaQ, in the same way. Where the program ends above GAP, which rounding makes it do where it is linear and large, two others are
 * solved: at a radius just below the least ratio reached the direction of largest mixed-norm margin has a better one (Dinkelbach),
 * and the ball of a radius just above that ratio meets the hull of the points: the weights of where it does prove the bound.
 */
export function * seekGammaQ (rows: Rows, q: number): Generator<void, LargestMargin | NotSeparable> {
  const unit = largestLength(rows)
  const p = dualOf(q)
  const judgeDual = ({ w, weights }: Optimum) =>
    judge(w, p, weights, supports => certifyDual(rows, q, w, supports), NOT_SEPARABLE * unit)
  const spread = rows.dimensions ** Math.max(0, 1 / q - 1 / 2) // most that |.|_q is of |.|_2, which the second is solved in
  let best = yield * seekOptimum(rows, { of: 'dual', q, p, radius: 0 }, unit, NOT_SEPARABLE * unit)
  let found = judgeDual(best)
  for (const part of [1 - NEAR, 1 + GAP / 2]) {
    if (!found.separable || found.gap <= GAP) break
    const { margin, bound } = found
    const next = yield * seekOptimum(rows, { of: 'mixed', q, p, radius: part * margin }, unit, GAP / 4 * margin / spread, best.w)
    const now = certifyDual(rows, q, next.w, next.weights)
    best = { w: now.margin > margin ? next.w : best.w, weights: now.bound < bound ? next.weights : best.weights }
    found = judgeDual(best)
  }
  return found
}

/** What direction and weights prove: the heaviest weights alone where those are enough, or all. */
function judge (
  w: Float64Array, p: number, weights: Weights, certify: (supports: Weights) => Certificate, zero: number
): LargestMargin | NotSeparable {
  const of = (supports: Weights) => {
    const { margin, bound } = certify(supports)
    return { margin, bound, gap: (bound - margin) / bound, supports: normalise(supports) }
  }
  const most = weights.reduce((max, { weight }) => Math.max(max, weight), 0)
  const few = of(weights.filter(({ weight }) => weight > NO_WEIGHT * most))
  const { supports, ...proven } = few.gap <= GAP || few.bound <= zero ? few : of(weights)
  if (proven.bound <= zero) return { separable: false, bound: proven.bound, supports }
  const length = normOf(w, p)
  return { separable: true, direction: w.map(value => value / length), ...proven, supports }
}

/** At a sum of 1, by their rows. */
function normalise (weights: Weights): LargestMargin['supports'] {
  const sum = weights.reduce((total, { weight }) => total + weight, 0)
  return weights.map(({ row, weight }) => ({ row, weight: weight / sum })).sort((a, b) => a.row - b.row)
}

/** Largest |z|; 1 where all points are 0. */
function largestLength (rows: Rows): number {
  const point = new Float64Array(rows.dimensions)
  let most = 0
  for (let row = 0; row < rows.count; row++) {
    rows.copyRow(row, point)
    most = Math.max(most, norm(point))
  }
  return most > 0 ? most : 1
}

function finish<Result> (seeking: Generator<void, Result>): Result {
  for (;;) {
    const next = seeking.next()
    if (next.done === true) return next.value
  }
}
