/**
 * Where the pages of a Parquet file stand. Every page says how large it becomes: all are looked at before one is
 * unpacked, so that a small file cannot become too much, and a row is found without reading what lies before it.
 */
import type { ColumnMetaData, FileMetaData, RowGroup } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { broken, type Tally, type UploadedFile } from '../../limits.js'
import type { Bytes } from './bytes.js'

export interface Page { offset: bigint, compressed_page_size: number, first_row_index: bigint }

/** Programs write pages of about a megabyte; some a whole row group in one. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024
const MAX_PAGE_VALUES = 4_000_000
/** With the least and the largest of its values, a header has some hundred bytes. */
const HEADER_BYTES = 16 * 1024

/**
 * Finds all pages.
 * @returns by row group, then by column
 * @throws AppError invalid_dataset where one would not fit, or the pages are not those of the rows
 */
export function findPages (file: UploadedFile, bytes: Bytes, metadata: FileMetaData, tally: Tally): Record<string, Page[]>[] {
  return metadata.row_groups.map((group, index) => Object.fromEntries(group.columns.map(({ meta_data: column, file_path: path }) => {
    if (column === undefined || path !== undefined) throw broken(file, `row group ${index} must have its columns in this file, got none`)
    return [column.path_in_schema.join('.'), findColumnPages(file, bytes, group, column, index, tally)]
  })))
}

function findColumnPages (file: UploadedFile, bytes: Bytes, group: RowGroup, column: ColumnMetaData, index: number, tally: Tally): Page[] {
  const where = `row group ${index}, column ${JSON.stringify(column.path_in_schema.join('.'))}`
  // Some programs write no dictionary_page_offset, others 0 where there is no dictionary.
  const first = Number(column.dictionary_page_offset ?? 0n)
  let at = first > 0 ? Math.min(first, Number(column.data_page_offset)) : Number(column.data_page_offset)
  const end = at + Number(column.total_compressed_size)
  const rows = Number(group.num_rows)
  const pages: Page[] = []
  let values = 0
  while (values < rows) {
    const reader = { view: new DataView(bytes.slice(at, Math.min(at + HEADER_BYTES, end))), offset: 0 }
    const header = parquetHeader(reader)
    const { compressed_page_size: size, uncompressed_page_size: unpacked } = header
    const page = header.data_page_header ?? header.data_page_header_v2
    const count = page?.num_values ?? header.dictionary_page_header?.num_values ?? 0
    if (!(size >= 0 && unpacked >= 0 && count >= 0)) throw broken(file, `${where}: a page must have a size, got ${size}, ${unpacked} unpacked, ${count} values`)
    if (unpacked > MAX_PAGE_BYTES || size > MAX_PAGE_BYTES || count > MAX_PAGE_VALUES) {
      throw broken(file, `${where}: a page must have at most ${MAX_PAGE_BYTES} bytes and ${MAX_PAGE_VALUES} values, got ${Math.max(unpacked, size)} and ${count}; write smaller pages or row groups`)
    }
    tally.addBytes(file, unpacked)
    const length = reader.offset + size
    if (at + length > end) throw broken(file, `${where}: a page must end within its column, got ${at + length - end} bytes more`)
    if (page !== undefined) {
      pages.push({ offset: BigInt(at), compressed_page_size: length, first_row_index: BigInt(values) })
      values += count
    }
    at += length
  }
  if (values !== rows) throw broken(file, `${where} must have a value for each of the ${rows} rows, got ${values}`)
  return pages
}
