/** Sums over the columns of a table's rows, two columns at once (AssemblyScript). Every column's sums run in the order of its rows. */

/** Beyond 2^24 float32 has not every integer. */
const EXACT_BELOW: f64 = 16777216

/** Bytes of the sums of two columns: a vector each of first number, sum, squares, least, greatest, and whether all are plain. */
const PAIR: usize = 96

/**
 * Rounds the numbers of chosen columns to float32, and adds them to sums as src/datasets/table/moments.ts does.
 * @param values  [rows, width]
 * @param places  of the columns, an even number of them: bytes from the begin of a row
 * @param sums  of each two columns PAIR bytes; the last vector keeps its bits where every number lies between -2^24 and 2^24
 * @param into  float32 [rows, count], with room for one more
 */
export function gather (values: usize, rows: i32, width: i32, places: usize, count: i32, sums: usize, into: usize): void {
  const most = f64x2.splat(EXACT_BELOW)
  const least = f64x2.splat(-EXACT_BELOW)
  const lastPlace = places + (count << 2)
  for (let row = values, end = values + <usize>rows * <usize>width * 8; row < end; row += width << 3) {
    let pair = sums
    let out = into
    for (let place = places; place < lastPlace; place += 8, pair += PAIR, out += 8) {
      const value = v128.load64_lane(row + load<u32>(place, 4), v128.load64_zero(row + load<u32>(place)), 1)
      v128.store64_lane(out, f32x4.demote_f64x2_zero(value), 0)
      const difference = f64x2.sub(value, v128.load(pair))
      v128.store(pair, f64x2.add(v128.load(pair, 16), difference), 16)
      v128.store(pair, f64x2.add(v128.load(pair, 32), f64x2.mul(difference, difference)), 32)
      v128.store(pair, f64x2.pmin(v128.load(pair, 48), value), 48)
      v128.store(pair, f64x2.pmax(v128.load(pair, 64), value), 64)
      v128.store(pair, v128.and(v128.load(pair, 80), v128.and(f64x2.lt(value, most), f64x2.gt(value, least))), 80)
    }
    into += count << 2
  }
}
