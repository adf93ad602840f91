/** How alike two lists of numbers are: Pearson's and Spearman's correlations. */
import { meanOf } from './mean.js'

/**
 * Pearson's correlation of two lists, in Float64 and in two passes.
 * @param a, b [n] each
 * @returns -1 .. 1; null where one of them does not vary, whose correlation with anything is undefined
 */
export function pearson (a: Float64Array, b: Float64Array): number | null {
  const [meanA, meanB] = [meanOf(a), meanOf(b)]
  let [product, squareA, squareB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB]
    product += x * y
    squareA += x * x
    squareB += y * y
  }
  if (!(squareA > 0 && squareB > 0)) return null
  return Math.min(1, Math.max(-1, product / Math.sqrt(squareA) / Math.sqrt(squareB)))
}

/** Spearman's correlation: Pearson's of the ranks, equals sharing the mean of theirs. @returns as pearson() */
export function spearman (a: Float64Array, b: Float64Array): number | null {
  return pearson(ranksOf(a), ranksOf(b))
}

/** Ranks 1 .. n, ascending; equals have the mean of the ranks that they take together. @returns a new array */
export function ranksOf (values: Float64Array): Float64Array {
  const sorted = values.slice().sort() // numbers alone are sorted some ten times as fast as positions by a comparison
  return values.map(value => (countWhere(sorted, other => other < value) + 1 + countWhere(sorted, other => other <= value)) / 2)
}

/** How many of the first numbers fulfil what all before one that fulfils it do. */
function countWhere (sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
