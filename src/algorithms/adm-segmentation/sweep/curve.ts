/**
 * What a boundary costs by where it is: R of "class 0 left of column c, class 1 from it" for every c that leaves both a column, with
 * Potts' model between labels, or its relaxations between the shares of a soft boundary.
 */
import type { Pixels } from '../../../datasets/formats/pictures/picture.js'
import type { MethodOf } from '../methods.js'
import { weighColumns, type Columns } from './columns.js'

export type Sweep = MethodOf<'sweep'>

/** Positions between two yields. */
const PART = 64

/** R at every position c = 1 .. width - 1, with lambda 1, in parts: [width - 1]. */
export function * curveOf (pixels: Pixels, sweep: Sweep): Generator<void, Float64Array> {
  const columns = yield * weighColumns(pixels, sweep.pairs)
  const costs = new Float64Array(pixels.width - 1)
  for (let i = 0; i < costs.length; i++) {
    costs[i] = costAt(columns, i + 1, sweep)
    if (i % PART === PART - 1) yield
  }
  return costs
}

/** R of the boundary at c: sum_ab W_ab V(S_a, S_b). */
export function costAt ({ width, reach, weights }: Columns, c: number, { ramp, relaxation }: Pick<Sweep, 'ramp' | 'relaxation'>): number {
  const shares = Float64Array.from({ length: width }, (_, x) => shareOf(x + 0.5 - c, ramp))
  const distance = distances[relaxation]
  let cost = 0
  for (let a = 0; a < width; a++) {
    const last = Math.min(reach, width - 1 - a)
    for (let d = 0; d <= last; d++) cost += weights[a * (reach + 1) + d]! * distance(shares[a]!, shares[a + d]!)
  }
  return cost
}

/** Share of class 1 so many columns right of the boundary. */
function shareOf (right: number, ramp: number): number {
  return ramp === 0 ? Number(right > 0) : 1 / (1 + Math.exp(-right / ramp))
}

/** V of two columns with the shares s and t of class 1, and 1 - s and 1 - t of class 0; [s != t] between labels. */
const distances: Record<Sweep['relaxation'], (s: number, t: number) => number> = {
  bilinear: (s, t) => s + t - 2 * s * t,
  quadratic: (s, t) => (s - t) ** 2,
  tv: (s, t) => Math.abs(s - t)
}
