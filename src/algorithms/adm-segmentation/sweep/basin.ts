/** What a curve of costs means for whoever descends on it from place to place: where that ends, from how far it finds the true boundary. */
import { meanOf } from '../../../math/mean.js'

export interface Basin {
  /** columns between the lowest position, the first of equals, and the true boundary */
  offset: number
  /** positions from which descent ends at the true boundary, or a pixel beside it */
  basin: number
  /** positions where descent ends: no step to a side goes down; flat ones are among them */
  minima: number
  /** by how much of the mean cost the true boundary is below it; negative where it is above */
  depth: number
  /** positions around the true boundary, without a gap, that are at least half as deep */
  halfWidth: number
}

/** As far beside the true boundary as counts as there: as boundaryF has it. */
const NEAR = 1
/** Parts of the mean cost by which a step must go down: what is nearer is flat, and what exact sums in float32 leave is below it. */
const FLAT = 1e-6

/** Costs in units of their mean, so that kernels of any weight compare; as they are where all are 0. @param costs >= 0 */
export function toMeans (costs: Float64Array): Float64Array {
  const mean = meanOf(costs)
  return mean > 0 ? costs.map(cost => cost / mean) : costs.slice()
}

/**
 * Measures a curve.
 * @param curve in units of its mean, at positions 1, 2, ...
 * @param truth position of the true boundary
 */
export function measureBasin (curve: Float64Array, truth: number): Basin {
  const at = truth - 1
  const ends = Array.from(curve, (_, from) => descend(curve, from))
  const depth = meanOf(curve) - curve[at]!
  return {
    offset: Math.abs(lowestOf(curve) - at),
    basin: ends.filter(end => Math.abs(end - at) <= NEAR).length,
    minima: new Set(ends).size,
    depth,
    halfWidth: depth > 0 ? widthBelow(curve, at, curve[at]! + depth / 2) : 0
  }
}

/** Plain descent: to the lower neighbour, the left one of equals, until none is lower. */
function descend (curve: Float64Array, from: number): number {
  for (let at = from; ;) {
    const [left, right] = [curve[at - 1] ?? Infinity, curve[at + 1] ?? Infinity]
    if (Math.min(left, right) >= curve[at]! - FLAT) return at
    at += left <= right ? -1 : 1
  }
}

function lowestOf (curve: Float64Array): number {
  return curve.reduce((lowest, cost, i) => cost < curve[lowest]! ? i : lowest, 0)
}

function widthBelow (curve: Float64Array, at: number, level: number): number {
  let [first, last] = [at, at]
  while (first > 0 && curve[first - 1]! <= level) first--
  while (last < curve.length - 1 && curve[last + 1]! <= level) last++
  return last - first + 1
}
