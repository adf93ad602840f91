/** Finds where a text can be cut (AssemblyScript). */
import { CRS, LFS, maskOf, storeVector } from './masks'
import { CR, LF } from './split'

const quotes = memory.data(16, 16)

/**
 * Finds where the last row ends that is whole, in a text that begins with a row: at the last line end before which quotes
 * are even. Where quotes stand as they must not, that may be wrong, but the fault comes before.
 * @param text  64 bytes behind it must be there
 * @returns bytes from its begin, 0 where no row is whole; a \r at the very end may be half of \r\n, and ends none
 */
export function lastRowEnd (text: usize, length: i32, quote: i32): i32 {
  storeVector(quote, quotes)
  if (!hasQuote(text, length)) {
    for (let at = length; at-- > 0;) {
      const byte: i32 = load<u8>(text + at)
      if (byte == LF || (byte == CR && at < length - 1)) return at + 1
    }
    return 0
  }
  let isInside: u64 = 0 // all ones within quotes
  let end: i32 = 0
  for (let at: i32 = 0; at < length; at += 64) {
    const block = text + at
    let inside = maskOf(block, quotes)
    inside ^= inside << 1 // each bit: whether quotes up to there are odd
    inside ^= inside << 2
    inside ^= inside << 4
    inside ^= inside << 8
    inside ^= inside << 16
    inside ^= inside << 32
    inside ^= isInside
    let returns = maskOf(block, CRS)
    const left = length - at
    if (left <= 64) returns &= <u64>-1 >> (65 - left)
    let ends = (maskOf(block, LFS) | returns) & ~inside
    if (left < 64) ends &= <u64>-1 >> (64 - left)
    if (ends != 0) end = at + 64 - <i32>clz(ends)
    isInside = <u64>(<i64>inside >> 63)
  }
  return end
}

/** Says whether a text may have a quote: most have none, and then the last line end is found from behind. */
function hasQuote (text: usize, length: i32): bool {
  const wanted = v128.load(quotes)
  let found = i8x16.splat(0)
  for (const end = text + length; text < end; text += 32) {
    found = v128.or(found, v128.or(i8x16.eq(v128.load(text), wanted), i8x16.eq(v128.load(text, 16), wanted)))
  }
  return v128.any_true(found)
}
