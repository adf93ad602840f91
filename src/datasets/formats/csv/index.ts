/**
 * Data sets as CSV: a row per example, one column with the class, all others numbers. Plain or gzip. Rows go to a spool
 * as they are read; only classes lie in memory. Bytes become text in text.ts, text becomes records in csv-records.ts.
 */
import { checkName, countsUp, detach, nameColumn, readColumns, CsvOptions, type Columns } from './columns.js'
import { readNumber } from './numbers.js'
import { readRecords, type CsvRecord } from './records.js'
import { readUploaded } from '../../files.js'
import { toInputs, type Fields } from '../../description.js'
import { inMemory, type IncomingDataset, type IncomingSplit, type ReadContext } from '../../dataset-file.js'
import { broken, show, type UploadedFile } from '../../limits.js'
import { openSpool } from '../../spool.js'
import { cutTest, type SplitOptions } from '../../split.js'
import { defineFormat, type FilesOf } from '../format.js'
import { decodeText } from './text.js'

export const csv = defineFormat({
  name: 'csv',
  description: 'one example a line, plain or gzip',
  files: { train: 'the training split', test: 'the test split' },
  needed: ['train'],
  tests: ['test'],
  options: CsvOptions,
  prepare: prepareCsv
})

/** labels: the codes of the target, which may still change */
interface Table { split: IncomingSplit, labels: Int32Array, columns: Columns, first: CsvRecord }

/** What is made of the first line, and of the text of a class on a line of the file. */
interface TableReader {
  open (first: CsvRecord): Columns
  code (label: string, where: () => string): number
}

/**
 * Makes a data set of CSV files. The texts of the label column, sorted (as numbers if all are), are the classes.
 * Without a test file a test split is cut off.
 * @throws AppError invalid_dataset naming the file, the line, the column and the rule
 */
async function prepareCsv (
  files: FilesOf<'train' | 'test'>, options: CsvOptions & SplitOptions, context: ReadContext
): Promise<IncomingDataset> {
  const { test } = files
  const train = files.train!
  const codes = new Map<string, number>() // in the order in which they come
  const all = await readTable(train, context, {
    open: first => readColumns(train, first, options),
    code: (label, where) => codes.get(label) ?? addClass(train, codes, label, where, context)
  })
  if (codes.size < 2) throw broken(train, `the label column must have 2 different values or more, got ${codes.size}`)
  checkFirstLine(train, all)
  const labelNames = sortNames([...codes.keys()])
  renumber(all.labels, codes, labelNames)
  const names = all.columns.names?.filter((_, column) => column !== all.columns.label).map(name => ({ name }))
  const fields: Fields = {
    inputs: toInputs([all.columns.width - 1], 'float32', names), target: { type: 'classes', names: labelNames }
  }
  const finish = ({ train, test }: { train: IncomingSplit, test: IncomingSplit }): IncomingDataset => (
    { description: { fields, counts: { train: train.count, test: test.count } }, train, test })
  if (test === undefined) return finish(cutTest(all.split, fields, options))
  const sorted = new Map(labelNames.map((name, code) => [name, code]))
  const { split } = await readTable(test, context, {
    open: first => readSameColumns(test, first, train, all.columns),
    code (label, where) {
      const code = sorted.get(label)
      if (code === undefined) throw broken(test, `${where()} must be a class of the training file, got ${show(label)}`)
      return code
    }
  })
  return finish({ train: all.split, test: split })
}

async function readTable (file: UploadedFile, { folder, tally }: ReadContext, reader: TableReader): Promise<Table> {
  let first: CsvRecord | undefined
  let columns: Columns | undefined
  let rows: Rows | undefined
  for await (const records of readRecords(file, decodeText(file, readUploaded(file, tally)))) {
    for (const record of records) {
      if (first === undefined || columns === undefined || rows === undefined) {
        first = record
        columns = reader.open(record)
        rows = openRows(folder)
        if (columns.names) continue
      }
      tally.addRows(file, 1, record.line)
      tally.addCells(file, columns.width - 1, record.line)
      addRow(file, record, columns, rows, reader)
    }
  }
  const read = rows?.finish()
  if (first === undefined || columns === undefined || read === undefined || read.split.count === 0) throw broken(file, 'there must be a row of data, got none')
  return { first, columns, ...read }
}

function addRow (file: UploadedFile, { cells, line }: CsvRecord, columns: Columns, rows: Rows, reader: TableReader): void {
  if (cells.length !== columns.width) throw broken(file, `line ${line} must have ${columns.width} cells as the first line, got ${cells.length}`)
  let column = 0
  const where = (): string => `line ${line}, ${nameColumn(column, columns)}`
  for (; column < columns.width; column++) {
    if (column !== columns.label) rows.add(readNumber(file, cells[column]!, where))
  }
  column = columns.label
  rows.end(reader.code(cells[column]!, where))
}

interface Rows {
  add (value: number): void
  /** Ends a row with its class. */
  end (label: number): void
  finish (): Pick<Table, 'split' | 'labels'>
}

/** Collects rows: numbers in a spool by the buffer, classes in memory. */
function openRows (folder: string): Rows {
  const spool = openSpool(folder)
  const buffer = new Float32Array(65536)
  const bytes = new Uint8Array(buffer.buffer)
  let labels = new Int32Array(1024)
  let used = 0
  let count = 0
  return {
    add (value) {
      if (used === buffer.length) {
        spool.write(bytes)
        used = 0
      }
      buffer[used++] = value
    },
    end (label) {
      if (count === labels.length) labels = grow(labels)
      labels[count++] = label
    },
    finish () {
      spool.write(bytes.subarray(0, used * Float32Array.BYTES_PER_ELEMENT))
      const codes = labels.subarray(0, count)
      return { labels: codes, split: { count, fields: { inputs: spool.finish(), target: inMemory(codes) } } }
    }
  }
}

function grow (labels: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(labels.length * 2)
  larger.set(labels)
  return larger
}

function addClass (file: UploadedFile, codes: Map<string, number>, label: string, where: () => string, { tally }: ReadContext): number {
  if (label === '') throw broken(file, `${where()} must name a class, got ""`)
  checkName(file, label, where())
  codes.set(detach(label), codes.size)
  tally.checkClasses(file, codes.size, `${where()}, ${show(label)}: `)
  return codes.size - 1
}

/** A line of numbers may be names. It is data for sure when its class comes again, unless it counts as names do. */
function checkFirstLine (file: UploadedFile, { labels, columns, first: { cells, line } }: Table): void {
  if (!columns.isDoubtful) return
  const label = cells[columns.label]!
  const sign = countsUp(cells) ? 'counts its columns' : labels.indexOf(labels[0]!, 1) < 0 ? `alone has the class ${show(label)}` : undefined
  if (sign !== undefined) throw broken(file, `line ${line} must be names or data, got a line that may be both: it ${sign}; say header=true or header=false`)
}

/** The test file has the columns of the training file, and names where that has names. */
function readSameColumns (file: UploadedFile, first: CsvRecord, trainFile: UploadedFile, { width, label, names }: Columns): Columns {
  const { cells } = first
  if (cells.length !== width) throw broken(file, `there must be ${width} columns as in ${show(trainFile.name)}, got ${cells.length}`)
  if (names?.some((name, column) => name !== cells[column])) throw broken(file, `the columns must be those of ${show(trainFile.name)}, got ${show(cells.join(', '))}`)
  return { width, label, names, isDoubtful: false }
}

function sortNames (names: string[]): string[] {
  const areNumbers = names.every(name => Number.isFinite(Number(name)))
  return areNumbers ? names.sort((a, b) => Number(a) - Number(b)) : names.sort()
}

/** Turns codes by first appearance into positions among the sorted names. */
function renumber (labels: Int32Array, codes: Map<string, number>, labelNames: string[]): void {
  const places = new Int32Array(labelNames.length)
  labelNames.forEach((name, place) => { places[codes.get(name)!] = place })
  labels.forEach((code, row) => { labels[row] = places[code]! })
}
