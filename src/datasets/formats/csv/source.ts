/** A CSV file as a table whose rows can be read again. Bytes become text in text.ts, text becomes records in records.ts. */
import { readUploaded } from '../../files.js'
import { broken, type Tally, type UploadedFile } from '../../limits.js'
import type { Cells, TableSource } from '../../table/source.js'
import { readRecords, type CsvRecord } from './records.js'
import { decodeText } from './text.js'

/** Number() reads also 0x1f, Infinity and blanks of every kind. */
const DECIMAL = /^[-+.\deE]+$/

/** Opens a file. @param hasNames as the upload says @throws AppError invalid_dataset when it has no line */
export async function openCsv (file: UploadedFile, hasNames: boolean | undefined, tally: Tally): Promise<TableSource> {
  const counting = countOnce(tally)
  for await (const records of readRecords(file, decodeText(file, readUploaded(file, counting())))) {
    const [first] = records
    if (first !== undefined) return { file, first, hasNames, read: () => readCells(file, first, hasNames === true, counting()) }
  }
  throw broken(file, 'there must be a row of data, got none')
}

/** Bytes that are read again are no more bytes of the upload. @returns what counts one reading */
function countOnce (tally: Tally): () => Tally {
  let counted = 0
  return () => {
    let read = 0
    return {
      ...tally,
      addBytes (file, bytes) {
        read += bytes
        tally.addBytes(file, Math.max(0, read - counted))
        counted = Math.max(counted, read)
      }
    }
  }
}

async function * readCells (file: UploadedFile, { cells: { length: width } }: CsvRecord, skipsFirst: boolean, tally: Tally): AsyncGenerator<Cells> {
  let isFirst = skipsFirst
  for await (const all of readRecords(file, decodeText(file, readUploaded(file, tally)))) {
    const records = isFirst ? all.slice(1) : all
    if (all.length > 0) isFirst = false
    yield cellsOf(file, records, width)
  }
}

function cellsOf (file: UploadedFile, records: CsvRecord[], width: number): Cells {
  const at = (row: number): CsvRecord => {
    const record = records[row]!
    if (record.cells.length !== width) throw broken(file, `line ${record.line} must have ${width} cells as the first line, got ${record.cells.length}`)
    return record
  }
  return {
    rows: records.length,
    width,
    lineOf: row => records[row]!.line,
    text: (row, column) => at(row).cells[column]!,
    number (row, column) {
      const cell = at(row).cells[column]!
      const value = DECIMAL.test(cell) ? Number(cell) : NaN
      return Number.isFinite(value) ? value : NaN
    }
  }
}
