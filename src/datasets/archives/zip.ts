/**
 * Reads uploaded zip archives: which members they have, and the bytes of each, unpacked as a stream. Nothing is written,
 * and no member's name is ever a path here: names that leave the archive are refused all the same. Format: PKWARE's
 * APPNOTE 6.3.10, zip64 too; read by yauzl, which does not check what is checked here.
 */
import { crc32 } from 'node:zlib'
import * as yauzl from 'yauzl'
import { AppError } from '../../errors.js'
import { broken, show, type Tally, type UploadedFile } from '../limits.js'

export interface ZipMember {
  /** path in the archive: parts with / between them, in Unicode's composed form, as no other member has it; folders end in / */
  name: string
  isFolder: boolean
  /** when unpacked */
  sizeBytes: number
}

export interface ZipArchive {
  /** in the order of the archive */
  members: ZipMember[]
  /**
   * Unpacks a member by the piece; again whenever it is asked for.
   * @throws AppError invalid_dataset when its bytes are not what the archive says of them
   */
  read (member: ZipMember): AsyncGenerator<Buffer>
  close (): void
}

/** Kept in memory, some 300 bytes each. */
const MAX_MEMBERS = 500_000
const LONGEST_NAME = 1000
const STORED = 0
const DEFLATED = 8

/** Says whether a file is a zip by its first 4 bytes: a member, or the end of an archive that has none. */
export function isZip (first: Uint8Array): boolean {
  return first[0] === 0x50 && first[1] === 0x4b && ((first[2] === 3 && first[3] === 4) || (first[2] === 5 && first[3] === 6))
}

/**
 * Opens an archive and lists its members. What they say to be when unpacked is counted at once, so that a bomb is refused
 * before a byte of it is unpacked; nothing unpacks to more than it says.
 * @throws AppError invalid_dataset naming the file, the member and the rule
 */
export async function openZip (file: UploadedFile, tally: Tally): Promise<ZipArchive> {
  const archive = await yauzl.openPromise(file.path, { autoClose: false, decodeStrings: false }).catch(error => explain(file, error))
  const entries = new Map<ZipMember, yauzl.Entry>()
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
    archive.close()
    throw error instanceof AppError ? error : explain(file, error)
  }
  return {
    members: [...entries.keys()],
    read: member => unpack(file, archive, member, entries.get(member)!),
    close: () => { archive.close() }
  }
}

async function * unpack (file: UploadedFile, archive: yauzl.ZipFile, { name }: ZipMember, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  let sum = 0
  try {
    for await (const piece of await archive.openReadStreamPromise(entry) as AsyncIterable<Buffer>) {
      sum = crc32(piece, sum)
      yield piece
    }
  } catch (error) {
    throw error instanceof AppError ? error : explain(file, error, name)
  }
  if (sum !== entry.crc32) throw broken(file, `the member ${show(name)} must have the checksum ${hex(entry.crc32)} that the archive tells, got ${hex(sum)}; was it damaged on its way?`)
}

/** UTF-8 where the bytes are that, also where the archive does not say so (Macs); else as the archive says, or code page 437. */
function nameOf (file: UploadedFile, entry: yauzl.Entry): string {
  const raw = entry.fileNameRaw
  if (raw.length > LONGEST_NAME) throw broken(file, `a member's name must have at most ${LONGEST_NAME} bytes, got ${raw.length}`)
  const name = (decodeUtf8(raw) ?? yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false))
    .replaceAll('\\', '/').normalize('NFC')
  if (name === '' || name.startsWith('/') || /^[a-zA-Z]:/.test(name) || name.split('/').includes('..') || /\p{Cc}/u.test(name)) {
    throw broken(file, `a member's name must be a path within the archive, without control characters, got ${show(name)}`)
  }
  return name
}

function decodeUtf8 (bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined // not UTF-8: the caller reads it as what it says to be
  }
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
