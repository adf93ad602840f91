/**
 * Reads a Parquet file, plain or gzip, as a table: some rows of all columns at a time, whatever its row groups are. What
 * its values are as cells says values.ts; hyparquet decodes the pages, which pages.ts has looked at before.
 */
import { parquetMetadataAsync, parquetSchema, type FileMetaData, type SchemaElement, type SchemaTree } from 'hyparquet'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { AppError } from '../../../errors.js'
import type { ReadContext } from '../../dataset-file.js'
import { broken, show, type UploadedFile } from '../../limits.js'
import type { Cells, TableSource } from '../../table/source.js'
import { openBytes, type Bytes } from './bytes.js'
import { decodeRows } from './decode.js'
import { findPages, type ColumnPages } from './pages.js'
import { findValueType, parsers, type Value, type ValueType } from './values.js'

/** Values that lie in memory at a time, over all columns. */
const MANY_CELLS = 1_000_000
const MOST_ROWS = 65_536
/** What the file says about itself is parsed in memory. */
const MAX_FOOTER_BYTES = 16 * 1024 * 1024

interface Column extends ValueType { name: string }
interface Opened { bytes: Bytes, groups: FileMetaData['row_groups'], tree: SchemaTree, columns: Column[], pages: Record<string, ColumnPages>[] }

/**
 * Opens a Parquet file as a table. A row's line is its number.
 * @throws AppError invalid_dataset naming the file, the column and the rule
 */
export async function openParquet (file: UploadedFile, context: ReadContext): Promise<TableSource> {
  const bytes = await openBytes(file, context)
  checkFrame(file, bytes)
  const opened = await explained(file, async (): Promise<Opened> => {
    const metadata = await parquetMetadataAsync(bytes, { geoparquet: false })
    const { children } = parquetSchema(metadata)
    const columns = children.map((child, index) => toColumn(file, child.element, child.children.length > 0, index))
    const root = metadata.schema[0]!
    const pages = findPages(file, bytes, metadata, context.tally)
    const tree = parquetSchema({ ...metadata, schema: [root, ...columns.map(({ element }) => element)] })
    return { bytes, groups: metadata.row_groups, tree, columns, pages }
  })
  const cells = opened.columns.map(({ name }) => name)
  if (cells.length === 0) throw broken(file, 'there must be a column, got none')
  return { file, first: { cells, line: 1 }, hasNames: true, read: () => readRows(file, opened) }
}

function checkFrame (file: UploadedFile, bytes: Bytes): void {
  const magic = (at: number): string => Buffer.from(bytes.slice(at, at + 4)).toString('latin1')
  if (bytes.byteLength < 12 || magic(0) !== 'PAR1' || magic(bytes.byteLength - 4) !== 'PAR1') {
    throw broken(file, 'a Parquet file must begin and end with PAR1, got something else')
  }
  const footer = Buffer.from(bytes.slice(bytes.byteLength - 8)).readUInt32LE(0)
  if (footer > MAX_FOOTER_BYTES) throw broken(file, `the description at its end must have at most ${MAX_FOOTER_BYTES} bytes, got ${footer}`)
}

function toColumn (file: UploadedFile, element: SchemaElement, isNested: boolean, index: number): Column {
  const { name, repetition_type: repetition, type, converted_type: converted, logical_type: logical } = element
  const what = logical?.type ?? converted ?? type ?? 'a group'
  const type_ = isNested || repetition === 'REPEATED' ? undefined : findValueType(element)
  if (type_ === undefined) {
    throw broken(file, `column ${index} (${show(name)}) must have one number, text, truth value, date or time a row, got ${isNested ? `nested values (${what})` : repetition === 'REPEATED' ? 'repeated values' : what}`)
  }
  return { ...type_, name }
}

async function * readRows (file: UploadedFile, opened: Opened): AsyncGenerator<Cells> {
  const { groups, columns } = opened
  const step = Math.min(MOST_ROWS, Math.max(1, Math.floor(MANY_CELLS / columns.length)))
  let start = 0 // of the row group
  for (const [group, { num_rows: count }] of groups.entries()) {
    const rows = Number(count)
    for (let from = 0; from < rows; from += step) yield await readSome(file, opened, group, start, from, Math.min(from + step, rows))
    start += rows
  }
}

/** Reads rows of a row group, which begins with the row `start` of the file. */
async function readSome (
  file: UploadedFile, { bytes, columns, tree, pages }: Opened, group: number, start: number, from: number, to: number
): Promise<Cells> {
  const values: Value[][] = []
  for (const [index, { name, element }] of columns.entries()) {
    const leaf = { pathInSchema: [name], type: element.type!, element, schemaPath: [tree, tree.children[index]!] }
    const decoder = { ...leaf, codec: 'UNCOMPRESSED' as const, parsers: { ...DEFAULT_PARSERS, ...parsers }, utf8: false }
    values.push(await explained(file, async () => decodeRows(bytes, pages[group]![name]!, decoder, from, to), name))
  }
  const number = (row: number, column: number): number => {
    const value = values[column]![row]
    return value === undefined || value === null ? NaN : columns[column]!.number(value)
  }
  return {
    rows: to - from,
    width: columns.length,
    lineOf: row => start + from + row + 1,
    text (row, column) {
      const value = values[column]![row]
      return value === undefined || value === null ? '' : columns[column]!.text(value)
    },
    number,
    numbers (column, first, into) {
      for (let row = first; row < to - from; row++) into[row - first] = number(row, column)
    }
  }
}

/** Whatever a decoder finds wrong with a file is the file's fault. */
async function explained<T> (file: UploadedFile, read: () => Promise<T>, column?: string): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw broken(file, `${column === undefined ? 'it' : `column ${show(column)}`} must be Parquet, got ${show((error as Error).message)}`, error)
  }
}
