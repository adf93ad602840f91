/** What is split, and what all that splits has in common (AssemblyScript): kinds of bytes, ways to end, rows that are taken. */

export const LF: i32 = 0x0a
export const CR: i32 = 0x0d
/** What a byte is, 0 where it is text. Those from SEPARATOR on end a cell; so do separator and line ends. */
export const BLANK: i32 = 1
export const QUOTE: i32 = 2
export const SEPARATOR: i32 = 3
const LINE_END: i32 = 4

/** Why splitting ended: the text did, there is no room for more cells, or a fault. */
export const DONE: i32 = 0
export const FULL: i32 = 1
export const WIDTH: i32 = 2
export const OPEN_QUOTE: i32 = 3
export const AFTER_QUOTE: i32 = 4
export const INNER_QUOTE: i32 = 5
/** Why rows of one kind ended: there may be more, or a quote came. */
export const MORE: i32 = 6
export const QUOTED: i32 = 7

/** What a text ends with: anything, or the end of the file; else a row. */
export const ANYTHING: i32 = 0
export const FILE: i32 = 1

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
  /** why splitting ended, for others */
  why: i32
  /** how many there are of the rows that are taken */
  cells: i32
}

const kinds = memory.data(256)

/** Learns what the bytes of a text are. */
export function learnKinds (s: Split): void {
  memory.fill(kinds, 0, 256)
  store<u8>(kinds + 0x20, BLANK)
  store<u8>(kinds + 0x09, BLANK)
  store<u8>(kinds + LF, LINE_END)
  store<u8>(kinds + CR, LINE_END)
  store<u8>(kinds + s.separator, SEPARATOR)
  if (s.quote >= 0) store<u8>(kinds + s.quote, QUOTE)
}

// @ts-ignore: decorator
@inline
export function kindOf (byte: i32): i32 {
  return load<u8>(kinds + byte)
}

/**
 * Takes the row of the next cells, unless it is an empty line.
 * @param next  where the row after it begins
 * @returns false where it has not the width of the others
 */
// @ts-ignore: decorator
@inline
export function endRow (s: Split, count: i32, next: usize, lines: i32, isEmpty: bool): bool {
  if (isEmpty) {
    // its cell is overwritten
  } else if (s.width > 0 && count != s.width) {
    s.count = count
    s.faultLine = s.line
    return false
  } else {
    s.width = count
    store<i32>(<usize>s.lines + (s.rows << 2), s.line)
    s.rows++
    s.cells += count
  }
  s.line += lines
  s.end = <i32>(min(next, <usize>(s.text + s.length)) - s.text)
  return true
}
