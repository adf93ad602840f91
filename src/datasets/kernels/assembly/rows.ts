/** Rows of equal length on their way into a split (AssemblyScript): those that are wanted, and how their numbers are spread. */

/** A column whose numbers are counted in bins: ../../table/spread.ts writes it. */
// @ts-ignore: decorator
@unmanaged
class Bins {
  least: f64
  /** bins per unit */
  scale: f64
  /** bytes from the begin of a row to its float32 */
  place: i32
  last: i32
  /** Uint32 of each bin */
  counts: i32
}

/** Bytes from one to the next. */
const BINS: usize = 32

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

/** Counts the numbers of columns in their bins, what lies outside in the nearest one; NaN is in none. @param rows  [count, rowBytes] */
export function countBins (rows: usize, count: i32, rowBytes: i32, columns: usize, width: i32): void {
  const lastColumn = columns + width * BINS
  for (const last = rows + count * rowBytes; rows < last; rows += rowBytes) {
    for (let column = columns; column < lastColumn; column += BINS) {
      const bins = changetype<Bins>(column)
      const value = <f64>load<f32>(rows + bins.place)
      if (value != value) continue
      const bin = max(min(<i32>((value - bins.least) * bins.scale), bins.last), 0)
      const counter = bins.counts + (bin << 2)
      store<u32>(counter, load<u32>(counter) + 1)
    }
  }
}
