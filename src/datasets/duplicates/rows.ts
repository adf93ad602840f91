/** Examples among which copies are sought: rows of equally many numbers as they are stored, of one or of several splits. */
import type { FieldArray } from '../dataset.js'

/** Rows are counted through all parts: those of the second follow those of the first. */
export interface Rows {
  /** [rows, width] each, all of one type */
  parts: readonly FieldArray[]
  width: number
  count: number
}

/** Takes arrays for rows; nothing is copied. @param width numbers of a row, at least 1 */
export function toRows (parts: readonly FieldArray[], width: number): Rows {
  return { parts, width, count: parts.reduce((sum, { length }) => sum + length / width, 0) }
}

/** Numbers of a row that are added up between two looks at the limit. */
const betweenLooks = 32
/** Squares are rounded: one that is above the limit by less than this may be of a distance that is not. */
const slack = 1 + 1e-12

/**
 * The Euclidean distance of two rows, each number weighed: to the bit where it is at most `atMost`, else some number above it,
 * which takes a part of the time.
 * @param weights [width]
 */
export function distanceOf ({ parts, width }: Rows, weights: Float64Array): (a: number, b: number, atMost?: number) => number {
  return (a, b, atMost = Infinity) => {
    let [from, at, k, l] = [a * width, b * width, 0, 0]
    for (; from >= parts[k]!.length; k++) from -= parts[k]!.length
    for (; at >= parts[l]!.length; l++) at -= parts[l]!.length
    return Math.sqrt(squareBetween(parts[k]!, from, parts[l]!, at, weights, atMost * atMost * slack))
  }
}

function squareBetween (one: FieldArray, from: number, other: FieldArray, at: number, weights: Float64Array, limit: number): number {
  let sum = 0
  for (let k = 0; k < weights.length && sum <= limit;) {
    for (const end = Math.min(k + betweenLooks, weights.length); k < end; k++) {
      const difference = (one[from + k]! - other[at + k]!) * weights[k]!
      sum += difference * difference
    }
  }
  return sum
}

/** Gives one row as a view. */
export function rowAt ({ parts, width }: Rows, row: number): FieldArray {
  let from = row * width
  for (const part of parts) {
    if (from < part.length) return part.subarray(from, from + width)
    from -= part.length
  }
  throw new RangeError(`There is no row ${row}`)
}
