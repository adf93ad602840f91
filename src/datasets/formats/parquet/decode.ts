/** Decodes pages of a flat column: each is unpacked and its runs are looked at, then hyparquet makes values of it. */
import type { ColumnDecoder, CompressionCodec, DecodedArray, PageHeader, ParquetType } from 'hyparquet/src/types.js'
import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert } from 'hyparquet/src/convert.js'
import { compressors, decompressZstd } from 'hyparquet-compressors'
import type { Bytes } from './bytes.js'
import type { ColumnPages, Page, Place } from './pages.js'
import { checkRuns } from './runs.js'
import type { Value } from './values.js'

/**
 * Reads the values of some rows.
 * @param from  in the row group, as `to`
 * @throws Error of many kinds where the file is broken
 */
export function decodeRows (
  bytes: Bytes, { dictionary, data, codec }: ColumnPages, decoder: ColumnDecoder, from: number, to: number
): Value[] {
  const words = dictionary && convert(decodePage(bytes, dictionary, codec, decoder), decoder)
  const values: Value[] = []
  for (const page of data) {
    if (page.first + page.rows <= from || page.first >= to) continue
    const found = decodePage(bytes, page, codec, decoder, words)
    if (found.length !== page.rows) throw new RangeError(`a page of ${page.rows} values has ${found.length}`)
    for (let row = Math.max(from - page.first, 0); row < Math.min(to - page.first, page.rows); row++) values.push(found[row])
  }
  return values
}

function decodePage (
  bytes: Bytes, place: Place | Page, codec: CompressionCodec, decoder: ColumnDecoder, dictionary?: DecodedArray
): DecodedArray {
  const reader = { view: new DataView(bytes.slice(place.offset, place.offset + place.bytes)), offset: 0 }
  const header = parquetHeader(reader)
  const page = unpack(new Uint8Array(reader.view.buffer, reader.offset), header, codec)
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
  checkPage(view, header, decoder)
  const second = header.data_page_header_v2 && { ...header.data_page_header_v2, is_compressed: false }
  const plain = { ...header, compressed_page_size: page.length, ...(second ? { data_page_header_v2: second } : {}) }
  return readPage({ view, offset: 0 }, plain, { ...decoder, codec: 'UNCOMPRESSED' }, dictionary, undefined, 0).data ?? []
}

/** The bytes of a page; those of version 2 begin with levels that are never packed. */
function unpack (packed: Uint8Array, header: PageHeader, codec: CompressionCodec): Uint8Array {
  const { uncompressed_page_size: size, data_page_header_v2: second } = header
  if (codec === 'UNCOMPRESSED' || second?.is_compressed === false) return packed
  const levels = second ? levelsOf(second) : 0
  const length = size - levels
  if (levels > packed.length || length < 0) throw new RangeError('levels are longer than their page')
  const decompress = codec === 'ZSTD' ? (input: Uint8Array) => decompressZstd(input, new Uint8Array(length)) : compressors[codec]
  if (decompress === undefined) throw new Error(`the codec ${codec} is not known`)
  // What has no bytes is no stream of a codec.
  const values = length === 0 ? new Uint8Array(0) : decompress(packed.subarray(levels), length)
  if (values.length !== length) throw new RangeError(`a page of ${length} bytes has ${values.length}`)
  return levels === 0 ? values : Buffer.concat([packed.subarray(0, levels), values])
}

function levelsOf (page: NonNullable<PageHeader['data_page_header_v2']>): number {
  const { definition_levels_byte_length: definition, repetition_levels_byte_length: repetition } = page
  if (!(definition >= 0) || repetition !== 0) throw new RangeError('a flat column has levels of lists')
  return definition
}

function checkPage (view: DataView, header: PageHeader, { element, type }: ColumnDecoder): void {
  const { data_page_header: first, data_page_header_v2: second } = header
  const page = first ?? second
  if (page === undefined) return // a dictionary
  let at = 0
  if (element.repetition_type !== 'REQUIRED') {
    const length = second ? levelsOf(second) : view.getUint32(0, true)
    at = second ? 0 : 4
    checkRuns(view, at, at + length, 1, page.num_values)
    at += length
  }
  if (isDictionary(page.encoding)) {
    const bits = view.byteLength > at ? view.getUint8(at) : 0
    checkRuns(view, at + 1, view.byteLength, bits, page.num_values)
  }
  if (isTruth(page.encoding, type)) checkRuns(view, at + 4, view.byteLength, 1, page.num_values)
}

function isDictionary (encoding: string): boolean {
  return encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
}

function isTruth (encoding: string, type: ParquetType): boolean {
  return encoding === 'RLE' && type === 'BOOLEAN'
}
