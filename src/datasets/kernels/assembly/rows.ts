/** Rows of equal length on their way into a split (AssemblyScript): those that are wanted, and how their numbers are spread. */

/** Two columns whose numbers are counted in bins: ../../table/spread.ts writes it. */
// @ts-ignore: decorator
@unmanaged
class Bins {
  /** f64x2 */
  least0: f64
  least1: f64
  /** f64x2: bins per unit */
  scale0: f64
  scale1: f64
  /** bytes from the begin of a row to its float32 */
  place0: i32
  place1: i32
  last0: i32
  last1: i32
  /** Uint32 of each bin */
  counts0: i32
  counts1: i32
}

/** Bytes from two columns to the next. */
const BINS: usize = 64

/**
 * Copies rows, each behind the last one that is wanted: which one is wanted cannot be foreseen, and a branch on it takes
 * longer than the copy.
 * @param rows  [count, rowBytes]; sixteen bytes behind them must be there, and behind the copies
 * @param marks  a byte for each
 * @returns bytes of the rows that are wanted
 */
export function pick (rows: usize, count: i32, rowBytes: i32, marks: usize, wanted: i32, into: usize): i32 {
  let end = into
  for (const last = marks + count; marks < last; marks++, rows += rowBytes) {
    for (let at = 0; at < rowBytes; at += 16) v128.store(end + at, v128.load(rows + at))
    end += rowBytes & -i32(load<u8>(marks) == wanted)
  }
  return <i32>(end - into)
}

/**
 * Counts the numbers of columns in their bins, what lies outside in the nearest one; NaN is in none.
 * @param rows  [count, rowBytes]
 * @param columns  Bins, `pairs` of them
 */
export function countBins (rows: usize, count: i32, rowBytes: i32, columns: usize, pairs: i32): void {
  const end = columns + pairs * BINS
  for (const last = rows + count * rowBytes; rows < last; rows += rowBytes) {
    for (let pair = columns; pair < end; pair += BINS) {
      const bins = changetype<Bins>(pair)
      const floats = v128.load32_lane(rows + bins.place1, v128.load32_zero(rows + bins.place0), 1)
      const values = f64x2.promote_low_f32x4(floats)
      const places = i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(f64x2.sub(values, v128.load(pair)), v128.load(pair, 16)))
      const numbers = f64x2.eq(values, values) // all ones but for NaN
      count1(bins.counts0, i32x4.extract_lane(places, 0), bins.last0, i32x4.extract_lane(numbers, 0))
      count1(bins.counts1, i32x4.extract_lane(places, 1), bins.last1, i32x4.extract_lane(numbers, 2))
    }
  }
}

/** Adds 1 to a bin; without a branch, for which bin it is cannot be foreseen. @param isNumber  -1, or 0 for what is none */
// @ts-ignore: decorator
@inline
function count1 (counts: i32, bin: i32, last: i32, isNumber: i32): void {
  const counter = <usize>counts + (<usize>max(min(bin, last), 0) << 2)
  store<u32>(counter, load<u32>(counter) - isNumber)
}
