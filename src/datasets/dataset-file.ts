/**
 * How a data set is stored: one safetensors file with an array per split and field, beside a row that describes it. The
 * file is used as it is: decoding makes views, also over shared memory.
 */
import { createHash } from 'node:crypto'
import type { Dataset, DatasetDescription, FieldArray, Split } from './dataset.js'
import { bytesOfExample, layoutOf, type Column, type Description, type Field } from './description.js'
import { AppError } from '../errors.js'
import type { Pieces } from './files.js'
import type { Helpers } from './helpers/helpers.js'
import { sortKeys } from '../math/sort-keys.js'
import type { Tally } from './limits.js'
import type { DatasetReport } from './report.js'
import { decodeSafetensors, encodeSafetensorsHeader, readHeaderLength, readSafetensorsHeader, type TensorPlace } from '../storage/safetensors.js'
import { toRow, type Row } from './table/rows.js'
import { toText } from './words/tokens.js'

/** Examples on their way into a data set. */
export interface IncomingSplit { count: number, fields: Record<string, Pieces> }

/** Examples, and what is known of them before they have an id. */
export interface IncomingDataset {
  description: Description
  train: IncomingSplit
  test: IncomingSplit
  /** the words of the tokens from 2 on, where inputs are text: vocabulary - 2 of them */
  words?: string[]
  /** what the files were taken for; classes are counted for whoever leaves it out */
  report?: DatasetReport
}

/** Where what is read of an upload is put for the moment, what counts it, and who helps to read it. */
export interface ReadContext { folder: string, tally: Tally, helpers?: Helpers | undefined }

/** Gives a split that lies in memory the form of one that is on its way. */
export function toIncoming ({ count, arrays }: Split): IncomingSplit {
  return { count, fields: Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, inMemory(array)])) }
}

/** An array in the form of one that comes by the piece; it may be written until it is asked for. */
export function inMemory (array: FieldArray): Pieces {
  return () => [Buffer.from(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength)]
}

/** Writes a data set's file, piece by piece. */
export function * encodeDataset ({ description, train, test, words = [] }: IncomingDataset): Generator<Buffer> {
  const splits = { train, test }
  const pieces: Record<string, Pieces> = {}
  const tensors: Parameters<typeof encodeSafetensorsHeader>[0] = {}
  for (const [split, { count, fields }] of Object.entries(splits)) {
    for (const [name, field] of Object.entries(description.fields)) {
      const { dtype, shape } = layoutOf(field)
      tensors[nameInFile(split, name)] = { dtype, shape: [count, ...shape] }
      pieces[nameInFile(split, name)] = fields[name]!
    }
  }
  if (words.length > 0) { // the format has no arrays without elements
    const text = Buffer.from(words.join(WORD_END))
    tensors[WORDS] = { dtype: 'U8', shape: [text.length] }
    pieces[WORDS] = () => [text]
  }
  const { bytes, order } = encodeSafetensorsHeader(tensors, metadataOf(description))
  yield Buffer.from(bytes.buffer)
  for (const name of order) yield * pieces[name]!()
}

/** Reads a data set; its arrays are views of bytes, which may lie in shared memory. @throws Error when bytes are not what it describes */
export function decodeDataset (description: DatasetDescription, bytes: Uint8Array): Dataset {
  const { arrays } = decodeSafetensors(bytes)
  const { id, fields, counts } = description
  const array = (name: string, field: Field, count: number): FieldArray => {
    const found = arrays[name]
    const { dtype, shape } = layoutOf(field)
    if (!(found?.data instanceof classOf[dtype]) || String(found.shape) !== String([count, ...shape])) {
      throw new Error(`The data set ${id} must have ${name}, ${dtype} [${[count, ...shape]}], got ${found === undefined ? 'none' : `[${found.shape}]`}`)
    }
    return found.data as FieldArray
  }
  const split = (name: 'train' | 'test'): Split => ({
    count: counts[name],
    arrays: Object.fromEntries(Object.entries(fields).map(([field, what]) => [field, array(nameInFile(name, field), what, counts[name])]))
  })
  return withWords({ id, fields, counts, train: split('train'), test: split('test') }, arrays[WORDS]?.data as Uint8Array | undefined)
}

/** Adds words that are decoded when they are asked for: every trial opens its data sets, few look at words. */
function withWords (dataset: Dataset, text: Uint8Array | undefined): Dataset {
  if (text === undefined) return dataset
  let words: string[] | undefined
  return Object.defineProperty(dataset, 'words', { enumerable: true, get: () => (words ??= decodeWords(text)) })
}

function decodeWords (text: Uint8Array): string[] {
  return Buffer.from(text).toString().split(WORD_END) // a copy: text may lie in shared memory
}

/** What one stored example has in a field: numbers are flat, in the order of shape, in the data set's stored units. */
export type ExampleField =
  | Numbers<'image'> | Numbers<'classMap'>
  | Numbers<'tokens'> & { text?: string }
  | Numbers<'features'> & { columns?: Column[], row?: Row }
  | { type: 'values', values: number[], columns: Column[] }
  | { type: 'classes', label: number, name: string }

interface Numbers<Type> { type: Type, shape: number[], values: number[] }

/** One stored example. */
export interface Example { split: 'train' | 'test', index: number, fields: Record<string, ExampleField> }

/** What gives a part of a stored file. @throws AppError file_missing */
export interface RangeReader { readRange (sha256: string, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> }

/** What says where examples lie in a file. */
interface Opened { description: Description, blobSha: string }

/** Reads one example without reading the whole file. @throws AppError not_found beyond the split */
export async function readExample (blobs: RangeReader, opened: Opened, split: 'train' | 'test', index: number): Promise<Example> {
  const [example] = Number.isInteger(index) && index >= 0 ? await readExamples(blobs, opened, split, { offset: index, limit: 1 }) : []
  if (example === undefined) throw new AppError('not_found', `example ${index} of ${split}, whose indices are 0 .. ${opened.description.counts[split] - 1}`)
  return example
}

/** Reads neighbouring examples without reading the whole file: as many as there are from offset on, limit at most. */
export async function readExamples (
  blobs: RangeReader, { description: { fields, counts }, blobSha }: Opened, split: 'train' | 'test', { offset, limit }: { offset: number, limit: number }
): Promise<Example[]> {
  const count = Math.min(limit, counts[split] - offset)
  if (count <= 0) return []
  const places = await readPlaces(blobs, blobSha)
  const read = async ([name, field]: [string, Field]): Promise<[string, ExampleField[]]> => {
    const place = places[nameInFile(split, name)]
    if (!place) throw new Error(`The data set ${blobSha} must have the field ${name} in ${split}`)
    const size = bytesOfExample(field)
    const { buffer } = await blobs.readRange(blobSha, place.start + offset * size, count * size)
    const bytes = field.type === 'tokens' ? await readPlace(blobs, blobSha, places[WORDS]) : undefined
    const words = bytes && decodeWords(bytes)
    return [name, Array.from({ length: count }, (_, i) => {
      const numbers = new classOf[layoutOf(field).dtype](buffer.slice(i * size, (i + 1) * size))
      return toExampleField(field, Array.from(numbers), words)
    })]
  }
  const columns = await Promise.all(Object.entries(fields).map(read))
  return Array.from({ length: count }, (_, i) => (
    { split, index: offset + i, fields: Object.fromEntries(columns.map(([name, examples]) => [name, examples[i]!])) }))
}

/** Reads the words of the tokens from 2 on without reading the whole file; undefined where it has none. @throws AppError file_missing */
export async function readWords (blobs: RangeReader, blobSha: string): Promise<string[] | undefined> {
  const words = await readPlace(blobs, blobSha, (await readPlaces(blobs, blobSha))[WORDS])
  return words && decodeWords(words)
}

async function readPlaces (blobs: RangeReader, blobSha: string): Promise<Record<string, TensorPlace>> {
  const headerLength = readHeaderLength(await blobs.readRange(blobSha, 0, 8))
  return readSafetensorsHeader(await blobs.readRange(blobSha, 0, 8 + headerLength)).places
}

async function readPlace (blobs: RangeReader, blobSha: string, place: TensorPlace | undefined): Promise<Uint8Array | undefined> {
  return place && await blobs.readRange(blobSha, place.start, place.end - place.start)
}

function toExampleField (field: Field, values: number[], words: string[] | undefined): ExampleField {
  switch (field.type) {
    case 'classes': {
      const label = values[0]!
      return { type: field.type, label, name: field.names[label] ?? String(label) }
    }
    case 'values': return { type: field.type, values, columns: field.columns }
    case 'features': {
      const row = toRow(field, values)
      return { type: field.type, shape: field.shape, values, ...(field.columns ? { columns: field.columns } : {}), ...(row ? { row } : {}) }
    }
    case 'tokens': return { type: field.type, shape: field.shape, values, ...(words ? { text: toText(values, words) } : {}) }
    default: return { type: field.type, shape: field.shape, values }
  }
}

/** The words in the file: UTF-8, one after the other, no word has the sign between them. */
const WORDS = 'words'
const WORD_END = '\n'

const classOf = { U8: Uint8Array, I32: Int32Array, F32: Float32Array } as const

/**
 * What the array of a field is called. The target is called labels in files: there were only classes once, and what is
 * uploaded or generated again must have the bytes by which it is known.
 */
export function nameInFile (split: string, field: string): string {
  return `${split}.${field === 'target' ? 'labels' : field}`
}

/** What the arrays do not say, so that equal bytes are equal data sets: names of classes, and all the rest where there is more. */
function metadataOf ({ fields }: Description): Record<string, string> {
  const { inputs, target, ...further } = fields
  const isPlain = Object.keys(further).length === 0 && target?.type === 'classes' && !('columns' in inputs) && !('text' in inputs)
  return {
    ...(target?.type === 'classes' ? { labelNames: JSON.stringify(target.names) } : {}),
    ...(isPlain ? {} : { fields: JSON.stringify(sortKeys(fields)) })
  }
}

/** Hash by which a team finds a data set again: of the source, and for uploads of the bytes too. */
export function hashSource (source: unknown, blobSha?: string): string {
  return createHash('sha256').update(JSON.stringify([sortKeys(source), blobSha ?? null])).digest('hex')
}
