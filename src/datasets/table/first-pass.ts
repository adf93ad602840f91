/**
 * Reads a file of a table for the first time: profiles of its columns, targets, groups. While every input is a number its
 * rows go to a spool as they are read, so that a table of numbers is read once only; encode.ts reads all others again.
 */
import type { Pieces, ReadContext } from '../dataset-file.js'
import { broken, type UploadedFile } from '../limits.js'
import { openFloats } from './floats.js'
import type { Header } from './header.js'
import { addMissingCell, addNumberCell, addNumberText, addWordCell, type ColumnProfile, type Place, type Reading } from './profile.js'
import { isMissing, type MissingWords } from './missing.js'
import type { Cells, TableSource } from './source.js'
import { openCodes, type TargetReader } from './targets.js'

export interface FirstPass {
  source: TableSource
  header: Header
  /** where each column of the training file stands in this one */
  places: number[]
  split: 'train' | 'test'
  profiles: readonly ColumnProfile[]
  missing: MissingWords
  target: TargetReader
  group: number | undefined
  groups: Map<string, number>
}

export interface FileRows {
  pass: FirstPass
  count: number
  target: Pieces
  /** codes of the target's classes, in the order in which they came */
  labels: Int32Array | undefined
  groups: Int32Array | undefined
  /** the inputs, if every one of them is a number in every row */
  numbers: Pieces | undefined
}

/** Gives the rows of a file, piece by piece, with the first row of each piece: the line of names is none. */
export async function * rowsOf (source: TableSource, { skipsFirst }: Header): AsyncGenerator<{ cells: Cells, from: number }> {
  let isFirst = skipsFirst
  for await (const cells of source.read()) {
    yield { cells, from: isFirst && cells.rows > 0 ? 1 : 0 }
    if (cells.rows > 0) isFirst = false
  }
}

/** Reads a file. @param budget  of words @throws AppError invalid_dataset naming the file, the line, the column and the rule */
export async function readFirst (pass: FirstPass, { folder, tally }: ReadContext, budget: Reading['budget']): Promise<FileRows> {
  const { source: { file }, target, split, profiles } = pass
  const floats = openFloats(folder)
  const groups = openCodes()
  const reading: Reading = { file, split, budget }
  let areNumbers = !profiles.some(({ readsWords }) => readsWords)
  let count = 0
  for await (const { cells, from } of rowsOf(pass.source, pass.header)) {
    for (let row = from; row < cells.rows; row++) {
      tally.addRows(file, 1, cells.lineOf(row))
      tally.addCells(file, profiles.length, cells.lineOf(row))
      const aim = target.read(cells, row)
      if (pass.group !== undefined) groups.add(codeGroup(pass, cells, row))
      for (const profile of profiles) {
        const value = readCell(profile, cells, row, aim, pass, reading)
        if (areNumbers) floats.add(value)
        if (areNumbers && Number.isNaN(value)) areNumbers = false
      }
      count++
    }
  }
  if (count === 0) throw broken(file, 'there must be a row of data, got none')
  const numbers = floats.finish()
  const { pieces, codes } = target.finish()
  return { pass, count, target: pieces, labels: codes, groups: pass.group === undefined ? undefined : groups.finish(), numbers: areNumbers ? numbers : undefined }
}

/** Reads a cell into its profile. @returns the number that it has, NaN where it has none */
function readCell (profile: ColumnProfile, cells: Cells, row: number, target: number, pass: FirstPass, reading: Reading): number {
  const column = pass.places[profile.position]!
  const value = profile.readsWords ? NaN : cells.number(row, column)
  if (!Number.isNaN(value) && (pass.missing.numbers.length === 0 || !pass.missing.numbers.includes(value))) {
    if (addNumberCell(profile, value, target)) addNumberText(profile, value, placeOf(cells, row, column, reading.file), reading)
    return value
  }
  const place = placeOf(cells, row, column, reading.file)
  if (isMissing(pass.missing, place.text, value)) addMissingCell(profile, place, reading)
  else addWordCell(profile, place, target, reading)
  return NaN
}

function placeOf (cells: Cells, row: number, column: number, file: UploadedFile): Place {
  return { file, line: cells.lineOf(row), text: cells.text(row, column) }
}

/** Different groups; they lie in memory. */
const MAX_GROUPS = 1_000_000

function codeGroup ({ group, groups, source: { file }, places }: FirstPass, cells: Cells, row: number): number {
  const text = cells.text(row, places[group!]!)
  const known = groups.get(text)
  if (known !== undefined) return known
  if (groups.size === MAX_GROUPS) throw broken(file, `line ${cells.lineOf(row)}: groupColumn must have at most ${MAX_GROUPS} different cells, got more`)
  groups.set(Buffer.from(text).toString(), groups.size)
  return groups.size - 1
}
