/** Where the interior point method stands: a point of the primal program of interior-point.ts and weights of the dual. */
import { normOf } from '../../math/norms.js'
import { addRows, dotAt } from '../../math/vectors.js'
import { createNormalMatrix, type NormalMatrix } from './kernels.js'
import { createNormCone, type NormCone } from './norm-cone.js'

/** What is maximised: the mixed-norm margin of directions of length 1, or the margin of those of |u|_p = 1; 1/p + 1/q = 1. */
export interface Aim { of: 'mixed' | 'dual', q: number, p: number, radius: number }

export interface Point {
  readonly aim: Aim
  /** z: by rows, [m, d] */
  readonly points: Float64Array
  readonly count: number
  readonly dimensions: number
  /** [d] */
  readonly w: Float64Array
  rho: number
  /** s = z . w - c t - rho > 0: [m] */
  readonly slacks: Float64Array
  /** a > 0: [m], of sum 1 once a whole step was taken */
  readonly weights: Float64Array
  /** with t and r; null where the norm is constant over directions or plays no part */
  readonly cone: NormCone | null
  /** weight of the cone's barrier, and the product a s that is aimed at */
  mu: number
  /** of Newton's equations; Z Z^T is set where there is no cone */
  readonly matrix: NormalMatrix
}

/** A step of everything. */
export interface Move {
  w: Float64Array
  t: number
  r: Float64Array
  rho: number
  slacks: Float64Array
  weights: Float64Array
}

/** What a point proves about the m points. */
export interface Found { w: Float64Array, weights: Float64Array, margin: number, bound: number }

/** A point well inside, with every a s the same and sum a = 1. @param start  w: [d] */
export function enter (points: Float64Array, count: number, aim: Aim, start: Float64Array): Point {
  const dimensions = start.length
  const cone = aim.q === 2 || (aim.of === 'mixed' && aim.radius === 0) ? null : createNormCone(aim.p, dimensions)
  cone?.enter(start)
  const slacks = multiply(points, count, start)
  const least = slacks.reduce((min, value) => Math.min(min, value), Infinity)
  // the points have lengths of about 1
  const room = Math.max(1e-3, Math.abs(least), aim.radius * (cone?.t ?? 0))
  for (let i = 0; i < count; i++) slacks[i]! += room - least
  const mu = 1 / slacks.reduce((sum, slack) => sum + 1 / slack, 0)
  const matrix = createNormalMatrix(points, count, dimensions)
  if (cone === null) matrix.setProducts()
  return {
    aim,
    points,
    count,
    dimensions,
    w: start.slice(),
    rho: least - aim.radius * (cone?.t ?? 0) - room,
    slacks,
    weights: slacks.map(slack => mu / slack),
    cone,
    mu,
    matrix
  }
}

/** Goes along a move: so much of it in the primal, and so much in the dual. */
export function take (point: Point, move: Move, primal: number, dual: number): void {
  addTo(point.w, primal, move.w)
  addTo(point.slacks, primal, move.slacks)
  addTo(point.weights, dual, move.weights)
  point.rho += primal * move.rho
  if (point.cone === null) return
  point.cone.t += primal * move.t
  addTo(point.cone.r, primal, move.r)
}

/** What the point proves: its margin, and the bound of its weights with e = v - w, brought into c B_q. */
export function measure ({ points, count, aim, cone, w, weights }: Point): Found {
  const least = multiply(points, count, w).reduce((min, value) => Math.min(min, value), Infinity)
  const v = combine(points, weights)
  const found = (margin: number, bound: number) => ({ w: w.slice(), weights: weights.slice(), margin, bound })
  if (aim.of === 'dual') return found(least / normOf(w, aim.p), normOf(v, aim.q))
  if (cone === null) return found(least / normOf(w, 2) - aim.radius, normOf(v, 2) - aim.radius)
  const e = v.map((value, j) => value - w[j]!)
  const inside = Math.min(1, aim.radius / normOf(e, aim.q))
  return found((least - aim.radius * normOf(w, aim.p)) / normOf(w, 2), normOf(v.map((value, j) => value - inside * e[j]!), 2))
}

/** z_i . w for all i: [m] */
export function multiply (points: Float64Array, count: number, w: Float64Array): Float64Array {
  const products = new Float64Array(count)
  for (let i = 0; i < count; i++) products[i] = dotAt(points, i * w.length, w, 0, w.length)
  return products
}

/** sum a_i z_i / sum a_i: [d] */
function combine (points: Float64Array, weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, value) => total + value, 0)
  return sumOf(points, weights.map(value => value / sum))
}

/** sum a_i z_i: [d] */
export function sumOf (points: Float64Array, weights: Float64Array): Float64Array {
  const v = new Float64Array(points.length / weights.length)
  addRows(v, weights, points)
  return v
}

function addTo (into: Float64Array, times: number, step: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i]! += times * step[i]!
}
