/**
 * Reads uploaded zip archives: which members they have, and the bytes of each, unpacked as a stream. Nothing is written,
 * and no member's name is ever a path here: names that leave the archive are refused all the same. Format: PKWARE's
 * APPNOTE 6.3.10, zip64 too; read by yauzl, which does not check what is checked here.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import * as yauzl from 'yauzl'
import { AppError } from '../../errors.js'
import { broken, show, type Tally, type UploadedFile } from '../limits.js'
import type { Archive, Member } from './archive.js'
import { checkName, decodeUtf8 } from './names.js'
import { checkSum, readPlace, type MemberPlace } from './place.js'

/** Kept in memory, some 300 bytes each. */
const MAX_MEMBERS = 500_000
const STORED = 0
const DEFLATED = 8
/** Members up to here are read and unpacked in one piece. */
const SMALL_BYTES = 1024 * 1024
const WINDOW_BYTES = 64 * 1024

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
  const opened = await open(file)
  const { archive, descriptor } = opened
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
    place: member => placeOf(file, descriptor, member.name, entries.get(member)!),
    close: () => { close(opened) }
  }
}

interface OpenZip { file: UploadedFile, archive: yauzl.ZipFile, descriptor: number }

async function open (file: UploadedFile): Promise<OpenZip> {
  const descriptor = openSync(file.path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const options = { autoClose: false, decodeStrings: false }
    const archive = await yauzl.fromRandomAccessReaderPromise(new WindowReader(descriptor), size, options)
    return { file, archive, descriptor }
  } catch (error) {
    closeSync(descriptor)
    return explain(file, error)
  }
}

function close ({ archive, descriptor }: OpenZip): void {
  archive.close()
  closeSync(descriptor)
}

async function * unpack ({ file, archive, descriptor }: OpenZip, { name }: Member, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  const place = placeOf(file, descriptor, name, entry)
  if (place !== undefined) {
    yield readPlace(place)
    return
  }
  let sum = 0
  try {
    for await (const piece of await archive.openReadStreamPromise(entry) as AsyncIterable<Buffer>) {
      sum = crc32(piece, sum)
      yield piece
    }
  } catch (error) {
    throw error instanceof AppError ? error : explain(file, error, name)
  }
  checkSum(file, name, entry.crc32, sum)
}

/** A stream for each of 100,000 small members takes five times as long as the pictures in them. */
function placeOf (file: UploadedFile, descriptor: number, name: string, entry: yauzl.Entry): MemberPlace | undefined {
  const { relativeOffsetOfLocalHeader: at, compressedSize: packedBytes, uncompressedSize: sizeBytes, compressionMethod, crc32: sum } = entry
  if (Math.max(packedBytes, sizeBytes) > SMALL_BYTES) return undefined
  return { file, name, descriptor, at, sizeBytes, packed: { bytes: packedBytes, isDeflated: compressionMethod === DEFLATED, sum } }
}

type Done = (error: Error | null, bytes?: number) => void

/** Reads the table of contents a window at a time: two reads for each of 100,000 entries take longer than the pictures. */
class WindowReader extends yauzl.RandomAccessReader {
  private readonly window = Buffer.alloc(WINDOW_BYTES)
  private begin = 0
  private length = 0

  constructor (private readonly descriptor: number) { super() }

  override read (into: Buffer, offset: number, length: number, position: number, done: Done): void {
    const { window, descriptor } = this
    try {
      if (length > window.length) {
        done(null, readSync(descriptor, into, offset, length, position))
        return
      }
      if (position < this.begin || position + length > this.begin + this.length) {
        this.begin = position
        this.length = readSync(descriptor, window, 0, window.length, position)
      }
      const from = position - this.begin
      done(null, window.copy(into, offset, from, Math.min(from + length, this.length)))
    } catch (error) {
      done(error as Error)
    }
  }

  /** A stream of the file's own would close it. */
  override _readStreamForRange (start: number, end: number): Readable {
    return Readable.from(this.pieces(start, end))
  }

  private * pieces (start: number, end: number): Generator<Buffer> {
    for (let at = start; at < end;) {
      const piece = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, end - at))
      const length = readSync(this.descriptor, piece, 0, piece.length, at)
      if (length === 0) return
      at += length
      yield piece.subarray(0, length)
    }
  }
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
