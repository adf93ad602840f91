/** Undoes the filters of a PNG's rows (AssemblyScript). Source: PNG Specification, Third Edition, 9. */

/**
 * Undoes the filters of rows, each of which begins with the number of its own.
 * @param rows  [count, 1 + rowBytes]
 * @param step  bytes of a pixel, 1 where it has less
 * @param into  [count, rowBytes], behind step + rowBytes bytes of zeros: what stands above the first row, and left of it
 * @returns the first row whose number is none of a filter, -1 where there is none
 */
export function unfilter (rows: usize, count: i32, rowBytes: i32, step: i32, into: usize): i32 {
  for (let row = 0; row < count; row++) {
    const filter = load<u8>(rows++)
    const first = into + step
    const end = into + rowBytes
    const from = rows - into
    switch (filter) {
      case 0:
        memory.copy(into, rows, rowBytes)
        break
      case 1:
        memory.copy(into, rows, step)
        for (let at = first; at < end; at++) store<u8>(at, load<u8>(at + from) + load<u8>(at - step))
        break
      case 2:
        for (let at = into; at < end; at++) store<u8>(at, load<u8>(at + from) + load<u8>(at - rowBytes))
        break
      case 3:
        for (let at = into; at < first; at++) store<u8>(at, load<u8>(at + from) + (load<u8>(at - rowBytes) >> 1))
        for (let at = first; at < end; at++) {
          store<u8>(at, load<u8>(at + from) + <u8>((<i32>load<u8>(at - step) + <i32>load<u8>(at - rowBytes)) >> 1))
        }
        break
      case 4:
        for (let at = into; at < first; at++) store<u8>(at, load<u8>(at + from) + load<u8>(at - rowBytes))
        for (let at = first; at < end; at++) {
          store<u8>(at, load<u8>(at + from) + <u8>paeth(load<u8>(at - step), load<u8>(at - rowBytes), load<u8>(at - rowBytes - step)))
        }
        break
      default: return row
    }
    rows += rowBytes
    into += rowBytes
  }
  return -1
}

/** The neighbour that is nearest to left + above - corner. */
// @ts-ignore: decorator
@inline
function paeth (left: i32, above: i32, corner: i32): i32 {
  const a = abs(above - corner)
  const b = abs(left - corner)
  const c = abs(above + left - 2 * corner)
  return select(left, select(above, corner, b <= c), a <= b && a <= c)
}
