/**
 * Splits bytes of CSV text into rows as RFC 4180 says, and reads the numbers in them, in one go (AssemblyScript): cells
 * between separators, trimmed; in quotes a cell may hold separators, line ends and doubled quotes. Lines end with \n, \r\n
 * or \r, mixed as they come; empty ones are left out. ../../formats/csv/splitter.ts has the words for what is wrong.
 */
import { readNumeral } from './numerals'

const LF: i32 = 0x0a
const CR: i32 = 0x0d
/** What a byte is, 0 where it is text. Those from SEPARATOR on end a cell; so do separator and line ends. */
const BLANK: i32 = 1
const QUOTE: i32 = 2
const SEPARATOR: i32 = 3
const LINE_END: i32 = 4

/** Why splitting ended: the text did, there is no room for more cells, or a fault. */
export const DONE: i32 = 0
export const FULL: i32 = 1
export const WIDTH: i32 = 2
export const OPEN_QUOTE: i32 = 3
export const AFTER_QUOTE: i32 = 4
export const INNER_QUOTE: i32 = 5

/** What is split and what came of it: ../../formats/csv/splitter.ts writes and reads it. Pointers are bytes of the memory. */
// @ts-ignore: decorator
@unmanaged
export class Split {
  /** the text; behind it there is room for a line end and eight bytes */
  text: i32
  length: i32
  isAll: i32
  /** each a byte, -1 where there is none */
  separator: i32
  quote: i32
  point: i32
  /** cells of a row, 0 where the first row tells */
  width: i32
  /** rows that are left out */
  skip: i32
  line: i32
  /** where the rest begins, in the text */
  end: i32
  /** places for cells and for lines */
  room: i32
  starts: i32
  /** negative, as ~end, where a cell has doubled quotes */
  ends: i32
  values: i32
  lines: i32
  rows: i32
  /** of a fault: where it is, in the text; where its cell begins; its line; the cells of its line */
  at: i32
  start: i32
  faultLine: i32
  count: i32
}

const kinds = memory.data(256)

// @ts-ignore: decorator
@inline
function kindOf (byte: i32): i32 {
  return load<u8>(kinds + byte)
}

/** Splits what is whole from `end` on, as much as there is room for. @returns why it ended */
export function split (s: Split): i32 {
  memory.fill(kinds, 0, 256)
  store<u8>(kinds + 0x20, BLANK)
  store<u8>(kinds + 0x09, BLANK)
  store<u8>(kinds + LF, LINE_END)
  store<u8>(kinds + CR, LINE_END)
  store<u8>(kinds + s.separator, SEPARATOR)
  if (s.quote >= 0) store<u8>(kinds + s.quote, QUOTE)
  const text: usize = s.text
  const length = text + s.length
  const isAll = s.isAll != 0
  const separator = s.separator
  const quote = s.quote
  const point = s.point
  const bare = point == separator ? -1 : point // decimals after a separator are in quotes
  const room = s.room
  const starts: usize = s.starts
  const ends: usize = s.ends
  const values: usize = s.values
  let width = s.width
  let line = s.line
  let rows: i32 = 0
  let used: i32 = 0
  let at = text + s.end
  store<u8>(length, <u8>LF) // every search ends
  s.rows = 0
  while (at < length) {
    const first = used
    let inside: i32 = 0 // line ends within quotes
    let byte: i32 = 0
    let isEmpty = true
    for (;;) {
      byte = load<u8>(at)
      while (kindOf(byte) == BLANK) byte = load<u8>(++at)
      if (used == room) return FULL
      const value = values + (used << 3)
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
          s.faultLine = line
          return isAll ? OPEN_QUOTE : DONE
        }
        if (at == length - 1 && !isAll) return DONE // it may be half of a doubled one
        if (readNumeral(start, point, value) != at) store<f64>(value, NaN)
        last = <i32>(at - text)
        if (last > <i32>(start - text)) isEmpty = false
        if (isDoubled) last = ~last
        byte = load<u8>(++at)
        while (kindOf(byte) == BLANK) byte = load<u8>(++at)
        if (kindOf(byte) < SEPARATOR) {
          s.at = <i32>(at - text)
          s.faultLine = line + inside
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
              s.faultLine = line
              return INNER_QUOTE
            }
            end = at
            while (kindOf(load<u8>(end - 1)) == BLANK) end--
          }
        }
        if (end > start) isEmpty = false
        last = <i32>(end - text)
      }
      store<i32>(starts + (used << 2), <i32>(start - text))
      store<i32>(ends + (used << 2), last)
      used++
      // At the end of what is there a \r may be half of \r\n, and a cell may be half of one.
      if (!isAll && (at >= length || (at == length - 1 && byte == CR))) return DONE
      at++
      if (byte != separator) break
    }
    if (byte == CR && load<u8>(at) == LF && at < length) at++
    const count = used - first
    if (count == 1 && isEmpty) {
      used = first
    } else if (s.skip > 0) {
      s.skip--
      used = first
    } else if (width > 0 && count != width) {
      s.count = count
      s.faultLine = line
      return WIDTH
    } else {
      width = count
      store<i32>(<usize>s.lines + (rows << 2), line)
      s.rows = ++rows
      s.width = width
    }
    line += 1 + inside
    s.line = line
    s.end = <i32>(min(at, length) - text)
  }
  return DONE
}
