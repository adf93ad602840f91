/**
 * A barrier of |w|_p <= t for any p >= 1, infinity too, self-concordant where the norm has no second derivatives (w_j = 0 for
 * p < 2): with numbers r_j, |w|_p <= t where |w_j| <= r_j^a t^b for a = 1/p, b = 1 - a, and sum r_j <= t. Its value is
 *
 *   F = sum_j [-log(r_j^2a t^2b - w_j^2) - b log r_j - a log t] - log(t - sum_j r_j)
 *
 * (the power cone: Nesterov, "Towards nonsymmetric conic optimization", 2006; p = 1 gives r_j >= |w_j|, p = infinity t >= |w_j|).
 * Newton's step eliminates the r_j, one 2 x 2 block per number of w; what is left are a diagonal over w and two more unknowns,
 * dt and eta, the step of t - sum r over its square. Written in g = r^2a t^2b / (r^2a t^2b - w^2) >= 1 nothing cancels that matters
 * where numbers of w lie at their border; taken literally, second derivatives lose all digits there.
 */
import { normOf } from '../../math/norms.js'

/** The barrier's derivatives at a point, the r_j eliminated: see `reduce`. */
export interface Reduced {
  /** [d]: F_ww - F_wr^2 / F_rr */
  diagonal: Float64Array
  /** [d]: F_wt - F_wr F_rt / F_rr */
  toT: Float64Array
  /** [d]: F_wr / F_rr */
  toEta: Float64Array
  /** [d]: F_w - F_r F_wr / F_rr */
  gradient: Float64Array
  /** sum of F_tt - F_rt^2 / F_rr */
  tt: number
  /** 1 + sum of F_rt / F_rr */
  tEta: number
  /** (t - sum r)^2 + sum of 1 / F_rr */
  etaEta: number
  /** F_t - sum of F_r F_rt / F_rr */
  gradientT: number
  /** sum of F_r / F_rr */
  gradientEta: number
}

export interface NormCone {
  readonly p: number
  /** t: above |w|_p. Owned by whoever steps, as r is: [d] */
  t: number
  readonly r: Float64Array
  /** How many logarithms the barrier is worth: its gap is this times its weight. */
  readonly degree: number
  /** Chooses t and r well inside for this w. */
  enter (w: Float64Array): void
  /** Whether the point lies inside. */
  contains (w: Float64Array, t: number, r: Float64Array): boolean
  /** Derivatives at w, t and r. */
  reduce (w: Float64Array): Reduced
  /** The step of r that belongs to dw, dt and eta, at the point of `reduce`; weight is that of F. */
  stepOfR (dw: Float64Array, dt: number, eta: number, weight: number, into: Float64Array): void
  /** Derivative of F at (w, t, r) along (dw, dt, dr). */
  slope (w: Float64Array, t: number, r: Float64Array, dw: Float64Array, dt: number, dr: Float64Array): number
}

/** @param p in [1, infinity] */
export function createNormCone (p: number, dimensions: number): NormCone {
  const [a, b] = [1 / p, 1 - 1 / p]
  const r = new Float64Array(dimensions)
  const reduced: Reduced = {
    diagonal: new Float64Array(dimensions),
    toT: new Float64Array(dimensions),
    toEta: new Float64Array(dimensions),
    gradient: new Float64Array(dimensions),
    tt: 0,
    tEta: 0,
    etaEta: 0,
    gradientT: 0,
    gradientEta: 0
  }
  // per number: F_r / F_rr, F_rt / F_rr, 1 / F_rr
  const newtonR = new Float64Array(dimensions)
  const toR = new Float64Array(dimensions)
  const inverseR = new Float64Array(dimensions)
  const border = (t: number, r: number) => r ** (2 * a) * t ** (2 * b)
  const rest = (t: number, r: Float64Array) => r.reduce((left, value) => left - value, t)

  const cone: NormCone = {
    p,
    t: 0,
    r,
    degree: 3 * dimensions + 1,
    enter (w) {
      const norm = normOf(w, p)
      cone.t = norm > 0 ? 2 * norm : 1
      const relative = Array.from(w, value => a === 0 ? 0 : (Math.abs(value) / cone.t) ** p)
      const spare = (1 - relative.reduce((sum, value) => sum + value, 0)) / (2 * dimensions)
      for (let j = 0; j < dimensions; j++) r[j] = cone.t * (relative[j]! + spare)
    },
    contains (w, t, r) {
      if (!(t > 0 && rest(t, r) > 0)) return false
      for (let j = 0; j < dimensions; j++) if (!(r[j]! > 0 && border(t, r[j]!) - w[j]! ** 2 > 0)) return false
      return true
    },
    reduce (w) {
      const { t } = cone
      const left = rest(t, r)
      Object.assign(reduced, { tt: 0, tEta: 1, etaEta: left ** 2, gradientT: -1 / left, gradientEta: 0 })
      for (let j = 0; j < dimensions; j++) {
        const at = r[j]!
        const edge = border(t, at)
        const inside = edge - w[j]! ** 2
        const g = edge / inside
        const f = 4 * a * a * g * (g - 1) + 2 * a * g + b // F_rr r^2
        const n = 8 * a * b * g * g + 4 * (a * a + b * b) * g - 2 * b
        inverseR[j] = at * at / f
        toR[j] = 4 * a * b * g * (g - 1) * at / (t * f)
        const toEta = -4 * a * w[j]! * at * g / (inside * f)
        const gradientR = -(2 * a * g + b) / at + 1 / left
        newtonR[j] = gradientR * inverseR[j]!
        reduced.diagonal[j] = n / (f * inside)
        reduced.toT[j] = -4 * b * w[j]! * g * (2 * a * g + b) / (t * inside * f)
        reduced.toEta[j] = toEta
        reduced.gradient[j] = 2 * w[j]! / inside - toEta * gradientR
        reduced.tt += (4 * b * b * g * (g - 1) * (2 * a * g + b) / f + 2 * b * g + a) / (t * t)
        reduced.tEta += toR[j]!
        reduced.etaEta += inverseR[j]!
        reduced.gradientT -= (2 * b * g + a) / t + toR[j]! * gradientR
        reduced.gradientEta += newtonR[j]!
      }
      return reduced
    },
    stepOfR (dw, dt, eta, weight, into) {
      for (let j = 0; j < dimensions; j++) {
        into[j] = -newtonR[j]! - reduced.toEta[j]! * dw[j]! - toR[j]! * dt + inverseR[j]! * eta / weight
      }
    },
    slope (w, t, r, dw, dt, dr) {
      let sum = -(dt - dr.reduce((total, value) => total + value, 0)) / rest(t, r)
      for (let j = 0; j < dimensions; j++) {
        const edge = border(t, r[j]!)
        const inside = edge - w[j]! ** 2
        sum += 2 * w[j]! * dw[j]! / inside - (2 * a * edge / inside + b) * dr[j]! / r[j]! - (2 * b * edge / inside + a) * dt / t
      }
      return sum
    }
  }
  return cone
}
