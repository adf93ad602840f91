/**
 * Splits bytes of CSV text into rows as RFC 4180 says, and reads the numbers in them, in one go (AssemblyScript): cells
 * between separators, trimmed; in quotes a cell may hold separators, line ends and doubled quotes. Lines end with \n, \r\n
 * or \r, mixed as they come; empty ones are left out. ../../formats/csv/splitter.ts has the words for what is wrong.
 */
import { readNumeral, readPlain } from './numerals'

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
/** Why rows of one kind ended: there may be more, or a quote came. */
const MORE: i32 = 6
const QUOTED: i32 = 7

/** What a text ends with: anything, or the end of the file; else a row. */
const ANYTHING: i32 = 0
const FILE: i32 = 1

/** What is split and what came of it: ../../formats/csv/splitter.ts writes and reads it. Pointers are bytes of the memory. */
// @ts-ignore: decorator
@unmanaged
export class Split {
  /** the text; behind it there is room for a line end and what is looked at together, 64 bytes */
  text: i32
  length: i32
  /** what it ends with */
  endsWith: i32
  /** each a byte, -1 where there is none */
  separator: i32
  quote: i32
  point: i32
  /** cells of a row, 0 where the first row tells */
  width: i32
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
/** Vectors of what is looked for. */
const points = memory.data(16, 16)
const separators = memory.data(16, 16)
const quotes = memory.data(16, 16)
const LFS = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16)
const CRS = memory.data<u64>([0x0d0d0d0d0d0d0d0d, 0x0d0d0d0d0d0d0d0d], 16)

// @ts-ignore: decorator
@inline
function kindOf (byte: i32): i32 {
  return load<u8>(kinds + byte)
}

/** What the rows of one call have in common, and how far they are. */
let length: usize = 0
let used: i32 = 0

/** Splits what is whole from `end` on, as much as there is room for. @returns why it ended */
export function split (s: Split): i32 {
  memory.fill(kinds, 0, 256)
  store<u8>(kinds + 0x20, BLANK)
  store<u8>(kinds + 0x09, BLANK)
  store<u8>(kinds + LF, LINE_END)
  store<u8>(kinds + CR, LINE_END)
  store<u8>(kinds + s.separator, SEPARATOR)
  if (s.quote >= 0) store<u8>(kinds + s.quote, QUOTE)
  length = <usize>s.text + s.length
  used = 0
  s.rows = 0
  store<u8>(length, <u8>LF) // every search ends
  let why = MORE
  while (why == MORE && s.end < s.length) {
    why = plainRows(s)
    if (why == QUOTED) why = quotedRow(s)
  }
  return why == MORE ? DONE : why
}

/** Splits rows up to one that has a quote. Where cells end is found by the mask of 64 bytes, before anything is read of them. */
function plainRows (s: Split): i32 {
  const text: usize = s.text
  const isAll = s.endsWith != ANYTHING
  const separator = s.separator
  const quote = s.quote
  const bare = s.point == separator ? -1 : s.point // decimals after a separator are in quotes
  v128.store(points, i8x16.splat(<i8>(bare < 0 ? 0xff : bare))) // no text has the byte 255
  v128.store(separators, i8x16.splat(<i8>separator))
  v128.store(quotes, i8x16.splat(<i8>(quote < 0 ? LF : quote)))
  const room = s.room
  const starts: usize = s.starts
  const ends: usize = s.ends
  const values: usize = s.values
  const limit = s.endsWith == FILE ? length + 1 : length
  let first = used
  let start = text + s.end
  for (let block = start; block <= length; block += 64) {
    let marks = marksOf(block) | (marksOf(block + 16) << 16) |
      (marksOf(block + 32) << 32) | (marksOf(block + 48) << 48)
    for (; marks != 0; marks &= marks - 1) {
      const at = block + <usize>ctz(marks)
      if (at < start) continue // the second half of \r\n
      if (at >= limit) return DONE
      const byte: i32 = load<u8>(at)
      if (byte == quote) {
        used = first
        return QUOTED
      }
      if (used == room) {
        used = first
        return FULL
      }
      const value = values + (used << 3)
      let begin = start
      let end = at
      if (!readPlain(start, at, points, value)) {
        while (begin < end && kindOf(load<u8>(begin)) == BLANK) begin++
        while (end > begin && kindOf(load<u8>(end - 1)) == BLANK) end--
        if (end == begin || readNumeral(begin, bare, value) != end) store<f64>(value, NaN)
      }
      store<i32>(starts + (used << 2), <i32>(begin - text))
      store<i32>(ends + (used << 2), <i32>(end - text))
      used++
      start = at + 1
      if (byte == separator) continue
      if (byte == CR) {
        // At the end of what is there it may be half of \r\n.
        if (!isAll && at == length - 1) return DONE
        if (load<u8>(start) == LF && start < length) start++
      }
      const isEmpty = used - first == 1 && begin == end
      if (!endRow(s, first, start, 1, isEmpty)) return WIDTH
      first = used
    }
  }
  return DONE
}

// @ts-ignore: decorator
@inline
function marksOf (block: usize): u64 {
  const bytes = v128.load(block)
  return <u64>i8x16.bitmask(v128.or(
    v128.or(i8x16.eq(bytes, v128.load(separators)), i8x16.eq(bytes, v128.load(quotes))),
    v128.or(i8x16.eq(bytes, v128.load(LFS)), i8x16.eq(bytes, v128.load(CRS)))
  ))
}

/** Splits one row, byte by byte. */
function quotedRow (s: Split): i32 {
  const text: usize = s.text
  const isAll = s.endsWith != ANYTHING
  const separator = s.separator
  const quote = s.quote
  const point = s.point
  const bare = point == separator ? -1 : point
  const first = used
  let at = text + s.end
  let inside: i32 = 0 // line ends within quotes
  let byte: i32 = 0
  let isEmpty = true
  for (;;) {
    byte = load<u8>(at)
    while (kindOf(byte) == BLANK) byte = load<u8>(++at)
    if (used == s.room) {
      used = first
      return FULL
    }
    const value: usize = s.values + (used << 3)
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
    store<i32>(<usize>s.starts + (used << 2), <i32>(start - text))
    store<i32>(<usize>s.ends + (used << 2), last)
    used++
    // At the end of what is there a \r may be half of \r\n, and a cell may be half of one.
    if (!isAll && (at >= length || (at == length - 1 && byte == CR))) return DONE
    at++
    if (byte != separator) break
  }
  if (byte == CR && load<u8>(at) == LF && at < length) at++
  return endRow(s, first, at, 1 + inside, used - first == 1 && isEmpty) ? MORE : WIDTH
}

/**
 * Takes the row whose cells begin at `first`, unless it is an empty line.
 * @param next  where the next one begins
 * @returns false where it has not the width of the others
 */
// @ts-ignore: decorator
@inline
function endRow (s: Split, first: i32, next: usize, lines: i32, isEmpty: bool): bool {
  const count = used - first
  if (isEmpty) {
    used = first
  } else if (s.width > 0 && count != s.width) {
    s.count = count
    s.faultLine = s.line
    return false
  } else {
    s.width = count
    store<i32>(<usize>s.lines + (s.rows << 2), s.line)
    s.rows++
  }
  s.line += lines
  s.end = <i32>(min(next, length) - s.text)
  return true
}

/**
 * Finds where the last row ends that is whole, in a text that begins with a row: at the last line end before which quotes
 * are even. Where quotes stand as they must not, that may be wrong, but the fault comes before.
 * @param text  64 bytes behind it must be there
 * @returns bytes from its begin, 0 where no row is whole; a \r at the very end may be half of \r\n, and ends none
 */
export function lastRowEnd (text: usize, length: i32, quote: i32): i32 {
  v128.store(quotes, i8x16.splat(<i8>(quote < 0 ? 0xff : quote))) // no text has the byte 255
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

// @ts-ignore: decorator
@inline
function maskOf (block: usize, byte: usize): u64 {
  const wanted = v128.load(byte)
  return <u64>i8x16.bitmask(i8x16.eq(v128.load(block), wanted)) | (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 16), wanted)) << 16) |
    (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 32), wanted)) << 32) | (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 48), wanted)) << 48)
}
