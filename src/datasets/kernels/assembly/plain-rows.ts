/** Splits rows that have no quote (AssemblyScript): first where their cells end, by masks of 64 bytes, then the numbers in them. */
import { CRS, LFS, maskOf, storeVector } from './masks'
import { readDigits, readNumeral, readPlain, readTwo, scaleDigits } from './numerals'
import { ANYTHING, BLANK, CR, DONE, endRow, FILE, FULL, kindOf, LF, MORE, QUOTED, WIDTH, Split } from './split'

/** Bytes that are split before their numbers are read: they and what is known of their cells stay in the processor's first cache. */
const AT_ONCE: usize = 4096

/** Vectors of what is looked for. */
const points = memory.data(16, 16)
const separators = memory.data(16, 16)
const quotes = memory.data(16, 16)

/** Cells of which the digits are read: which one it is, and what readDigits() returned. */
const MOST_WAITING: i32 = 256
const waiting = memory.data(8 * MOST_WAITING, 16)

/** Splits some rows, up to one that has a quote. @returns why it ended */
export function plainRows (s: Split): i32 {
  const from = s.cells
  const why = markRows(s)
  readNumbers(s, from)
  return why
}

/** Finds rows and where their cells begin and end. */
function markRows (s: Split): i32 {
  storeVector(s.separator, separators)
  storeVector(s.quote, quotes)
  const text: usize = s.text
  const length = text + s.length
  const limit = length + usize(s.endsWith == FILE)
  const starts: usize = s.starts
  const ends: usize = s.ends
  const first = s.cells
  const begin = text + s.end
  let cell = first
  let wasReturn: u64 = 0
  store<i32>(starts + (cell << 2), s.end)
  for (let block = begin; block < limit; block += 64) {
    if (cell + 64 >= s.room) return FULL
    const within: u64 = block + 64 <= limit ? <u64>-1 : ((<u64>1) << (limit - block)) - 1
    const returns = maskOf(block, CRS) & within
    let lineEnds = returns | (maskOf(block, LFS) & within & ~((returns << 1) | wasReturn)) // \r\n is one
    wasReturn = returns >> 63
    const quoted = maskOf(block, quotes) & within
    if (quoted != 0) lineEnds &= (quoted - 1) & ~quoted // what is before the first
    let marks = lineEnds | (maskOf(block, separators) & within)
    if (quoted != 0) marks &= (quoted - 1) & ~quoted
    mark(marks, <i32>(block - text), starts + (cell << 2), ends + (cell << 2))
    for (; lineEnds != 0; lineEnds &= lineEnds - 1) {
      const at = block + <usize>ctz(lineEnds)
      let next = at + 1
      if (load<u8>(at) == CR) {
        if (s.endsWith == ANYTHING && next == length) return DONE // it may be half of \r\n
        if (next < length && load<u8>(next) == LF) next++
      }
      const count = cell + <i32>popcnt(marks & (lineEnds ^ (lineEnds - 1))) - s.cells
      if (count == 1 && isBlank(text + load<i32>(starts + (s.cells << 2)), at)) {
        endRow(s, count, next, 1, true)
        return MORE
      }
      if (!endRow(s, count, next, 1, false)) return WIDTH
      store<i32>(starts + (s.cells << 2), <i32>(next - text))
    }
    if (quoted != 0) return QUOTED
    cell += <i32>popcnt(marks)
    if (block >= begin + AT_ONCE && s.cells > first) return MORE
  }
  return DONE
}

/** Writes where cells end, and where those behind them begin: of which there is no fourth, nothing that counts. */
// @ts-ignore: decorator
@inline
function mark (marks: u64, block: i32, starts: usize, ends: usize): void {
  for (let left = <i32>popcnt(marks); left > 0; left -= 4, starts += 16, ends += 16) {
    for (let i: usize = 0; i < 16; i += 4) {
      const end = block + <i32>ctz(marks)
      store<i32>(ends + i, end)
      store<i32>(starts + i, end + 1, 4)
      marks &= marks - 1
    }
  }
}

function isBlank (begin: usize, end: usize): bool {
  while (begin < end && kindOf(load<u8>(begin)) == BLANK) begin++
  return begin == end
}

/** Reads the numbers of the last cells. */
function readNumbers (s: Split, from: i32): void {
  const bare = s.point == s.separator ? -1 : s.point // decimals after a separator are in quotes
  storeVector(bare, points)
  const text: usize = s.text
  const starts: usize = s.starts
  const ends: usize = s.ends
  const values: usize = s.values
  const last = s.cells
  let end = waiting
  for (let cell = from; cell < last;) {
    const value = values + (cell << 3)
    if (cell + 1 < last && readTwo(text, starts + (cell << 2), ends + (cell << 2), points, value)) {
      cell += 2
      continue
    }
    const begin = text + load<i32>(starts + (cell << 2))
    const until = text + load<i32>(ends + (cell << 2))
    const decimals = readDigits(begin, until, points, value)
    if (decimals != 0) {
      store<i32>(end, cell)
      store<i32>(end, decimals, 4)
      end += 8
      if (end == waiting + 8 * MOST_WAITING) {
        scaleAll(s, end, bare)
        end = waiting
      }
    } else if (load<u8>(begin) > 0x39 || !readPlain(begin, until, points, value)) { // most words begin with a letter
      readAny(s, cell, bare)
    }
    cell++
  }
  scaleAll(s, end, bare)
}

/** Makes numbers of the digits that wait for it. */
function scaleAll (s: Split, end: usize, bare: i32): void {
  for (let at = waiting; at < end; at += 8) {
    const cell = load<i32>(at)
    if (!scaleDigits(<usize>s.values + (cell << 3), load<i32>(at, 4))) readAny(s, cell, bare)
  }
}

/** Reads a cell that is not plain, and leaves out the blanks around it. */
function readAny (s: Split, cell: i32, bare: i32): void {
  const text: usize = s.text
  let begin = text + load<i32>(<usize>s.starts + (cell << 2))
  let end = text + load<i32>(<usize>s.ends + (cell << 2))
  const value = <usize>s.values + (cell << 3)
  while (begin < end && kindOf(load<u8>(begin)) == BLANK) begin++
  while (end > begin && kindOf(load<u8>(end - 1)) == BLANK) end--
  if (end == begin || readNumeral(begin, bare, value) != end) store<f64>(value, NaN)
  store<i32>(<usize>s.starts + (cell << 2), <i32>(begin - text))
  store<i32>(<usize>s.ends + (cell << 2), <i32>(end - text))
}
