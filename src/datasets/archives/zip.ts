/**
 * Reads uploaded zip archives: which members they have, and the bytes of each, unpacked as a stream. Nothing is written,
 * and no member's name is ever a path here: names that leave the archive are refused all the same. Format: PKWARE's
 * APPNOTE 6.3.10, zip64 too; read by yauzl, which does not check what is checked here.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { crc32, inflateRawSync } from 'node:zlib'
import * as yauzl from 'yauzl'
import { AppError } from '../../errors.js'
import { broken, show, type Tally, type UploadedFile } from '../limits.js'
import type { Archive, Member } from './archive.js'
import { checkName, decodeUtf8 } from './names.js'

/** Kept in memory, some 300 bytes each. */
const MAX_MEMBERS = 500_000
const STORED = 0
const DEFLATED = 8
/** Members up to here are read and unpacked in one piece. */
const SMALL_BYTES = 1024 * 1024
const LOCAL_HEADER = 0x04034b50
const LOCAL_HEADER_BYTES = 30

/** Says whether a file is a zip by its first 4 bytes: a member, or the end of an archive that has none. */
export function isZip (first: Uint8Array): boolean {
  return first[0] === 0x50 && first[1] === 0x4b && ((first[2] === 3 && first[3] === 4) || (first[2] === 5 && first[3] === 6))
}

/**
 * Opens an archive and lists its members. What they say to be when unpacked is counted at once, so that a bomb is refused
 * before a byte of it is unpacked; nothing unpacks to more than it says.
 * @throws AppError invalid_dataset naming the file, the member and the rule
 */
export async function openZip (file: UploadedFile, tally: Tally): Promise<Archive> {
  const archive = await yauzl.openPromise(file.path, { autoClose: false, decodeStrings: false }).catch(error => explain(file, error))
  const opened = { file, archive, descriptor: openSync(file.path, 'r') }
  const entries = new Map<Member, yauzl.Entry>()
  const names = new Set<string>()
  try {
    if (archive.entryCount > MAX_MEMBERS) throw broken(file, `a zip must have at most ${MAX_MEMBERS} members, got ${archive.entryCount}`)
    for await (const entry of archive.eachEntry()) {
      const name = nameOf(file, entry)
      if (names.has(name)) throw broken(file, `every member must have a name of its own, got ${show(name)} twice`)
      names.add(name)
      checkReadable(file, name, entry)
      tally.addBytes(file, entry.uncompressedSize)
      entries.set({ name, isFolder: name.endsWith('/'), sizeBytes: entry.uncompressedSize }, keepLittle(entry))
    }
  } catch (error) {
    close(opened)
    throw error instanceof AppError ? error : explain(file, error)
  }
  return {
    members: [...entries.keys()],
    read: member => unpack(opened, member, entries.get(member)!),
    close: () => { close(opened) }
  }
}

interface OpenZip { file: UploadedFile, archive: yauzl.ZipFile, descriptor: number }

function close ({ archive, descriptor }: OpenZip): void {
  archive.close()
  closeSync(descriptor)
}

async function * unpack ({ file, archive, descriptor }: OpenZip, { name }: Member, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  const isSmall = Math.max(entry.compressedSize, entry.uncompressedSize) <= SMALL_BYTES
  let sum = 0
  try {
    const pieces = isSmall ? [unpackSmall(descriptor, entry)] : await archive.openReadStreamPromise(entry) as AsyncIterable<Buffer>
    for await (const piece of pieces) {
      sum = crc32(piece, sum)
      yield piece
    }
  } catch (error) {
    throw error instanceof AppError ? error : explain(file, error, name)
  }
  if (sum !== entry.crc32) throw broken(file, `the member ${show(name)} must have the checksum ${hex(entry.crc32)} that the archive tells, got ${hex(sum)}; was it damaged on its way?`)
}

/** A stream for each of 100,000 small members takes five times as long as the pictures in them. @throws Error in words of the format */
function unpackSmall (descriptor: number, entry: yauzl.Entry): Buffer {
  const { relativeOffsetOfLocalHeader: at, compressedSize, uncompressedSize: size, compressionMethod } = entry
  const header = readAt(descriptor, at, LOCAL_HEADER_BYTES)
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error('invalid local file header signature')
  const packed = readAt(descriptor, at + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28), compressedSize)
  const unpacked = compressionMethod === STORED ? packed : inflateSmall(packed, size)
  if (unpacked.length < size) throw new Error(`not enough bytes: ${size} were told, there are ${unpacked.length}`)
  if (unpacked.length > size) throw new Error(`too many bytes: ${size} were told`)
  return unpacked
}

/** @returns at most one byte more than there should be */
function inflateSmall (packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: size + 1, chunkSize: Math.max(64, size + 1) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error
    throw new Error(`too many bytes: ${size} were told`, { cause: error })
  }
}

function readAt (descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  if (readSync(descriptor, bytes, 0, length, at) < length) throw new Error('unexpected end of file')
  return bytes
}

/** UTF-8 where the bytes are that, also where the archive does not say so (Macs); else as the archive says, or code page 437. */
function nameOf (file: UploadedFile, entry: yauzl.Entry): string {
  const raw = entry.fileNameRaw
  return checkName(file, decodeUtf8(raw) ?? yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false))
}

function checkReadable (file: UploadedFile, name: string, entry: yauzl.Entry): void {
  if (entry.isEncrypted()) throw broken(file, `the member ${show(name)} must not be encrypted`)
  const { compressionMethod } = entry
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw broken(file, `the member ${show(name)} must be stored (0) or deflated (8), got method ${compressionMethod}`)
  }
}

/** What reading a member takes: the rest of an entry is a kilobyte. */
function keepLittle (entry: yauzl.Entry): yauzl.Entry {
  const { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod, generalPurposeBitFlag, crc32 } = entry
  const kept = { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod, generalPurposeBitFlag, crc32 }
  return Object.assign(new yauzl.Entry(), kept)
}

function explain (file: UploadedFile, error: unknown, member?: string): never {
  const { message } = error as Error
  throw broken(file, `${member === undefined ? 'the zip archive' : `the member ${show(member)}`} must be intact, got "${message}"`, error)
}

function hex (sum: number): string {
  return sum.toString(16).padStart(8, '0')
}
