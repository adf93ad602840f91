/**
 * Where a small member of an archive lies: plain data, with which every thread of the process reads it, in one piece. What
 * it unpacks to is what the archive says of it, or an error.
 */
import { readSync } from 'node:fs'
import { crc32, inflateRawSync } from 'node:zlib'
import { broken, show, type UploadedFile } from '../limits.js'

export interface MemberPlace {
  file: UploadedFile
  name: string
  /** of the archive, open as long as the archive is */
  descriptor: number
  /** of its bytes; in a zip of the header before them */
  at: number
  /** when unpacked */
  sizeBytes: number
  /** in a zip: what is there, and the checksum of what it unpacks to */
  packed?: { bytes: number, isDeflated: boolean, sum: number }
}

const LOCAL_HEADER = 0x04034b50
const LOCAL_HEADER_BYTES = 30
/** Of name and extra fields, as a rule: what is longer is read again. */
const NAMES_BYTES = 256

/** Reads a member. @throws AppError invalid_dataset when its bytes are not what the archive says of them */
export function readPlace (place: MemberPlace): Buffer {
  const { file, name, packed } = place
  let bytes
  try {
    bytes = packed === undefined ? readAt(place.descriptor, place.at, place.sizeBytes) : unpack(place, packed)
  } catch (error) {
    throw broken(file, `the member ${show(name)} must be intact, got "${(error as Error).message}"`, error)
  }
  if (packed !== undefined) checkSum(file, name, packed.sum, crc32(bytes))
  return bytes
}

/** @throws AppError invalid_dataset where the checksum of a member is not the one that its archive tells */
export function checkSum (file: UploadedFile, name: string, told: number, got: number): void {
  if (got !== told) throw broken(file, `the member ${show(name)} must have the checksum ${hex(told)} that the archive tells, got ${hex(got)}; was it damaged on its way?`)
}

/** @throws Error in words of the format */
function unpack ({ descriptor, at, sizeBytes: size }: MemberPlace, { bytes, isDeflated }: NonNullable<MemberPlace['packed']>): Buffer {
  const there = readUpTo(descriptor, at, LOCAL_HEADER_BYTES + NAMES_BYTES + bytes)
  if (there.length < LOCAL_HEADER_BYTES) throw new Error('unexpected end of file')
  if (there.readUInt32LE(0) !== LOCAL_HEADER) throw new Error('invalid local file header signature')
  const begin = LOCAL_HEADER_BYTES + there.readUInt16LE(26) + there.readUInt16LE(28)
  const packed = begin + bytes <= there.length ? there.subarray(begin, begin + bytes) : readAt(descriptor, at + begin, bytes)
  const unpacked = isDeflated ? inflate(packed, size) : packed
  if (unpacked.length < size) throw new Error(`not enough bytes: ${size} were told, there are ${unpacked.length}`)
  if (unpacked.length > size) throw new Error(`too many bytes: ${size} were told`)
  return unpacked
}

/** @returns at most one byte more than there should be */
function inflate (packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: size + 1, chunkSize: Math.max(64, size + 1) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error
    throw new Error(`too many bytes: ${size} were told`, { cause: error })
  }
}

function readAt (descriptor: number, at: number, length: number): Buffer {
  const bytes = readUpTo(descriptor, at, length)
  if (bytes.length < length) throw new Error('unexpected end of file')
  return bytes
}

function readUpTo (descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at))
}

function hex (sum: number): string {
  return sum.toString(16).padStart(8, '0')
}
