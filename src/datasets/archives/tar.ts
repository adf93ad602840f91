/**
 * Reads uploaded tar archives, plain or gzip: which members they have, and the bytes of each. A tar has no table of
 * contents, so it is read once for its headers (by tar-stream) and then at the places that they tell; gzip goes to a
 * temporary file before. Format: POSIX.1-2001 (ustar, pax) and GNU's.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { pipeline, Readable, type Writable } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import { AppError } from '../../errors.js'
import type { ReadContext } from '../dataset-file.js'
import { readUploaded } from '../files.js'
import { broken, show, type UploadedFile } from '../limits.js'
import type { Spool } from '../spool.js'
import type { Archive, Member } from './archive.js'
import { checkName, decodeUtf8 } from './names.js'

interface Found extends Member { at: number }

/** What tar-stream's types leave out: where a member's bytes begin, what pax headers say, types that it does not know. */
type TarHeader = Omit<Header, 'type' | 'pax'> & { byteOffset: number, pax: { path?: string } | null, type: Header['type'] | null }

/** Kept in memory, some 300 bytes each. */
const MAX_MEMBERS = 500_000
const BLOCK = 512
const PIECE_BYTES = 1024 * 1024

/**
 * Opens an archive and lists its members.
 * @param unpacked  where the bytes are kept that gzip had; left out where the upload is no gzip
 * @throws AppError invalid_dataset naming the file, the member and the rule
 */
export async function openTar (file: UploadedFile, { tally }: Pick<ReadContext, 'tally'>, unpacked?: Spool): Promise<Archive> {
  const members = await list(file, keep(readUploaded(file, tally), unpacked))
  const descriptor = openSync(unpacked?.file ?? file.path, 'r')
  try {
    checkEnd(file, descriptor)
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
  return {
    members,
    async * read (member) {
      const { at, sizeBytes } = member as Found
      for (let done = 0; done < sizeBytes;) {
        const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, sizeBytes - done))
        const length = readSync(descriptor, piece, 0, piece.length, at + done)
        if (length === 0) throw broken(file, `the member ${show(member.name)} must have ${sizeBytes} bytes, got ${done}`)
        done += length
        yield piece.subarray(0, length)
      }
    },
    place (member) {
      const { at, sizeBytes, name } = member as Found
      return sizeBytes <= PIECE_BYTES ? { file, name, descriptor, at, sizeBytes } : undefined
    },
    close () { closeSync(descriptor) }
  }
}

async function * keep (pieces: AsyncIterable<Buffer>, unpacked: Spool | undefined): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    unpacked?.write(piece)
    yield piece
  }
}

async function list (file: UploadedFile, pieces: AsyncIterable<Buffer>): Promise<Found[]> {
  const members = new Map<string, Found>()
  const encoding = { filenameEncoding: 'latin1' } // byte by byte: what names are is found here. Not among the types of the library
  const entries = extract(encoding as object)
  pipeline(Readable.from(pieces), entries as unknown as Writable, () => {}) // its errors come out of the loop
  try {
    for await (const entry of entries) {
      const header = entry.header as unknown as TarHeader
      const name = nameOf(file, header)
      const isFolder = header.type === 'directory'
      if (!isFolder && header.type !== 'file' && header.type !== 'contiguous-file') {
        throw broken(file, `the member ${show(name)} must be a file or a folder, got ${sayType(header.type)}`)
      }
      // tools write a folder again when they append to it
      if (members.has(name) && !isFolder) throw broken(file, `every member must have a name of its own, got ${show(name)} twice`)
      if (members.size === MAX_MEMBERS) throw broken(file, `a tar must have at most ${MAX_MEMBERS} members, got more`)
      if (name !== '') members.set(name, { name, isFolder, sizeBytes: header.size, at: header.byteOffset })
      entry.resume()
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw broken(file, `the tar archive must be intact, got "${(error as Error).message}"`, error)
  }
  return [...members.values()]
}

/** pax names are UTF-8; others are what the machine that packed them used: UTF-8 where they are that, else Latin-1. */
function nameOf (file: UploadedFile, { name, pax, type }: TarHeader): string {
  const text = pax?.path ?? decodeUtf8(Buffer.from(name, 'latin1')) ?? name
  if (type === 'directory' && /^(\.\/?)*$/.test(text)) return '' // the folder that was packed
  const checked = checkName(file, text)
  return type === 'directory' ? checked.replace(/\/*$/, '/') : checked
}

function sayType (type: TarHeader['type']): string {
  return type === 'link' || type === 'symlink' ? 'a link' : type ?? 'an unknown type'
}

/** An archive ends with blocks of zeros: one that was cut between two members is noticed by that alone. */
function checkEnd (file: UploadedFile, descriptor: number): void {
  const { size } = fstatSync(descriptor)
  const last = Buffer.alloc(BLOCK, 1)
  readSync(descriptor, last, 0, BLOCK, Math.max(0, size - BLOCK))
  if (last.some(byte => byte !== 0)) throw broken(file, 'the tar archive must be intact and end with a block of zeros, got another end; was it cut?')
}
