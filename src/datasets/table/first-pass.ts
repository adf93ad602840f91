/**
 * Reads a file of a table for the first time: profiles of its columns, targets, groups. While every input is a number its
 * rows go to a spool as they are read, so that a table of numbers is read once only; encode.ts reads all others again.
 */
import type { Pieces, ReadContext } from '../dataset-file.js'
import { broken, type UploadedFile } from '../limits.js'
import { openFloats } from './floats.js'
import type { Header } from './header.js'
import { isMissing, type MissingWords } from './missing.js'
import { beginFile } from './moments.js'
import { addMissingCell, addNumberCell, addNumberText, addWordCell, type ColumnProfile, type Place, type Reading } from './profile.js'
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
  const { source: { file }, target, split, profiles, missing } = pass
  const columns = Int32Array.from(profiles, ({ position }) => pass.places[position]!)
  const hasNumbers = missing.numbers.length > 0
  const floats = openFloats(folder)
  const groups = openCodes()
  const reading: Reading = { file, split, budget }
  let areNumbers = !profiles.some(({ readsWords }) => readsWords)
  let count = 0
  for (const { moments } of profiles) beginFile(moments)
  for await (const { cells, from } of rowsOf(pass.source, pass.header)) {
    for (let row = from; row < cells.rows; row++) {
      const line = cells.lineOf(row)
      tally.addRows(file, 1, line)
      tally.addCells(file, profiles.length, line)
      const aim = target.read(cells, row)
      if (pass.group !== undefined) groups.add(codeGroup(pass, cells, row))
      for (let i = 0; i < profiles.length; i++) {
        const profile = profiles[i]!
        let value = profile.readsWords ? NaN : cells.number(row, columns[i]!)
        if (Number.isNaN(value) || (hasNumbers && missing.numbers.includes(value))) {
          addOther(profile, value, placeOf(cells, row, columns[i]!, file), aim, missing, reading)
          value = NaN
        } else if (addNumberCell(profile, value, aim)) addNumberText(profile, value, placeOf(cells, row, columns[i]!, file), reading)
        if (!areNumbers) continue
        floats.add(value)
        areNumbers = !Number.isNaN(value)
      }
      count++
    }
  }
  if (count === 0) throw broken(file, 'there must be a row of data, got none')
  const numbers = floats.finish()
  const { pieces, codes } = target.finish()
  return {
    pass,
    count,
    target: pieces,
    labels: codes,
    groups: pass.group === undefined ? undefined : groups.finish(),
    numbers: areNumbers ? numbers : undefined
  }
}

/** Adds a cell that is no number, or one that means no value. */
function addOther (profile: ColumnProfile, value: number, place: Place, target: number, missing: MissingWords, reading: Reading): void {
  if (isMissing(missing, place.text, value)) addMissingCell(profile, place, reading)
  else addWordCell(profile, place, target, reading)
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
