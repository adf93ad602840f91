/**
 * The largest margin over many points, by the interior point method on few of them: those that the best direction so far leaves
 * nearest are added, those far away dropped, until none is nearer than the ones that are in. Weights of a few points are weights
 * of all, so that every bound is one for all.
 */
import { normOf } from '../../math/norms.js'
import { largest } from '../../math/vectors.js'
import type { Rows } from '../rows.js'
import type { Weights } from './certify.js'
import { openProgram } from './interior-point.js'
import type { Aim } from './point.js'

export interface Optimum { w: Float64Array, weights: Weights }

/** So many points are taken as they are, and so many added at once: a support per dimension is what there can be at most. */
const fewOf = (dimensions: number) => Math.max(64, Math.min(256, 2 * dimensions))
/** Of (bound - margin) / bound: at the end; at first; and how much smaller than the gap over all points it is to be next */
const TOLERANCE = 1e-9
const FIRST_TOLERANCE = 0.1
const NEXT = 0.03
/**
 * A point leaves whose weight is below this part of the largest, and of the gap: MNIST's 2 against 9, 11,907 points of which 350
 * support, needs ten rounds of at most 575 points so, and one of 1,664 where all stay that have a weight.
 */
const LIGHT = 1e-2
const LIGHT_OF_GAP = 1e-3

/**
 * Yields after every iteration and round.
 * @param aim  radius in the units of the points
 * @param unit largest |z|
 * @param zero where a bound, in the units of the points, counts as 0
 * @param start  w to begin from; the mean of the points where absent
 */
export function * seekOptimum (rows: Rows, aim: Aim, unit: number, zero: number, start?: Float64Array): Generator<void, Optimum> {
  const { count, dimensions } = rows
  const scaled: Aim = { ...aim, radius: aim.radius / unit }
  const products = new Float64Array(count)
  let w = start ?? meanOf(rows, unit)
  rows.multiply(w, products)
  const few = fewOf(dimensions)
  let chosen = nearest(products, few)
  let tolerance = count > few ? FIRST_TOLERANCE : TOLERANCE
  let bound = Infinity
  let mayDrop = true
  let program = openProgram(copyRows(rows, chosen, unit), chosen.length, scaled, w)
  try {
    for (;;) {
      const found = yield * program.solve(tolerance, zero / unit)
      w = found.w
      rows.multiply(w, products)
      const gap = 1 - marginOf(scaled, w, leastOf(products) / unit) / found.bound
      const border = chosen.reduce((least, row) => Math.min(least, products[row]!), Infinity)
      const added = nearest(products, few, border)
      if (!(gap > TOLERANCE) || found.bound * unit <= zero || (added.length === 0 && tolerance === TOLERANCE)) {
        return { w, weights: chosen.map((row, i) => ({ row, weight: found.weights[i]! })) }
      }
      if (added.length === 0) {
        tolerance = TOLERANCE
        continue
      }
      // What was dropped may have to come back. Where bounds no longer fall that is all that happens: from then on points only come
      mayDrop &&= found.bound < bound
      bound = found.bound
      const light = mayDrop ? Math.min(LIGHT, LIGHT_OF_GAP * gap) * largest(found.weights) : 0
      chosen = [...chosen.filter((_, i) => found.weights[i]! >= light), ...added]
      tolerance = Math.max(TOLERANCE, Math.min(tolerance, NEXT * gap))
      program.close()
      program = openProgram(copyRows(rows, chosen, unit), chosen.length, scaled, w)
      yield
    }
  } finally {
    program.close()
  }
}

function meanOf (rows: Rows, unit: number): Float64Array {
  const mean = new Float64Array(rows.dimensions)
  rows.addWeighted(new Float64Array(rows.count).fill(1 / (rows.count * unit)), mean)
  return mean
}

function marginOf (aim: Aim, w: Float64Array, least: number): number {
  return aim.of === 'dual' ? least / normOf(w, aim.p) : (least - aim.radius * normOf(w, aim.p)) / normOf(w, 2)
}

/** The rows of the least products, at most so many, of those below a value; ascending. */
function nearest (products: Float64Array, most: number, below = Infinity): number[] {
  const values = products.filter(value => value < below).sort() // numbers sort many times as fast as rows by a comparison
  const last = values[Math.min(most, values.length) - 1] ?? -Infinity
  const rows: number[] = []
  for (let row = 0; row < products.length; row++) if (products[row]! < below && products[row]! <= last) rows.push(row)
  return rows.sort((a, b) => products[a]! - products[b]! || a - b).slice(0, most)
}

function copyRows (rows: Rows, chosen: readonly number[], unit: number): Float64Array {
  const { dimensions } = rows
  const points = new Float64Array(chosen.length * dimensions)
  for (const [i, row] of chosen.entries()) rows.copyRow(row, points.subarray(i * dimensions, (i + 1) * dimensions))
  for (let k = 0; k < points.length; k++) points[k]! /= unit
  return points
}

function leastOf (values: Float64Array): number {
  let least = Infinity
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i]!)
  return least
}
