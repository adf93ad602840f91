/**
 * Reads a file of a table for the first time: profiles of its columns, targets, groups. While every input is a number its
 * rows go to a spool as they are read, so that a table of numbers is read once only; encode.ts reads all others again.
 */
import type { ReadContext } from '../dataset-file.js'
import type { Pieces } from '../files.js'
import { broken, type UploadedFile } from '../limits.js'
import { openFloats, type Floats } from './floats.js'
import type { Header } from './header.js'
import { isMissing, type MissingWords } from './missing.js'
import { beginFile, isPlain, openPairSums, takePairSums } from './moments.js'
import { addMissingCell, addNumberCell, addNumberCells, addNumberText, addWordCell, needsOnlySums, type ColumnProfile, type Place, type Reading } from './profile.js'
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
  const inputs = openInputs(pass, reading, floats)
  let aims = new Float64Array(0)
  let count = 0
  for (const { moments } of profiles) beginFile(moments)
  for await (const { cells, from } of rowsOf(pass.source, pass.header)) {
    if (aims.length < cells.rows) aims = new Float64Array(cells.rows)
    tally.addLines(file, cells.rows - from, profiles.length, row => cells.lineOf(from + row))
    target.read(cells, from, aims)
    if (pass.group !== undefined) for (let row = from; row < cells.rows; row++) groups.add(codeGroup(pass, cells, row))
    count += cells.rows - from
    inputs.add(cells, from, aims)
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
    numbers: inputs.areNumbers ? numbers : undefined
  }
}

/**
 * Adds the inputs of rows to the profiles of their columns, and to a spool as long as they are numbers. A column whose
 * numbers alone matter is done at once; the others go row by row, for they share the memory that there is for words.
 */
function openInputs (pass: FirstPass, reading: Reading, floats: Floats) {
  const { profiles, missing } = pass
  const columns = Int32Array.from(profiles, ({ position }) => pass.places[position]!)
  const width = columns.length
  const hasNumbers = missing.numbers.length > 0
  let areNumbers = !profiles.some(({ readsWords }) => readsWords)
  const isDone = new Uint8Array(width)
  let column = new Float64Array(0)
  let block = new Float32Array(0)

  /** @returns whether the cell is a number */
  function addCell (cells: Cells, row: number, i: number, aim: number): boolean {
    const profile = profiles[i]!
    const value = profile.readsWords ? NaN : cells.number(row, columns[i]!)
    if (Number.isNaN(value) || (hasNumbers && missing.numbers.includes(value))) {
      addOther(profile, value, placeOf(cells, row, columns[i]!, reading.file), aim, missing, reading)
      return false
    }
    if (addNumberCell(profile, value, aim)) addNumberText(profile, value, placeOf(cells, row, columns[i]!, reading.file), reading)
    return true
  }

  /** Adds all at once, where the source can: the columns of which nothing but sums is to be found out are done then. */
  function gather (cells: Cells, from: number): { isDone: Uint8Array, floats: Float32Array | undefined } {
    isDone.fill(0)
    const are = profiles.map(profile => !hasNumbers && needsOnlySums(profile))
    if (cells.gather === undefined || !(areNumbers || are.includes(true))) return { isDone, floats: undefined }
    const pairs = openPairSums(profiles.map(({ moments }) => moments))
    const floats = cells.gather(columns, from, pairs)
    for (let i = 0; i < width; i++) {
      if (!are[i] || !isPlain(pairs, i)) continue
      takePairSums(profiles[i]!.moments, pairs, i, cells.rows - from)
      isDone[i] = 1
    }
    return { isDone, floats }
  }

  /** @returns false where the column must be added row by row */
  function addColumn (cells: Cells, from: number, i: number): boolean {
    if (profiles[i]!.readsWords || hasNumbers) return false
    const rows = cells.rows - from
    if (column.length < rows) column = new Float64Array(rows)
    cells.numbers(columns[i]!, from, column)
    return addNumberCells(profiles[i]!, column, rows)
  }

  /** The numbers of rows, as float32. */
  function round (cells: Cells, from: number, rows: number): Float32Array {
    if (block.length < rows * width) block = new Float32Array(rows * width)
    if (column.length < rows) column = new Float64Array(rows)
    for (let i = 0; i < width; i++) {
      cells.numbers(columns[i]!, from, column)
      for (let row = 0, at = i; row < rows; row++, at += width) block[at] = column[row]!
    }
    return block.subarray(0, rows * width)
  }

  return {
    /** whether all inputs were numbers so far */
    get areNumbers () { return areNumbers },
    /** @param aims  of the rows: class's code, or value */
    add (cells: Cells, from: number, aims: Float64Array) {
      const rows = cells.rows - from
      const gathered = gather(cells, from)
      const slow: number[] = []
      for (let i = 0; i < width; i++) if (!gathered.isDone[i] && !addColumn(cells, from, i)) slow.push(i)
      if (slow.length > 0) {
        for (let row = from; row < cells.rows; row++) {
          for (const i of slow) if (!addCell(cells, row, i, aims[row]!)) areNumbers = false
        }
      }
      if (areNumbers) floats.addRow(gathered.floats ?? round(cells, from, rows))
    }
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
