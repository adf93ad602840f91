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

/** The Euclidean distance of two rows, each number weighed. @param weights [width] */
export function distanceOf ({ parts, width }: Rows, weights: Float64Array): (a: number, b: number) => number {
  const [first] = parts as [FieldArray]
  return (a, b) => {
    let [one, other, from, at] = [first, first, a * width, b * width]
    for (let k = 1; from >= one.length; k++) [from, one] = [from - one.length, parts[k]!]
    for (let k = 1; at >= other.length; k++) [at, other] = [at - other.length, parts[k]!]
    let sum = 0
    for (let k = 0; k < width; k++) {
      const difference = (one[from + k]! - other[at + k]!) * weights[k]!
      sum += difference * difference
    }
    return Math.sqrt(sum)
  }
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
