/** Splits rows that have a quote (AssemblyScript): in quotes a cell may hold separators, line ends and doubled quotes. */
import { readNumeral } from './numerals'
import {
  AFTER_QUOTE, ANYTHING, BLANK, CR, DONE, endRow, FULL, INNER_QUOTE, kindOf, LF, MORE, OPEN_QUOTE, QUOTE, SEPARATOR, WIDTH, Split
} from './split'

/** Splits one row, byte by byte. */
export function quotedRow (s: Split): i32 {
  const text: usize = s.text
  const isAll = s.endsWith != ANYTHING
  const separator = s.separator
  const quote = s.quote
  const point = s.point
  const bare = point == separator ? -1 : point
  const length = text + s.length
  let cell = s.cells
  let at = text + s.end
  let inside: i32 = 0 // line ends within quotes
  let byte: i32 = 0
  let isEmpty = true
  for (;;) {
    byte = load<u8>(at)
    while (kindOf(byte) == BLANK) byte = load<u8>(++at)
    if (cell == s.room) return FULL
    const value: usize = s.values + (cell << 3)
    let start = at
    let last: i32
    if (byte == quote) {
      start++
      let isDoubled = false
      for (at = start; at < length; at++) {
        byte = load<u8>(at)
        if (byte == quote) {
          if (load<u8>(at + 1) != quote) break
          isDoubled = true
          at++
        } else if (byte == CR || (byte == LF && load<u8>(at - 1) != CR)) {
          inside++
        }
      }
      if (at >= length) {
        s.faultLine = s.line
        return isAll ? OPEN_QUOTE : DONE
      }
      if (at == length - 1 && !isAll) return DONE // it may be half of a doubled one
      if (readNumeral(start, point, value) != at) store<f64>(value, NaN)
      last = <i32>(at - text)
      if (at > start) isEmpty = false
      if (isDoubled) last = ~last
      byte = load<u8>(++at)
      while (kindOf(byte) == BLANK) byte = load<u8>(++at)
      if (kindOf(byte) < SEPARATOR) {
        s.at = <i32>(at - text)
        s.faultLine = s.line + inside
        return AFTER_QUOTE
      }
    } else {
      at = readNumeral(start, bare, value)
      byte = load<u8>(at)
      let end = at
      if (kindOf(byte) < SEPARATOR) {
        while (kindOf(byte) == BLANK) byte = load<u8>(++at)
        if (kindOf(byte) < SEPARATOR) {
          store<f64>(value, NaN)
          while (kindOf(byte) < QUOTE) byte = load<u8>(++at)
          if (byte == quote) {
            s.at = <i32>(at - text)
            s.start = <i32>(start - text)
            s.faultLine = s.line
            return INNER_QUOTE
          }
          end = at
          while (kindOf(load<u8>(end - 1)) == BLANK) end--
        }
      }
      if (end > start) isEmpty = false
      last = <i32>(end - text)
    }
    store<i32>(<usize>s.starts + (cell << 2), <i32>(start - text))
    store<i32>(<usize>s.ends + (cell << 2), last)
    cell++
    // At the end of what is there a \r may be half of \r\n, and a cell may be half of one.
    if (!isAll && (at >= length || (at == length - 1 && byte == CR))) return DONE
    at++
    if (byte != separator) break
  }
  if (byte == CR && load<u8>(at) == LF && at < length) at++
  const count = cell - s.cells
  return endRow(s, count, at, 1 + inside, count == 1 && isEmpty) ? MORE : WIDTH
}
