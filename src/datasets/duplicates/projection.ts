/** Rows in a few normal directions, where distances cost little, and how far apart rows are around each of them. Pure. */
import { openStream } from '../../math/random.js'
import { rowAt, type Rows } from './rows.js'

/** Normal directions. */
export const directions = 24
/** Rows that stand for all when a scale is measured, and which nearest of them it is: the nearest hundredth. */
const [references, nearest] = [500, 5]
/** Work between two yields, in numbers: well below a second. */
const workPerYield = 5e7

/**
 * Projects rows: the differences of two at distance d are d times a normal number each (Johnson, Lindenstrauss 1984).
 * @param among   numbers of the rows
 * @param weights of the numbers of a row, [width]
 * @returns       [rows, 24]
 */
export function * project (rows: Rows, among: Int32Array, weights: Float64Array, seed: number): Generator<void, Float64Array> {
  const stream = openStream(seed, 'directions')
  const matrix = Float64Array.from({ length: rows.width * directions }, (_, i) => stream.normal() * weights[Math.floor(i / directions)]!)
  const projected = new Float64Array(among.length * directions)
  let work = 0
  for (let i = 0; i < among.length; i++) {
    const row = rowAt(rows, among[i]!)
    for (let k = 0; k < rows.width; k++) {
      const value = row[k]!
      if (value === 0) continue // most of a drawn picture
      for (let d = 0; d < directions; d++) projected[i * directions + d]! += value * matrix[k * directions + d]!
    }
    work += rows.width * directions
    if (work < workPerYield) continue
    work = 0
    yield
  }
  return projected
}

/**
 * The distance from each row within which about a hundredth of all rows lies, from its projection: off by some 15 %, which is
 * the same for copies. Digits are far apart where they are written freely and near where they are a stroke; what is near is
 * near in its place (Zelnik-Manor, Perona 2004).
 * @returns [rows]
 */
export function * measureScales (projected: Float64Array, seed: number): Generator<void, Float64Array> {
  const n = projected.length / directions
  const chosen = openStream(seed, 'references').permutation(n).subarray(0, references)
  const scales = new Float64Array(n)
  let work = 0
  for (let i = 0; i < n; i++) {
    const smallest = new Float64Array(nearest).fill(Infinity) // squares, ascending
    for (const other of chosen) {
      if (other === i) continue
      const square = squareBetween(projected, i, other, smallest[nearest - 1]!)
      let at = nearest - 1
      if (square >= smallest[at]!) continue
      for (; at > 0 && smallest[at - 1]! > square; at--) smallest[at] = smallest[at - 1]!
      smallest[at] = square
    }
    scales[i] = Math.sqrt(smallest[nearest - 1]! / directions)
    work += chosen.length * directions
    if (work < workPerYield) continue
    work = 0
    yield
  }
  return scales
}

/** Squared distance of two projections; once it is above the limit, some number above it. */
export function squareBetween (projected: Float64Array, a: number, b: number, limit: number): number {
  let sum = 0
  for (let k = 0; k < directions && sum <= limit; k++) sum += (projected[a * directions + k]! - projected[b * directions + k]!) ** 2
  return sum
}
