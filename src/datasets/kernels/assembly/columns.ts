/** Sums over the columns of a table's rows, two columns at once (AssemblyScript). Every column's sums run in the order of its rows. */

/** Beyond 2^24 float32 has not every integer. */
const EXACT_BELOW: f64 = 16777216

/** Bytes of the sums of two columns: a vector each of first number, sum, squares, least, greatest, and whether all are plain. */
const PAIR: usize = 96

/** Rows of which one pair of columns after the other is summed: the sums are read and written once for all of them. */
const ROWS: i32 = 8

/**
 * Rounds the numbers of chosen columns to float32, and adds them to sums as src/datasets/table/moments.ts does.
 * @param values  [rows, width]
 * @param places  of the columns, an even number of them: bytes from the begin of a row
 * @param sums  of each two columns PAIR bytes; the last vector keeps its bits where every number lies between -2^24 and 2^24
 * @param into  float32 [rows, count]
 */
export function gather (values: usize, rows: i32, width: i32, places: usize, count: i32, sums: usize, into: usize): void {
  const most = f64x2.splat(EXACT_BELOW)
  const least = f64x2.splat(-EXACT_BELOW)
  const lastPlace = places + (count << 2)
  const rowBytes = width << 3
  const outBytes = count << 2
  while (rows > 0) {
    const here = min(rows, ROWS)
    let pair = sums
    let column = into
    for (let place = places; place < lastPlace; place += 8, pair += PAIR, column += 8) {
      let from0 = values + load<u32>(place)
      let from1 = values + load<u32>(place, 4)
      let out = column
      const first = v128.load(pair)
      let sum = v128.load(pair, 16)
      let squares = v128.load(pair, 32)
      let smallest = v128.load(pair, 48)
      let greatest = v128.load(pair, 64)
      let isPlain = v128.load(pair, 80)
      const isLast = place + 4 == lastPlace // of an odd number of columns: the last pair is one column twice
      for (let row = 0; row < here; row++) {
        const value = v128.load64_lane(from1, v128.load64_zero(from0), 1)
        const rounded = f32x4.demote_f64x2_zero(value)
        if (isLast) v128.store32_lane(out, rounded, 0)
        else v128.store64_lane(out, rounded, 0)
        const difference = f64x2.sub(value, first)
        sum = f64x2.add(sum, difference)
        squares = f64x2.add(squares, f64x2.mul(difference, difference))
        smallest = f64x2.pmin(smallest, value)
        greatest = f64x2.pmax(greatest, value)
        isPlain = v128.and(isPlain, v128.and(f64x2.lt(value, most), f64x2.gt(value, least)))
        from0 += rowBytes
        from1 += rowBytes
        out += outBytes
      }
      v128.store(pair, sum, 16)
      v128.store(pair, squares, 32)
      v128.store(pair, smallest, 48)
      v128.store(pair, greatest, 64)
      v128.store(pair, isPlain, 80)
    }
    values += here * rowBytes
    into += here * outBytes
    rows -= here
  }
}
