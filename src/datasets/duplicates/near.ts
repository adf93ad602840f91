/**
 * Pairs of rows that are nearer to each other than a threshold, without comparing all: rows are projected to some normal
 * directions and cut into cells, and only rows of one cell are compared (locality-sensitive hashing; Datar, Immorlica,
 * Indyk, Mirrokni 2004). Where there are few rows all are compared. Pure; the same seed finds the same pairs.
 */
import { openStream } from '../../math/random.js'
import type { RowGroups } from './groups.js'
import { distanceOf, rowAt, type Rows } from './rows.js'

/** So many rows, and all are compared. */
const compareAll = 3000
/** Normal directions. */
const directions = 24
/**
 * A cell is as wide as 4 thresholds in 6 directions: two rows at the threshold share it with probability .8^6 = .26, at
 * half of it with .53; with 16 tables at least 99.2 % of the pairs are found, and all but 1 in 200,000 at half.
 */
const cellWidth = 4
const cellDirections = 6
const tables = 16
/** Rows after it, in the order of one direction, that a row of a crowded cell is compared with. */
const window = 64
/** Squared distances of projections are off by a factor of chi²(24) / 24: above this one once in 20,000 pairs at the threshold. */
const slack = 2.5
/** Work between two yields, in numbers compared. */
const workPerYield = 2e7

/**
 * Joins the rows of every pair that it finds.
 * @param among      numbers of the rows that are compared
 * @param weights    of the numbers of a row, as in distanceOf
 * @param threshold  > 0
 * @param groups     what is joined in it already is not compared again
 * @returns          how many pairs of one cell were not compared, because it holds too many rows: at most so many were missed
 * Cost              rows x (24 width + 16 x rows of a cell); holds 24 numbers per row
 */
export function * joinNear (
  rows: Rows, among: Int32Array, weights: Float64Array, threshold: number, { groups, seed }: { groups: RowGroups, seed: number }
): Generator<void, number> {
  const n = among.length
  const projected = yield * project(rows, among, weights, seed)
  const distance = distanceOf(rows, weights)
  const limit = slack * directions * threshold ** 2
  let leftOut = 0
  let work = 0

  function compare (a: number, b: number): void {
    let sum = 0
    for (let k = 0; k < directions && sum <= limit; k++) sum += (projected[a * directions + k]! - projected[b * directions + k]!) ** 2
    work += directions
    if (sum > limit || groups.isJoined(among[a]!, among[b]!)) return
    work += rows.width
    if (distance(among[a]!, among[b]!) <= threshold) groups.join(among[a]!, among[b]!)
  }

  for (const cells of n <= compareAll ? [[Int32Array.from({ length: n }, (_, i) => i)]] : cut(projected, n, threshold, seed)) {
    for (const cell of cells) {
      const reach = n <= compareAll ? n : window
      if (cell.length > reach) {
        cell.sort((a, b) => projected[a * directions]! - projected[b * directions]! || a - b)
        leftOut += (cell.length - reach - 1) * (cell.length - reach) / 2
      }
      for (let i = 0; i < cell.length; i++) {
        for (let j = i + 1; j < Math.min(cell.length, i + 1 + reach); j++) compare(cell[i]!, cell[j]!)
        if (work < workPerYield) continue
        work = 0
        yield
      }
    }
    yield
  }
  return leftOut
}

/** Rows by normal directions: the differences of two at distance d are d times a normal number each. @returns [rows, 24] */
function * project (rows: Rows, among: Int32Array, weights: Float64Array, seed: number): Generator<void, Float64Array> {
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
    if (work < 5 * workPerYield) continue
    work = 0
    yield
  }
  return projected
}

/** Cuts the rows into cells, once per table. @returns those with two rows and more, by place among the projected */
function * cut (projected: Float64Array, n: number, threshold: number, seed: number): Generator<Int32Array[]> {
  const width = cellWidth * threshold
  for (let table = 0; table < tables; table++) {
    const stream = openStream(seed, 'cells', table)
    const chosen = stream.permutation(directions).subarray(0, cellDirections)
    const offsets = Array.from(chosen, () => stream.uniform() * width)
    const cells = new Map<number, number[]>()
    for (let i = 0; i < n; i++) {
      let hash = 0 // cells that share one by chance cost comparisons, and nothing else
      chosen.forEach((d, k) => { hash = Math.imul(hash ^ Math.floor((projected[i * directions + d]! + offsets[k]!) / width), 0x5bd1e995) ^ (hash >>> 15) })
      const cell = cells.get(hash)
      if (cell === undefined) cells.set(hash, [i])
      else cell.push(i)
    }
    yield [...cells.values()].filter(({ length }) => length > 1).map(cell => Int32Array.from(cell))
  }
}
