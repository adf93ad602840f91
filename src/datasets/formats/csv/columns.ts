/** What the first line of a CSV file says about its columns: whether it has names, and which column has the class. */
import { Type, type Static } from 'typebox'
import { choice } from '../../../choices.js'
import { broken, show, type UploadedFile } from '../../limits.js'
import type { CsvRecord } from './records.js'

/** What can be said about CSV files. */
export const CsvOptions = Type.Object({
  labelColumn: Type.Optional(Type.String({ maxLength: 200, description: 'name or 0-based index of the column with the class; the last one when left out' })),
  header: Type.Optional(choice(['auto', 'true', 'false'], { description: 'whether the first line has names; auto, the default, looks whether it has the name of labelColumn or another cell that is no number, and is refused where the line may be both. Names must differ' }))
})
export type CsvOptions = Static<typeof CsvOptions>

export interface Columns {
  width: number
  /** position of the column with the class */
  label: number
  /** undefined when the first line is data */
  names: string[] | undefined
  /** the first line is taken as data, but nobody said so and it may be names that are numbers */
  isDoubtful: boolean
}

/** Names and classes are words, and some of them are kept in memory and in the database. */
const LONGEST_NAME = 1000
const CONTROL = /\p{Cc}/u

/**
 * Reads the first line. It has names if the upload says so, if it has the name of the label column, or if another cell
 * is no number.
 * @throws AppError invalid_dataset naming the column and the rule
 */
export function readColumns (file: UploadedFile, { cells, line }: CsvRecord, options: CsvOptions): Columns {
  const labelColumn = /^\d+$/.test(options.labelColumn ?? '') ? Number(options.labelColumn) : options.labelColumn ?? 'last'
  const header = options.header === undefined || options.header === 'auto' ? undefined : options.header === 'true'
  const width = cells.length
  if (width < 2) throw broken(file, `there must be 2 columns or more, got ${width}`)
  const named = typeof labelColumn === 'string' && header !== false ? cells.indexOf(labelColumn) : -1
  const label = named >= 0 ? named : findByPosition(file, cells, labelColumn)
  const isHeader = header ?? (named >= 0 || cells.some((cell, column) => column !== label && cell !== '' && Number.isNaN(Number(cell))))
  if (isHeader) checkNames(file, cells, line, labelColumn)
  return { width, label, names: isHeader ? cells.map(detach) : undefined, isDoubtful: header === undefined && !isHeader }
}

/** Says whether a line counts its columns, as names do that a program made. */
export function countsUp (cells: string[]): boolean {
  return cells.every((cell, column) => cell === String(column))
}

/** A column as messages call it. */
export function nameColumn (column: number, { names }: Pick<Columns, 'names'>): string {
  return names ? `column ${column} (${show(names[column]!)})` : `column ${column}`
}

/** Checks a name or a class before it is kept. @param where "line 3, column 1" */
export function checkName (file: UploadedFile, text: string, where: string): void {
  if (CONTROL.test(text)) throw broken(file, `${where} must have no control characters, got ${show(text)}`)
  if (text.length > LONGEST_NAME) throw broken(file, `${where} must have at most ${LONGEST_NAME} characters, got ${text.length}`)
}

/** A copy that does not keep the text alive of which it was a part: V8 makes slices, and a piece of text has 64 KB. */
export function detach (part: string): string {
  return Buffer.from(part).toString()
}

function findByPosition (file: UploadedFile, cells: string[], wanted: string | number): number {
  if (wanted === 'last') return cells.length - 1
  if (typeof wanted === 'number' && wanted < cells.length) return wanted
  const columns = show(cells.slice(0, 20).join(', ') + (cells.length > 20 ? ', ...' : '')).slice(1, -1)
  throw broken(file, `labelColumn must be 'last', an index 0 .. ${cells.length - 1} or a name of the first line (${columns}), got ${show(String(wanted))}`)
}

function checkNames (file: UploadedFile, cells: string[], line: number, labelColumn: string | number): void {
  const seen = new Map<string, number>()
  cells.forEach((name, column) => {
    const where = `line ${line}, column ${column}`
    if (name === '') throw broken(file, `${where} must have a name, got ""; leave the column out if it has the row numbers`)
    checkName(file, name, where)
    const twin = seen.get(name)
    if (twin !== undefined) throw broken(file, `${where} must have a name of its own, got ${show(name)}, which is column ${twin} too${name === labelColumn ? ': labelColumn names two columns' : ''}`)
    seen.set(name, column)
  })
  const other = typeof labelColumn === 'number' ? seen.get(String(labelColumn)) : undefined
  if (other !== undefined && other !== labelColumn) throw broken(file, `labelColumn must mean one column, got ${labelColumn}, which is the name of column ${other} and the index of another`)
}
