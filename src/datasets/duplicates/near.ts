/**
 * Pairs of rows that are nearer to each other than a threshold, without comparing all: projected rows are cut into cells, and
 * only those of one cell are compared (locality-sensitive hashing; Datar, Immorlica, Indyk, Mirrokni 2004). Where there are
 * few rows all are compared. Pure; the same seed finds the same pairs.
 */
import { openStream } from '../../math/random.js'
import { directions, squareBetween } from './projection.js'

/** Rows as they are compared; places count the rows that are different. */
export interface Compared {
  /** [rows, 24] */
  projected: Float64Array
  /** distance at which each row has its neighbours, [rows] */
  scales: Float64Array
  /** of two places; where it is above `atMost`, some number above it will do */
  distance (a: number, b: number, atMost: number): number
  /** what is joined already is not compared again */
  isJoined (a: number, b: number): boolean
  join (a: number, b: number): void
  /** numbers of a row: what a distance costs */
  width: number
}

/** So many rows, and all are compared. */
const compareAll = 3000
/**
 * Cells are at least as wide as 4 thresholds in 6 directions: two rows at the threshold share one with probability
 * .8^6 = .26, at half of it with .53. Rows share a cell only where their scales have the same octave, whose borders are
 * others in every other table: copies have the same scale but for a part of their distance. So at least 8 of the 16 tables
 * hold both, and 91 % of the pairs at the threshold are found, 99.7 % at half.
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
 * Joins the rows of every pair that it finds: nearer than the threshold times the smaller of their scales.
 * @param threshold  > 0, in scales
 * @returns          how many pairs of one cell were not compared, because it holds too many rows: at most so many were missed
 * Cost              rows x 16 x rows of a cell
 */
export function * joinNear (compared: Compared, threshold: number, seed: number): Generator<void, number> {
  const { projected, scales, distance, isJoined, join, width } = compared
  const n = scales.length
  let leftOut = 0
  let work = 0

  function compare (a: number, b: number): void {
    const reach = threshold * Math.min(scales[a]!, scales[b]!)
    const limit = slack * directions * reach ** 2
    work += directions
    if (squareBetween(projected, a, b, limit) > limit || isJoined(a, b)) return
    work += width
    if (distance(a, b, reach) <= reach) join(a, b)
  }

  for (const cells of n <= compareAll ? [[Int32Array.from({ length: n }, (_, i) => i)]] : cut(compared, threshold, seed)) {
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

/** Cuts the rows into cells, once per table. @returns those with two rows and more */
function * cut ({ projected, scales }: Compared, threshold: number, seed: number): Generator<Int32Array[]> {
  for (let table = 0; table < tables; table++) {
    const stream = openStream(seed, 'cells', table)
    const chosen = stream.permutation(directions).subarray(0, cellDirections)
    const offsets = Array.from(chosen, () => stream.uniform())
    const cells = new Map<number, number[]>()
    for (let i = 0; i < scales.length; i++) {
      const octave = Math.floor(Math.log2(scales[i]!) + table % 2 / 2)
      const width = cellWidth * threshold * 2 ** (octave + 1 - table % 2 / 2)
      let hash = octave // cells that share one by chance cost comparisons, and nothing else
      chosen.forEach((d, k) => {
        hash = Math.imul(hash ^ Math.floor(projected[i * directions + d]! / width + offsets[k]!), 0x5bd1e995)
        hash ^= hash >>> 15
      })
      const cell = cells.get(hash)
      if (cell === undefined) cells.set(hash, [i])
      else cell.push(i)
    }
    yield [...cells.values()].filter(({ length }) => length > 1).map(cell => Int32Array.from(cell))
  }
}
