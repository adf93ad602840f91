/**
 * What the first line of a table says: whether it has names, and which they are. Where nobody said so the cells tell: names
 * stand over numbers, or are words that the column below does not have. What may be both is refused.
 */
import { broken, show, type UploadedFile } from '../limits.js'
import type { TableOptions } from './options.js'
import type { Cells, TableSource } from './source.js'

export interface Header {
  width: number
  /** undefined when the first line is data and nobody gave names; one may be '' if its column has the row numbers */
  names: string[] | undefined
  /** whether the first row that the source reads is the line of names */
  skipsFirst: boolean
  /** the first line is taken as data, but nobody said so and it may be names that are numbers */
  isDoubtful: boolean
}

/** Names and classes are words, and some of them are kept in memory and in the database. */
const LONGEST_NAME = 1000
const CONTROL = /\p{Cc}/u
/** Rows that are looked at to tell names from data. */
const SAMPLE = 1000

/** Reads the first line. @throws AppError invalid_dataset naming the column and the rule */
export async function readHeader (source: TableSource, options: TableOptions): Promise<Header> {
  const { file, first: { cells, line } } = source
  const width = cells.length
  if (width < 2) throw broken(file, `there must be 2 columns or more, got ${width}`)
  const { names } = options
  if (names !== undefined) {
    if (source.hasNames) throw broken(file, 'names are for files whose first line has none, got both')
    if (names.length !== width) throw broken(file, `names must be as many as the ${width} columns, got ${names.length}`)
    checkNames(file, names, name => `names, ${show(name)},`)
    return { width, names, skipsFirst: false, isDoubtful: false }
  }
  const hasNames = source.hasNames ?? (namesColumn(cells, options) || await looksLikeNames(source, options))
  if (hasNames) checkNames(file, cells, (_, column) => `line ${line}, column ${column}`, options)
  return {
    width,
    names: hasNames ? cells.map(detach) : undefined,
    skipsFirst: hasNames && source.hasNames === undefined,
    isDoubtful: source.hasNames === undefined && !hasNames
  }
}

/** Reads the first line of a test file: it has the names of the training file, in any order. @returns where each column stands */
export function matchHeader (source: TableSource, train: { file: UploadedFile, header: Header }, options: TableOptions): { header: Header, places: number[] } {
  const { file, first: { cells } } = source
  const { width, names } = train.header
  if (cells.length !== width) throw broken(file, `there must be ${width} columns as in ${show(train.file.name)}, got ${cells.length}`)
  const inOrder = cells.map((_, column) => column)
  if (names === undefined || options.names !== undefined) {
    return { header: { width, names, skipsFirst: false, isDoubtful: false }, places: inOrder }
  }
  const places = names.map(name => cells.indexOf(name))
  if (source.hasNames === false || places.includes(-1) || new Set(cells).size !== width) {
    throw broken(file, `the columns must be those of ${show(train.file.name)}, got ${show(cells.join(', '))}`)
  }
  return { header: { width, names, skipsFirst: source.hasNames === undefined, isDoubtful: false }, places }
}

/** Says whether a line counts its columns, as names do that a program made. */
export function countsUp (cells: string[]): boolean {
  return cells.every((cell, column) => cell === String(column))
}

/** A column as messages call it. */
export function nameColumn (column: number, { names }: Pick<Header, 'names'>): string {
  return names ? `column ${column} (${show(names[column]!)})` : `column ${column}`
}

/**
 * Finds a column that the upload names.
 * @param option  that names it, for the message
 * @throws AppError invalid_dataset when there is none, or more than one
 */
export function findColumn (source: TableSource, { width, names }: Header, option: string, wanted: string): number {
  const { file, first: { cells } } = source
  const named = names?.indexOf(wanted) ?? -1
  const position = isIndex(wanted) && Number(wanted) < width ? Number(wanted) : -1
  if (named >= 0 && position >= 0 && named !== position) {
    throw broken(file, `${option} must mean one column, got ${wanted}, which is the name of column ${named} and the index of another`)
  }
  if (named < 0 && position < 0) {
    const shown = names ?? cells
    const columns = show(shown.slice(0, 20).join(', ') + (width > 20 ? ', ...' : '')).slice(1, -1)
    throw broken(file, `${option} must be ${option === 'labelColumn' ? '\'last\', ' : ''}an index 0 .. ${width - 1} or a name of the first line (${columns}), got ${show(wanted)}`)
  }
  return Math.max(named, position)
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

/** Whether the upload names a column as the first line does. A number may be an index as well. */
function namesColumn (cells: string[], { labelColumn, targetColumns = [], columns = {}, groupColumn }: TableOptions): boolean {
  const told = [labelColumn, groupColumn, ...targetColumns, ...Object.keys(columns)]
  return told.some(name => name !== undefined && !isIndex(name) && cells.includes(name))
}

function isIndex (text: string): boolean {
  return /^\d+$/.test(text)
}

/**
 * A column that has numbers below tells by its first cell. Where there is none, a column of few words tells: its first
 * cell comes again if it is one of them.
 */
async function looksLikeNames (source: TableSource, options: TableOptions): Promise<boolean> {
  const { file, first: { cells, line } } = source
  const columns = cells.map(() => ({ numbers: 0, filled: 0, words: new Set<string>() }))
  let rows = 0
  for await (const piece of source.read()) {
    for (let row = rows === 0 ? 1 : 0; row < piece.rows; row++) columns.forEach((column, at) => { sample(column, piece, row, at) })
    rows += piece.rows
    if (rows >= SAMPLE) break
  }
  const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text))
  const isMissing = (text: string): boolean => text === '' || (options.missing ?? []).includes(text)
  const label = options.labelColumn === undefined ? cells.length - 1 : Number(options.labelColumn)
  if (rows < 2) return cells.some((cell, at) => at !== label && !isMissing(cell) && !isNumber(cell))
  const telling = columns.flatMap(({ numbers, filled }, at) => numbers > 0 && 2 * numbers >= filled && !isMissing(cells[at]!) ? [at] : [])
  if (telling.some(at => !isNumber(cells[at]!))) return true
  if (telling.some(at => at !== label)) return false
  const few = columns.flatMap(({ filled, words }, at) => words.size > 0 && 2 * words.size <= filled && !isMissing(cells[at]!) ? [at] : [])
  if (few.length > 0) return !few.some(at => columns[at]!.words.has(cells[at]!))
  throw broken(file, `line ${line} must be names or data, got a line that may be both; say header=true or header=false`)
}

function sample (column: { numbers: number, filled: number, words: Set<string> }, piece: Cells, row: number, at: number): void {
  const text = piece.text(row, at)
  if (text === '') return
  column.filled++
  column.words.add(detach(text))
  if (!Number.isNaN(piece.number(row, at))) column.numbers++
}

function checkNames (file: UploadedFile, cells: string[], where: (name: string, column: number) => string, { labelColumn }: TableOptions = {}): void {
  const seen = new Map<string, number>()
  cells.forEach((name, column) => {
    checkName(file, name, where(name, column))
    const twin = seen.get(name)
    if (twin !== undefined) throw broken(file, `${where(name, column)} must have a name of its own, got ${show(name)}, which is column ${twin} too${name === labelColumn ? ': labelColumn names two columns' : ''}`)
    seen.set(name, column)
  })
}
