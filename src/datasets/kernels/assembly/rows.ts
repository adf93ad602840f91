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
  /** Uint32 of what is in no bin, then of each bin */
  counts0: i32
  counts1: i32
}

/** Bytes from two columns to the next. */
const BINS: usize = 64
/** Of Bins: to the last bins, and to the counts. */
const LAST: usize = 40
const COUNTS: usize = 48

/** Rows of which one pair of columns after the other is counted: they stay in the processor's first cache. */
const ROWS: i32 = 64

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
 * Counts the numbers of columns in their bins, what lies outside in the nearest one; NaN is in none. Without a branch, for
 * which bin it is cannot be foreseen.
 * @param rows  [count, rowBytes]
 * @param columns  Bins, `pairs` of them
 */
export function countBins (rows: usize, count: i32, rowBytes: i32, columns: usize, pairs: i32): void {
  const end = columns + pairs * BINS
  const one = i32x4.splat(1)
  for (; count > 0; count -= ROWS, rows += ROWS * rowBytes) {
    const here = min(count, ROWS)
    for (let pair = columns; pair < end; pair += BINS) {
      const least = v128.load(pair)
      const scale = v128.load(pair, 16)
      const last = v128.load64_zero(pair, LAST)
      const counts = v128.load64_zero(pair, COUNTS)
      let from0 = rows + changetype<Bins>(pair).place0
      let from1 = rows + changetype<Bins>(pair).place1
      for (let row = 0; row < here; row++) {
        const floats = v128.load32_lane(from1, v128.load32_zero(from0), 1)
        const values = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(floats), least), scale)
        const bins = i32x4.max_s(i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(values), last), i32x4.splat(0))
        const places = v128.and(i32x4.add(bins, one), f32x4.eq(floats, floats)) // 0 for NaN
        const counters = i64x2.extract_lane(i32x4.add(i32x4.shl(places, 2), counts), 0)
        const counter0 = <usize>counters
        const counter1 = <usize>(counters >>> 32)
        store<u32>(counter0, load<u32>(counter0) + 1)
        store<u32>(counter1, load<u32>(counter1) + 1)
        from0 += rowBytes
        from1 += rowBytes
      }
    }
  }
}
