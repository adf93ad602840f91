/**
 * Runs of equal or packed integers, as Parquet writes levels and positions in a dictionary. The decoder believes what a run
 * says of its length, for ever where that is wrong: here it is looked at before.
 */

/** Packed integers come by eight, so the last run may be longer than what is left. */
const PADDING = 8

/**
 * Checks the runs of a page.
 * @param count  integers that there are at most
 * @throws RangeError where a run has more
 */
export function checkRuns (view: DataView, begin: number, end: number, bits: number, count: number): void {
  let at = begin
  for (let seen = 0; seen < count && at < end;) {
    let header = 0
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = view.getUint8(at++)
      header += (byte & 0x7f) * 2 ** shift
    }
    const half = Math.floor(header / 2)
    const isPacked = header % 2 === 1
    const length = isPacked ? 8 * half : half
    if (length > count - seen + PADDING) throw new RangeError(`a run of ${length} where ${count - seen} values are left`)
    seen += length
    at += isPacked ? half * bits : Math.ceil(bits / 8)
  }
}
