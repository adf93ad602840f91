/**
 * How a data set is stored: one safetensors file with train.inputs, train.labels, test.inputs and test.labels, beside
 * a row that describes it. The file is used as it is: decoding makes views, also over shared memory.
 */
import { createHash } from 'node:crypto'
import type { Dataset, DatasetDescription, Split } from './dataset.js'
import { AppError } from '../errors.js'
import type { NamedArray } from '../math/arrays.js'
import type { BlobStore } from '../storage/blobs.js'
import type { Tally } from './limits.js'
import { decodeSafetensors, encodeSafetensorsHeader, readHeaderLength, readSafetensorsHeader } from '../storage/safetensors.js'

/** What is known of a data set before it has an id. */
export interface DatasetShape {
  /** shape of one input: [28, 28, 1] or [64] */
  inputShape: number[]
  dtype: 'uint8' | 'float32'
  classes: number
  labelNames: string[]
  trainCount: number
  testCount: number
}

/** Examples on their way into a data set: labels in memory, inputs by the piece, as often as they are asked for. */
export interface IncomingSplit {
  count: number
  /** class of every example, 0 .. classes - 1 */
  labels: Int32Array
  /** the bytes of [count, ...inputShape], in pieces of any length */
  inputs: () => Iterable<Buffer>
}

/** Examples, and what is known of them before they have an id. */
export interface IncomingDataset { description: DatasetShape, train: IncomingSplit, test: IncomingSplit }

/** Where what is read of an upload is put for the moment, and what counts it. */
export interface ReadContext { folder: string, tally: Tally }

/** Gives a split that lies in memory the form of one that is on its way. */
export function toIncoming ({ inputs, labels, count }: Split): IncomingSplit {
  return { count, labels, inputs: () => [bytesOf(inputs)] }
}

/** Writes a data set's file, piece by piece. */
export function * encodeDataset ({ description, train, test }: IncomingDataset): Generator<Buffer> {
  const { inputShape, dtype, labelNames } = description
  const splits = { train, test }
  const pieces: Record<string, () => Iterable<Buffer>> = {}
  const tensors: Parameters<typeof encodeSafetensorsHeader>[0] = {}
  for (const [name, { count, labels, inputs }] of Object.entries(splits)) {
    tensors[`${name}.inputs`] = { dtype: dtype === 'uint8' ? 'U8' : 'F32', shape: [count, ...inputShape] }
    tensors[`${name}.labels`] = { dtype: 'I32', shape: [count] }
    pieces[`${name}.inputs`] = inputs
    pieces[`${name}.labels`] = () => [bytesOf(labels)]
  }
  const { bytes, order } = encodeSafetensorsHeader(tensors, { labelNames: JSON.stringify(labelNames) })
  yield Buffer.from(bytes.buffer)
  for (const name of order) yield * pieces[name]!()
}

/** Reads a data set; its arrays are views of bytes, which may lie in shared memory. @throws Error when bytes are no data set */
export function decodeDataset (description: DatasetDescription & { labelNames: string[] }, bytes: Uint8Array): Dataset {
  const { arrays } = decodeSafetensors(bytes)
  const { id, inputShape, classes, labelNames, trainCount, testCount } = description
  const split = (name: string): Split => toSplit(name, arrays[`${name}.inputs`], arrays[`${name}.labels`])
  return { id, inputShape, classes, labelNames, trainCount, testCount, train: split('train'), test: split('test') }
}

/** One stored example, in the data set's stored units; values are flat, in the order of shape. */
export interface Example { split: 'train' | 'test', index: number, label: number, labelName: string, shape: number[], values: number[] }

/** Reads one example without reading the whole file. @throws AppError not_found beyond the split */
export async function readExample (
  blobs: BlobStore, opened: { description: DatasetShape, blobSha: string }, split: 'train' | 'test', index: number
): Promise<Example> {
  const { description: { inputShape, labelNames, trainCount, testCount }, blobSha } = opened
  const count = split === 'train' ? trainCount : testCount
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new AppError('not_found', `example ${index} of ${split}, whose indices are 0 .. ${count - 1}`)
  }
  const headerLength = readHeaderLength(await blobs.readRange(blobSha, 0, 8))
  const { places } = readSafetensorsHeader(await blobs.readRange(blobSha, 0, 8 + headerLength))
  const inputs = places[`${split}.inputs`]
  const labels = places[`${split}.labels`]
  if (!inputs || !labels) throw new Error(`The data set ${blobSha} must have the split ${split}`)
  const size = (inputs.end - inputs.start) / count
  const input = await blobs.readRange(blobSha, inputs.start + index * size, size)
  const [label = 0] = new Int32Array((await blobs.readRange(blobSha, labels.start + index * 4, 4)).buffer)
  const values = Array.from(inputs.dtype === 'U8' ? input : new Float32Array(input.buffer))
  return { split, index, label, labelName: labelNames[label] ?? String(label), shape: inputShape, values }
}

/** Hash by which a team finds a data set again: of the source, and for uploads of the bytes too. */
export function hashSource (source: unknown, blobSha?: string): string {
  return createHash('sha256').update(JSON.stringify([sortKeys(source), blobSha ?? null])).digest('hex')
}

function toSplit (name: string, inputs: NamedArray | undefined, labels: NamedArray | undefined): Split {
  const isInput = inputs?.data instanceof Uint8Array || inputs?.data instanceof Float32Array
  if (!isInput || !(labels?.data instanceof Int32Array)) throw new Error(`A data set must have ${name}.inputs (U8 or F32) and ${name}.labels (I32)`)
  return { inputs: inputs.data as Uint8Array | Float32Array, labels: labels.data, count: labels.data.length }
}

function bytesOf ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}

function sortKeys (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1).map(([key, member]) => [key, sortKeys(member)]))
}
