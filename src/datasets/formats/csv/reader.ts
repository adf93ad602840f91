/**
 * Reads a CSV file, plain or gzip, as a table: bytes become UTF-8 in encoding.ts, dialect.ts finds how it is written,
 * rows.ts gives its rows. Memory is bounded by the longest row.
 */
import { stat } from 'node:fs/promises'
import { openPieceMemory, readUploaded, type PieceMemory } from '../../files.js'
import type { Helpers } from '../../helpers/helpers.js'
import { broken, type Tally, type UploadedFile } from '../../limits.js'
import type { TableSource } from '../../table/source.js'
import { findDialect, findPoint } from './dialect.js'
import { readText } from './encoding.js'
import type { CsvReading } from './reading.js'
import { checkLength, LONGEST_ROW, PIECE_BYTES, readRows } from './rows.js'
import type { Dialect } from './split-memory.js'
import { COMMA, Splitter } from './splitter.js'
import { openTextBuffer, type TextBuffer } from './text-buffer.js'

/**
 * Opens a CSV file as a table.
 * @param helpers  that split its rows
 * @throws AppError invalid_dataset naming file, line and rule
 */
export async function openCsv (file: UploadedFile, reading: CsvReading, tally: Tally, helpers?: Helpers): Promise<TableSource> {
  if (helpers !== undefined && (await stat(file.path)).size > MUCH_BYTES) helpers.expectMuch()
  const { header = 'auto', decimal = 'auto', encoding } = reading
  const open = openCounted(file, tally)
  const text = (memory: PieceMemory): AsyncIterable<Buffer> => readText(file, () => open(memory), encoding)
  const { dialect, first } = await readBegin(file, text(openPieceMemory()), reading)
  const width = first.cells.length
  const rows = (skipsFirst = false): AsyncGenerator<Splitter> => readRows(file, text, { dialect, width, skipsFirst, helpers })
  if (decimal === 'auto' && dialect.separator !== COMMA) dialect.point = await findPoint(rows())
  const hasNames = header === 'auto' ? undefined : header === 'true'
  return { file, first, hasNames, read: () => rows(hasNames) }
}

/** It takes longer to split than a thread to begin. */
const MUCH_BYTES = 32 * 1024 * 1024

/** Counts the bytes of a file once, however often it is read. */
function openCounted (file: UploadedFile, tally: Tally): (memory: PieceMemory) => AsyncIterable<Buffer> {
  let counted = 0
  return memory => {
    let read = 0
    return readUploaded(file, {
      ...tally,
      addBytes (_, bytes) {
        read += bytes
        if (read <= counted) return
        tally.addBytes(file, read - counted)
        counted = read
      }
    }, memory)
  }
}

/** The first row, and how the file is written as its first lines say. */
interface Begin { dialect: Dialect, first: TableSource['first'] }

/** Reads so much that the first row is whole. */
async function readBegin (file: UploadedFile, pieces: AsyncIterable<Buffer>, reading: CsvReading): Promise<Begin> {
  const text = openTextBuffer(2 * PIECE_BYTES)
  let wanted = PIECE_BYTES
  for await (const piece of pieces) {
    text.add(piece)
    text.dropLineEnds()
    if (text.length < wanted) continue
    const begin = findBegin(file, text, false, reading)
    if (begin !== undefined) return begin
    checkLength(file, text.length, text.line)
    wanted = Math.min(2 * text.length, LONGEST_ROW + 1)
  }
  const begin = findBegin(file, text, true, reading)
  if (begin === undefined) throw broken(file, 'there must be a row of data, got none')
  return begin
}

function findBegin (file: UploadedFile, { bytes, length, line }: TextBuffer, isAll: boolean, reading: CsvReading): Begin | undefined {
  const dialect = findDialect(bytes, length, isAll, reading)
  const rows = new Splitter(dialect, 0, line)
  rows.split(bytes, 0, length, isAll)
  if (rows.rows === 0) {
    rows.close()
    if (rows.fault !== undefined) throw broken(file, rows.fault)
    return undefined
  }
  const cells = Array.from({ length: rows.width }, (_, column) => rows.text(0, column))
  const first = { cells, line: rows.lineOf(0) }
  rows.close()
  return { dialect, first }
}
