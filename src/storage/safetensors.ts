/**
 * The safetensors format: an 8-byte header length, a JSON header, then the arrays' bytes. One file form for
 * checkpoints, snapshots, data sets and influence indexes, readable by the Python library of that name.
 */
import { sizeOf, type NamedArray, type NamedArrays, type NumericArray } from '../math/arrays.js'

/** What decodeSafetensors gives. */
export interface Safetensors { arrays: NamedArrays, metadata: Record<string, string> }

/** Where an array lies in the file, in bytes from its begin. */
export interface TensorPlace { dtype: Dtype, shape: number[], start: number, end: number }

export interface SafetensorsHeader {
  places: Record<string, TensorPlace>
  metadata: Record<string, string>
  /** bytes that the whole file must have */
  length: number
}

type Dtype = keyof typeof kinds
type Header = Record<string, { dtype: Dtype, shape: number[], data_offsets: [number, number] }>

const kinds = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const
/** Of every array's begin: a Float64Array needs 8. */
const ALIGNMENT = 8
/** The library's own limit. */
const MAX_HEADER = 100_000_000

/**
 * Writes named arrays and text metadata as one safetensors file.
 * @throws Error when an array's shape does not fit its data
 */
export function encodeSafetensors (arrays: NamedArrays, metadata: Record<string, string> = {}): Uint8Array<ArrayBuffer> {
  const tensors: Record<string, { dtype: Dtype, shape: number[] }> = {}
  let length = 0
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    if (sizeOf(shape) !== data.length) throw new Error(`The shape of ${name} must have ${data.length} elements, got [${shape}]`)
    tensors[name] = { dtype: dtypeOf(data), shape }
    length += data.byteLength
  }
  const { bytes, order } = encodeSafetensorsHeader(tensors, metadata)
  const file = new Uint8Array(bytes.length + length)
  file.set(bytes)
  let position = bytes.length
  for (const { data } of order.map(name => arrays[name]!)) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return file
}

/**
 * Writes what stands before the arrays: for files whose arrays come one after the other and never lie in memory together.
 * The arrays lie by falling element size (then by name), so that each is aligned without gaps, which the format forbids.
 * @returns the first bytes of the file, and the order in which the arrays' bytes must follow
 */
export function encodeSafetensorsHeader (
  tensors: Record<string, { dtype: Dtype, shape: number[] }>, metadata: Record<string, string> = {}
): { bytes: Uint8Array<ArrayBuffer>, order: string[] } {
  const entries = Object.entries(tensors).sort(byElementSize)
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { __metadata__: metadata }
  let offset = 0
  for (const [name, { dtype, shape }] of entries) {
    const end = offset + sizeOf(shape) * kinds[dtype].BYTES_PER_ELEMENT
    header[name] = { dtype, shape, data_offsets: [offset, end] }
    offset = end
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(8 + headerLength).fill(0x20) // the format pads with spaces
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.set(text, 8)
  return { bytes, order: entries.map(([name]) => name) }
}

/**
 * Reads a safetensors file. Arrays are views of the bytes where these are aligned (in files made here they are), also
 * over shared memory; otherwise copies.
 * @throws Error saying what is wrong with the file
 */
export function decodeSafetensors (bytes: Uint8Array): Safetensors {
  const { places, metadata, length } = readSafetensorsHeader(bytes)
  if (length !== bytes.length) throw new Error(`A safetensors file of this header must have ${length} bytes, got ${bytes.length}`)
  const arrays: NamedArrays = {}
  for (const [name, place] of Object.entries(places)) arrays[name] = readArray(bytes, place)
  return { arrays, metadata }
}

/**
 * Reads only the header: where every array lies.
 * @param bytes the begin of the file, with the whole header
 * @throws Error saying what is wrong with the header
 */
export function readSafetensorsHeader (bytes: Uint8Array): SafetensorsHeader {
  const headerLength = readHeaderLength(bytes)
  if (bytes.length < 8 + headerLength) throw new Error(`A safetensors header must have ${headerLength} bytes, got ${bytes.length - 8}`)
  // A copy: TextDecoder does not read shared memory.
  const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes.subarray(8, 8 + headerLength)))
  const { __metadata__: metadata = {}, ...tensors } = JSON.parse(text) as Header & { __metadata__?: Record<string, string> }
  const begin = 8 + headerLength
  const places: Record<string, TensorPlace> = {}
  let length = begin
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(tensors as Header)) {
    if (!(dtype in kinds)) throw new Error(`The dtype of ${name} must be one of ${Object.keys(kinds).join(', ')}, got ${dtype}`)
    if (to - from !== sizeOf(shape) * kinds[dtype].BYTES_PER_ELEMENT) throw new Error(`The bytes of ${name} must fit ${dtype} [${shape}], got ${to - from}`)
    places[name] = { dtype, shape, start: begin + from, end: begin + to }
    length = Math.max(length, begin + to)
  }
  return { places, metadata, length }
}

/** Reads how long the header is from the first 8 bytes. @throws Error */
export function readHeaderLength (bytes: Uint8Array): number {
  if (bytes.length < 8) throw new Error(`A safetensors file must have 8 bytes or more, got ${bytes.length}`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > MAX_HEADER) throw new Error(`A safetensors header must have ${MAX_HEADER} bytes at most, got ${length}`)
  return Number(length)
}

function readArray (bytes: Uint8Array, { dtype, shape, start, end }: TensorPlace): NamedArray {
  const Kind = kinds[dtype]
  const aligned = (bytes.byteOffset + start) % Kind.BYTES_PER_ELEMENT === 0
  const source = aligned ? bytes : bytes.slice(start, end)
  const at = aligned ? bytes.byteOffset + start : 0
  return { shape, data: new Kind(source.buffer as ArrayBuffer, at, (end - start) / Kind.BYTES_PER_ELEMENT) }
}

function dtypeOf (data: NumericArray): Dtype {
  if (data instanceof Float64Array) return 'F64'
  if (data instanceof Float32Array) return 'F32'
  return data instanceof Int32Array ? 'I32' : 'U8'
}

function byElementSize ([nameA, a]: [string, { dtype: Dtype }], [nameB, b]: [string, { dtype: Dtype }]): number {
  return kinds[b.dtype].BYTES_PER_ELEMENT - kinds[a.dtype].BYTES_PER_ELEMENT || (nameA < nameB ? -1 : 1)
}
