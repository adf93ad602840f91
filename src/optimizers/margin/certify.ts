/**
 * What a direction and dual weights prove about the largest margin, evaluated over all rows. Nothing here knows how they were
 * found, and no code is shared with what finds them.
 *
 * For any u of length 1 the margin min_i z_i . u - c |u|_p is reached. For any weights a of sum 1, with v = sum a_i z_i: that
 * margin is at most v . u - c |u|_p, and so at most the distance from v to c B_q, whatever u is; any e in c B_q bounds it by |v - e|.
 * (From the dual of the program: with weights of sum s, s - dist(v, c s B_q)^2 / 2 is greatest at s = 1 / dist^2.) Likewise
 * max over |u|_p = 1 of min_i z_i . u is at most |v|_q.
 */
import { dualOf } from '../../math/norms.js'
import type { Rows } from '../rows.js'

/** Dual weights, of any positive sum: those rows that have one. */
export type Weights = readonly { row: number, weight: number }[]

/** Proven bounds of a largest margin. */
export interface Certificate {
  /** reached */
  margin: number
  /** no direction's is larger */
  bound: number
}

/** Of the mixed-norm margin of direction w, any length above 0. @param q in [1, infinity] @param radius c >= 0 */
export function certifyMixed (rows: Rows, q: number, radius: number, w: Float64Array, weights: Weights): Certificate {
  const v = combine(rows, weights)
  const e = project(v, q, radius)
  return {
    margin: (leastProduct(rows, w) - radius * lengthIn(dualOf(q), w)) / lengthIn(2, w),
    bound: lengthIn(2, v.map((value, j) => value - e[j]!))
  }
}

/** Of the margin in the dual norm, gamma_q. @param q in [1, infinity] */
export function certifyDual (rows: Rows, q: number, w: Float64Array, weights: Weights): Certificate {
  return { margin: leastProduct(rows, w) / lengthIn(dualOf(q), w), bound: lengthIn(q, combine(rows, weights)) }
}

/**
 * The point of the ball |e|_q <= radius that is nearest to v. Between 1, 2 and infinity the equations
 * e_j + m e_j^(q-1) = |v_j| are bisected in e_j, and m until |e|_q is the radius; the point returned lies in the ball
 * whatever rounding did.
 */
export function project (v: Float64Array, q: number, radius: number): Float64Array {
  const size = lengthIn(q, v)
  if (size <= radius) return v.slice()
  if (radius === 0) return new Float64Array(v.length)
  const nearest = projections(q)(v, radius)
  const reached = lengthIn(q, nearest)
  return reached <= radius ? nearest : nearest.map(value => value * radius / reached)
}

function projections (q: number): (v: Float64Array, radius: number) => Float64Array {
  if (q === 1) return projectOntoDiamond
  if (q === 2) return (v, radius) => v.map(value => value * radius / lengthIn(2, v))
  if (q === Infinity) return (v, radius) => v.map(value => Math.max(-radius, Math.min(radius, value)))
  return (v, radius) => projectByBisection(v, q, radius)
}

/** Soft thresholding at the level that leaves a sum of magnitudes equal to the radius. */
function projectOntoDiamond (v: Float64Array, radius: number): Float64Array {
  const magnitudes = v.map(Math.abs).sort().reverse()
  let sum = 0
  let level = 0
  for (let k = 0; k < magnitudes.length; k++) {
    sum += magnitudes[k]!
    const candidate = (sum - radius) / (k + 1)
    if (candidate >= magnitudes[k]!) break
    level = candidate
  }
  return v.map(value => Math.sign(value) * Math.max(0, Math.abs(value) - level))
}

function projectByBisection (v: Float64Array, q: number, radius: number): Float64Array {
  // in units of the radius, so that powers stay in range; log m, since m runs over many orders
  const scaled = v.map(value => Math.abs(value) / radius)
  const at = (logarithm: number) => scaled.map(value =>
    bisect(0, Math.min(value, 1), e => e + Math.exp(logarithm + (q - 1) * Math.log(e)) < value))
  const logarithm = bisect(-750, 750, m => lengthIn(q, at(m)) > 1)
  return at(logarithm).map((value, j) => Math.sign(v[j]!) * value * radius)
}

/** Where a condition that holds from `low` on ceases to, between low and high. */
function bisect (low: number, high: number, holds: (x: number) => boolean): number {
  for (let i = 0; i < 1100; i++) {
    const middle = low + (high - low) / 2
    if (middle === low || middle === high) break
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

/** sum a_i z_i / sum a_i */
function combine (rows: Rows, weights: Weights): Float64Array {
  const all = new Float64Array(rows.count)
  let sum = 0
  for (const { weight } of weights) sum += weight
  for (const { row, weight } of weights) {
    if (!(weight >= 0)) throw new RangeError(`A dual weight must be at least 0, got ${weight} for row ${row}`)
    all[row]! += weight / sum
  }
  const v = new Float64Array(rows.dimensions)
  rows.addWeighted(all, v)
  return v
}

function leastProduct (rows: Rows, w: Float64Array): number {
  const products = new Float64Array(rows.count)
  rows.multiply(w, products)
  return products.reduce((least, value) => Math.min(least, value), Infinity)
}

function lengthIn (p: number, w: Float64Array): number {
  let most = 0
  for (const value of w) most = Math.max(most, Math.abs(value))
  if (most === 0 || p === Infinity) return most
  let sum = 0
  for (const value of w) sum += (Math.abs(value) / most) ** p
  return most * sum ** (1 / p)
}
