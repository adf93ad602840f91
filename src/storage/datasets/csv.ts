/** Data sets as CSV: a row per example, one column with the class, all others numbers. Plain or gzip. */
import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import type { Split } from '../../dataset.js'
import { broken, readUploaded, type UploadedFile } from './files.js'
import { encodeDataset, type PreparedDataset } from './format.js'
import { cutTest, type SplitOptions } from './split.js'

export interface CsvOptions extends SplitOptions {
  /** name or 0-based index of the column with the class; 'last' by default */
  labelColumn?: string | number
  /** whether the first line has names; by default it has if a cell outside the label column is no number */
  header?: boolean
}

export interface CsvFiles { train: UploadedFile, test?: UploadedFile | undefined, options?: CsvOptions | undefined }

interface Table {
  file: UploadedFile
  names: string[] | undefined
  features: number
  /** [rows, features] */
  inputs: Float32Array
  labels: string[]
  /** line of every row, 1-based */
  lines: number[]
}

/** Beyond this the column holds measurements rather than classes. */
const MOST_CLASSES = 1000

/**
 * Makes a data set of CSV files. The texts of the label column, sorted (as numbers if all are), are the classes.
 * Without a test file a test split is cut off.
 * @throws AppError invalid_dataset naming the file, the line, the column and the rule
 */
export async function prepareCsv ({ train, test, options = {} }: CsvFiles): Promise<PreparedDataset> {
  const table = await readTable(train, options)
  const labelNames = sortNames([...new Set(table.labels)])
  if (labelNames.length < 2 || labelNames.length > MOST_CLASSES) {
    throw broken(train, `the label column must have 2 .. ${MOST_CLASSES} different values, got ${labelNames.length}`)
  }
  const all = toSplit(table, labelNames)
  if (test === undefined) {
    const cut = cutTest(all, table.features, options)
    return encodeDataset([table.features], labelNames, cut.train, cut.test)
  }
  const testTable = await readTable(test, options)
  if (testTable.features !== table.features) throw broken(test, `there must be ${table.features + 1} columns as in ${JSON.stringify(train.name)}, got ${testTable.features + 1}`)
  if (table.names && testTable.names && String(table.names) !== String(testTable.names)) throw broken(test, `the columns must be those of ${JSON.stringify(train.name)}, got ${testTable.names.join(', ')}`)
  return encodeDataset([table.features], labelNames, all, toSplit(testTable, labelNames))
}

async function readTable (file: UploadedFile, options: CsvOptions): Promise<Table> {
  const bytes = await readUploaded(file)
  const parser = Readable.from(slices(bytes)).pipe(parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    info: true,
    relax_column_count: true,
    delimiter: findDelimiter(bytes),
    record_delimiter: ['\r\n', '\n', '\r'] // found out from the first line, a header saved by another program would decide for all
  }))
  let reader: RowReader | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[], info: { lines: number } }>) {
      if (reader === undefined) {
        reader = createRowReader(file, record, options)
        if (reader.names) continue
      }
      reader.add(record, info.lines)
    }
  } catch (error) {
    if (error instanceof CsvError) throw broken(file, `it must be CSV, got "${error.message}"`, error)
    throw error
  }
  if (reader === undefined || reader.rows === 0) throw broken(file, 'there must be a row of data, got none')
  return reader.finish()
}

interface RowReader {
  names: string[] | undefined
  readonly rows: number
  add (cells: string[], line: number): void
  finish (): Table
}

function createRowReader (file: UploadedFile, first: string[], options: CsvOptions): RowReader {
  const labelAt = findLabelColumn(file, first, options.labelColumn ?? 'last')
  const isHeader = options.header ??
    (labelAt.byName || first.some((cell, column) => column !== labelAt.column && cell !== '' && Number.isNaN(Number(cell))))
  const names = isHeader ? first : undefined
  const width = first.length
  const features = width - 1
  if (features < 1) throw broken(file, `there must be 2 columns or more, got ${width}`)
  const labels: string[] = []
  const lines: number[] = []
  let inputs = new Float32Array(1024 * features)

  function add (cells: string[], line: number): void {
    if (cells.length !== width) throw broken(file, `line ${line} must have ${width} cells as the first line, got ${cells.length}`)
    const begin = labels.length * features
    if (begin + features > inputs.length) inputs = grow(inputs)
    let next = begin
    for (let column = 0; column < width; column++) {
      const cell = cells[column]!
      if (column === labelAt.column) continue
      const value = cell === '' ? NaN : Math.fround(Number(cell))
      if (!Number.isFinite(value)) throw broken(file, `line ${line}, ${nameColumn(column, names)} must be a finite number, got ${JSON.stringify(cell)}`)
      inputs[next++] = value
    }
    const label = cells[labelAt.column]!
    if (label === '') throw broken(file, `line ${line}, ${nameColumn(labelAt.column, names)} must name a class, got ""`)
    labels.push(label)
    lines.push(line)
  }

  return {
    names,
    get rows () { return labels.length },
    add,
    finish: () => ({ file, names, features, inputs: inputs.slice(0, labels.length * features), labels, lines })
  }
}

/** A text is a column's name if there is one of that name, else an index if it is digits. */
function findLabelColumn (file: UploadedFile, first: string[], wanted: string | number): { column: number, byName: boolean } {
  const named = typeof wanted === 'string' ? first.indexOf(wanted) : -1
  if (named >= 0 && Number.isNaN(Number(wanted))) return { column: named, byName: true }
  if (wanted === 'last') return { column: first.length - 1, byName: false }
  const index = typeof wanted === 'number' ? wanted : /^\d+$/.test(wanted) ? Number(wanted) : -1
  if (Number.isInteger(index) && index >= 0 && index < first.length) return { column: index, byName: false }
  const columns = first.slice(0, 20).join(', ') + (first.length > 20 ? ', ...' : '')
  throw broken(file, `labelColumn must be 'last', an index 0 .. ${first.length - 1} or a name of the first line (${columns}), got ${JSON.stringify(wanted)}`)
}

function toSplit (table: Table, labelNames: string[]): Split {
  const codes = new Map(labelNames.map((name, code) => [name, code]))
  const labels = Int32Array.from(table.labels, (label, row) => {
    const code = codes.get(label)
    if (code === undefined) throw broken(table.file, `line ${table.lines[row]}: the class must be one of the training file, got ${JSON.stringify(label)}`)
    return code
  })
  return { inputs: table.inputs, labels, count: labels.length }
}

function sortNames (names: string[]): string[] {
  const areNumbers = names.every(name => Number.isFinite(Number(name)))
  return areNumbers ? names.sort((a, b) => Number(a) - Number(b)) : names.sort()
}

/** The one of , ; and tab that is most frequent in the first line. */
function findDelimiter (bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0a)
  const line = Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString()
  const count = (text: string) => line.split(text).length
  return [',', ';', '\t'].reduce((best, text) => count(text) > count(best) ? text : best)
}

function * slices (bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65536) yield bytes.subarray(start, start + 65536)
}

function grow (inputs: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(inputs.length * 2)
  larger.set(inputs)
  return larger
}

function nameColumn (column: number, names: string[] | undefined): string {
  return names ? `column ${column} (${names[column]})` : `column ${column}`
}
