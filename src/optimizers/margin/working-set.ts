/**
 * The largest margin over many points, by the interior point method on few of them: those that the best direction so far leaves
 * nearest are added, those far away dropped, until none is nearer than the ones that are in. Weights of a few points are weights
 * of all, so that every bound is one for all.
 */
import type { Rows } from '../rows.js'
import type { Weights } from './certify.js'
import { solveProgram } from './interior-point.js'
import { normOf } from './norm-cone.js'
import type { Aim } from './point.js'

export interface Optimum { w: Float64Array, weights: Weights }

/** So many points are taken as they are. */
const FEW = 256
/** Of (bound - margin) / bound, at the end and at first, and how much smaller than the gap over all points the next shall be */
const TOLERANCE = 1e-9
const FIRST_TOLERANCE = 1e-2
const NEXT = 0.1
const MOST_ROUNDS = 100

/**
 * @param aim  radius in the units of the points
 * @param zero where a bound, in those units, counts as 0
 */
export function * seekOptimum (rows: Rows, aim: Aim, unit: number, zero: number): Generator<void, Optimum> {
  const { count, dimensions } = rows
  const scaled: Aim = { ...aim, radius: aim.radius / unit }
  const products = new Float64Array(count)
  let w: Float64Array = new Float64Array(dimensions)
  rows.addWeighted(new Float64Array(count).fill(1 / (count * unit)), w)
  rows.multiply(w, products)
  let chosen = nearest(products, FEW, new Set())
  let tolerance = count > FEW ? FIRST_TOLERANCE : TOLERANCE
  for (let round = 0; ; round++) {
    const found = yield * solveProgram(copyRows(rows, chosen, unit), chosen.length, scaled, w, tolerance, zero / unit)
    w = found.w
    const optimum = { w, weights: chosen.map((row, i) => ({ row, weight: found.weights[i]! })) }
    rows.multiply(w, products)
    const least = products.reduce((min, value) => Math.min(min, value), Infinity) / unit
    const margin = marginOf(scaled, w, least)
    const gap = (found.bound - margin) / found.bound
    yield
    if (!(gap > TOLERANCE) || found.bound * unit <= zero || round === MOST_ROUNDS) return optimum
    const inside = new Set(chosen)
    const border = Math.min(...chosen.map(row => products[row]!))
    const added = nearest(products, FEW, inside).filter(row => products[row]! < border)
    if (added.length === 0 && tolerance === TOLERANCE) return optimum
    const most = Math.max(...found.weights)
    chosen = [...chosen.filter((_, i) => found.weights[i]! > 1e-5 * most), ...added]
    tolerance = Math.max(TOLERANCE, Math.min(tolerance, NEXT * gap))
  }
}

function marginOf (aim: Aim, w: Float64Array, least: number): number {
  return aim.of === 'dual' ? least / normOf(w, aim.p) : (least - aim.radius * normOf(w, aim.p)) / normOf(w, 2)
}

/** The rows of the least products, at most so many, that are not in yet. */
function nearest (products: Float64Array, most: number, inside: ReadonlySet<number>): number[] {
  const order = Array.from(products.keys()).filter(row => !inside.has(row))
  return order.sort((a, b) => products[a]! - products[b]! || a - b).slice(0, most)
}

function copyRows (rows: Rows, chosen: readonly number[], unit: number): Float64Array {
  const { dimensions } = rows
  const points = new Float64Array(chosen.length * dimensions)
  for (const [i, row] of chosen.entries()) rows.copyRow(row, points.subarray(i * dimensions, (i + 1) * dimensions))
  return points.map(value => value / unit)
}
