/**
 * The header of a safetensors file that somebody else wrote, by all rules of the format: the reader in storage knows only
 * what is written here. Source: the format's own text, github.com/huggingface/safetensors.
 */
import { sizeOf } from '../../../math/arrays.js'
import { findSafetensorsType } from './elements.js'

/** An array of the file: from which byte to which, counted from the file's begin. */
export interface SafetensorsPlace { name: string, dtype: string, shape: number[], start: number, end: number }

/** Room for a hundred thousand arrays; the library itself takes ten times as much. */
const LONGEST_HEADER = 10_000_000

/** @returns bytes of the JSON after the first 8, undefined where the first bytes are no begin of such a file */
export function readJsonLength (first: Buffer): number | undefined {
  if (first.length < 9 || first[8] !== 0x7b) return undefined // {
  const length = first.readBigUInt64LE(0)
  return length > LONGEST_HEADER ? undefined : Number(length)
}

/**
 * Reads the header.
 * @param json  the bytes after the first 8
 * @throws Error saying which rule is broken
 */
export function readSafetensorsPlaces (json: Buffer, sizeBytes: number): SafetensorsPlace[] {
  const { __metadata__: metadata, ...tensors } = toObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)), 'the header')
  if (metadata !== undefined && !Object.values(toObject(metadata, '__metadata__')).every(value => typeof value === 'string')) {
    throw new Error('every value of __metadata__ must be a string')
  }
  const begin = 8 + json.length
  const places = Object.entries(tensors).map(([name, tensor]) => readPlace(name, toObject(tensor, JSON.stringify(name)), begin))
  places.sort((a, b) => a.start - b.start || a.end - b.end)
  let end = begin
  for (const place of places) {
    if (place.start !== end) throw new Error(`the bytes of ${JSON.stringify(place.name)} must begin at ${end - begin}, without gap or overlap, got ${place.start - begin}`)
    end = place.end
  }
  if (end !== sizeBytes) throw new Error(`the file must have ${end} bytes, got ${sizeBytes}`)
  return places
}

function readPlace (name: string, tensor: Record<string, unknown>, begin: number): SafetensorsPlace {
  const { dtype, shape, data_offsets: offsets } = tensor
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw new Error(`${JSON.stringify(name)} must have dtype, shape and data_offsets, got ${JSON.stringify(tensor).slice(0, 100)}`)
  }
  const [from, to] = offsets as [number, number]
  const bytes = findSafetensorsType(dtype)?.bytes // of other types only whoever needs the array has to know
  if (bytes !== undefined && sizeOf(shape) * bytes !== to - from) {
    throw new Error(`${JSON.stringify(name)} of ${dtype} [${shape.join(', ')}] must have ${sizeOf(shape) * bytes} bytes, got ${to - from}`)
  }
  return { name, dtype, shape, start: begin + from, end: begin + to }
}

function isSizes (value: unknown): value is number[] {
  return Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && size >= 0)
}

function toObject (value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} must be a JSON object`)
  return value as Record<string, unknown>
}
