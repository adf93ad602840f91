/** Reads a table for the second time: its inputs as numbers, NaN where a number must be filled in later. */
import type { Pieces } from '../files.js'
import { readDate } from './date-cells.js'
import { rowsOf, type FirstPass } from './first-pass.js'
import { openFloats } from './floats.js'
import { isMissing, type MissingWords } from './missing.js'
import { isOrdinal, type InputPlan, type PlannedColumn } from './plan.js'
import type { Cells } from './source.js'

/** Writes a cell's numbers into a row of zeros. */
type CellWriter = (cells: Cells, row: number, out: Float32Array) => void

/** Encodes the rows of a file. @returns [rows, plan.width] */
export async function encodeRows (plan: InputPlan, pass: FirstPass, folder: string): Promise<Pieces> {
  const floats = openFloats(folder)
  const writers = plan.columns.map(column => openWriter(column, pass))
  const out = new Float32Array(plan.width)
  for await (const { cells, from } of rowsOf(pass.source, pass.header)) {
    for (let row = from; row < cells.rows; row++) {
      out.fill(0)
      for (const write of writers) write(cells, row, out)
      floats.addRow(out)
    }
  }
  return floats.finish()
}

function openWriter (column: PlannedColumn, { places, missing }: FirstPass): CellWriter {
  const place = places[column.profile.position]!
  switch (column.type) {
    case 'number': return writeNumber(column, place, missing)
    case 'category': return writeWord(column, place, missing)
    case 'date': return writeDate(column, place, missing)
  }
}

function writeNumber ({ at }: PlannedColumn, place: number, none: MissingWords): CellWriter {
  return (cells, row, out) => {
    const value = cells.number(row, place)
    if (Number.isNaN(value) || none.numbers.includes(value)) {
      out[at] = NaN
      out[at + 1] = 1
    } else out[at] = value
  }
}

function writeWord (column: PlannedColumn & { type: 'category' }, place: number, none: MissingWords): CellWriter {
  const { at, words, missing, other, profile } = column
  const ofMissing = words.length + (other ? 1 : 0)
  const codes = new Map(words.map((word, code) => [word, code]))
  const ordinal = isOrdinal(column)
  return (cells, row, out) => {
    const text = cells.text(row, place)
    const value = missing && !profile.readsWords ? cells.number(row, place) : NaN
    const code = missing && isMissing(none, text, value) ? ofMissing : codes.get(text) ?? words.length
    if (ordinal) out[at] = code
    else out[at + code] = 1
  }
}

/** Dates of a column that are kept, for most come again. */
const MOST_DATES = 20_000

function writeDate (column: PlannedColumn & { type: 'date' }, place: number, none: MissingWords): CellWriter {
  const { at, parts, order, missing } = column
  const known = new Map<string, number[]>()
  const read = (text: string): number[] => {
    const before = known.get(text)
    if (before !== undefined) return before
    const date = readDate(text, order)!
    widen(column, date.sortable)
    const numbers = parts.map(part => date.parts[part])
    if (known.size < MOST_DATES) known.set(text, numbers)
    return numbers
  }
  return (cells, row, out) => {
    const text = cells.text(row, place)
    if (missing && isMissing(none, text, NaN)) {
      out.fill(NaN, at, at + parts.length)
      out[at + parts.length] = 1
      return
    }
    const numbers = read(text)
    for (let i = 0; i < numbers.length; i++) out[at + i] = numbers[i]!
  }
}

function widen (column: PlannedColumn & { type: 'date' }, date: string): void {
  const { range } = column
  if (range === undefined) column.range = [date, date]
  else if (date < range[0]) range[0] = date
  else if (date > range[1]) range[1] = date
}
