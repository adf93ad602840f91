/**
 * Splits bytes of CSV text into rows as RFC 4180 says, and reads the numbers in them, in one go (AssemblyScript): cells
 * between separators, trimmed; in quotes a cell may hold separators, line ends and doubled quotes. Lines end with \n, \r\n
 * or \r, mixed as they come; empty ones are left out. ../../formats/csv/splitter.ts has the words for what is wrong.
 */
import { plainRows } from './plain-rows'
import { quotedRow } from './quoted-row'
import { DONE, learnKinds, LF, MORE, QUOTED, Split } from './split'

/** Splits what is whole from `end` on, as much as there is room for. @returns why it ended */
export function split (s: Split): i32 {
  learnKinds(s)
  s.rows = 0
  s.cells = 0
  store<u8>(<usize>(s.text + s.length), <u8>LF) // every search ends
  let why = MORE
  while (why == MORE && s.end < s.length) {
    why = plainRows(s)
    if (why == QUOTED) why = quotedRow(s)
  }
  return why == MORE ? DONE : why
}
