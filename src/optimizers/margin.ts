/**
 * Directions of largest margin. For perturbations of norm q and radius c the mixed-norm margin of a direction u of length 1 is
 * min_i z_i . u - c |u|_p with 1/p + 1/q = 1; largest it is for the solution w of the convex program
 *
 *   min |w|^2 / 2   such that   z_i . w - c |w|_p >= 1 for all i,     u = w / |w|,   margin 1 / |w|.
 *
 * Its dual over a >= 0, with v = sum a_i z_i and s = sum a_i, is max s - dist(v, c s B_q)^2 / 2: whatever a is, the margin is
 * at most 1 / sqrt(2 value).
 */
import type { Rows } from './rows.js'

/** The adversary: |delta|_q <= radius. */
export interface Ball { q: number, radius: number }

export interface LargestMargin {
  /** u, at length 1: [dimensions] */
  direction: Float64Array
  /** that of u over all points: no larger one is, but for the gap */
  margin: number
  /** no direction has a larger margin */
  bound: number
  /** (bound - margin) / bound */
  gap: number
  /** the points with a dual weight, and the weights */
  supports: { row: number, weight: number }[]
}
