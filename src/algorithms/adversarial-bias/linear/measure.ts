/** What is recorded of a linear classifier. */
import { normOf } from '../../../math/norms.js'
import { distance, norm } from '../../../math/vectors.js'
import type { Rows } from '../../../optimizers/rows.js'
import type { LinearProblem } from './spec.js'
import type { Reference } from './references.js'

/** The adversary in force, and the limits that the direction is held against. */
export interface Against {
  loss: LinearProblem['loss']
  /** dual to q */
  p: number
  radius: number
  clean: Reference | null
  mixed: Reference | null
}

/** See `metrics` of ../spec.ts. */
export interface Measured {
  margin: number
  mixedMargin: number
  norm: number
  loss: number
  robustLoss: number
  error: number
  robustError: number
}

export interface Directions { directionError: number, cleanDirectionError: number }

/**
 * Measures w on all points.
 * @param products room for z_i . w, [count]
 * @returns undefined where w is 0, which has no direction
 */
export function measure (rows: Rows, w: Float64Array, { loss, p, radius }: Against, products: Float64Array): Measured | undefined {
  const length = norm(w)
  if (length === 0) return undefined
  rows.multiply(w, products)
  const lost = radius === 0 ? 0 : radius * normOf(w, p)
  let least = Infinity
  const sums = { loss: 0, robustLoss: 0, error: 0, robustError: 0 }
  for (let i = 0; i < products.length; i++) {
    const margin = products[i]!
    const robust = margin - lost
    if (margin < least || Number.isNaN(margin)) least = margin
    sums.loss += lossOf(loss, margin)
    sums.robustLoss += lossOf(loss, robust)
    if (!(margin > 0)) sums.error++
    if (!(robust > 0)) sums.robustError++
  }
  const mean = (sum: number) => sum / products.length
  return {
    margin: least / length,
    mixedMargin: (least - lost) / length,
    norm: length,
    loss: mean(sums.loss),
    robustLoss: mean(sums.robustLoss),
    error: mean(sums.error),
    robustError: mean(sums.robustError)
  }
}

/**
 * How far the direction of w is from its limits; undefined where there are none. At a radius of gamma_q or more no limit is
 * promised: it is held against that of clean training.
 */
export function directionsOf (w: Float64Array, { clean, mixed }: Pick<Against, 'clean' | 'mixed'>): Directions | undefined {
  if (clean === null) return undefined
  const length = norm(w)
  const direction = w.map(value => value / length)
  return { directionError: distance(direction, (mixed ?? clean).direction), cleanDirectionError: distance(direction, clean.direction) }
}

/** exp(-m), or log(1 + exp(-m)) that does not overflow. */
function lossOf (loss: LinearProblem['loss'], margin: number): number {
  return loss === 'exponential' ? Math.exp(-margin) : Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)))
}
