/** Reads the files of an upload as a stream, plain or gzip, as their first bytes say and not their names. */
import { closeSync, openSync, readSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../errors.js'
import { broken, type Tally, type UploadedFile } from './limits.js'

/** What is made of a piece is gone before the next one: with 512 KB two thirds of the time went into collecting garbage. */
const PIECE_BYTES = 64 * 1024

/**
 * Gives a file's bytes by the piece, unpacked if it is gzip, and counts them.
 * @throws AppError invalid_dataset naming the file
 */
export async function * readUploaded (file: UploadedFile, tally: Tally): AsyncGenerator<Buffer> {
  const pieces = readPieces(file.path)
  const first = pieces.next().value ?? Buffer.alloc(0)
  const isGzip = first[0] === 0x1f && first[1] === 0x8b
  const whole = resume(first, pieces)
  try {
    for await (const piece of isGzip ? unpack(whole) : whole) {
      tally.addBytes(file, piece.length)
      yield piece
    }
  } catch (error) {
    if (!isZlibError(error)) throw error
    throw broken(file, explain(error), error)
  }
}

/** Reads a file, or its bytes from start to end, in a thread that has nothing else to do. Every piece is memory of its own. */
export function * readPieces (path: string, start = 0, end = Infinity): Generator<Buffer, undefined> {
  const descriptor = openSync(path, 'r')
  try {
    for (let at = start; at < end;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES)
      // Pipes have no positions.
      const length = readSync(descriptor, piece, 0, Math.min(piece.length, end - at), start === 0 ? null : at)
      if (length === 0) return
      at += length
      yield piece.subarray(0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}

function * resume (first: Buffer, rest: Iterable<Buffer>): Generator<Buffer> {
  if (first.length > 0) yield first
  yield * rest
}

function unpack (packed: Iterable<Buffer>): AsyncIterable<Buffer> {
  // Whoever stops reading destroys the last stream and with it the first; errors come out of the last one.
  return pipeline(Readable.from(packed), createGunzip({ chunkSize: PIECE_BYTES }), () => {})
}

function isZlibError (error: unknown): error is NodeJS.ErrnoException {
  return !(error instanceof AppError) && ((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_')
}

function explain ({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'Z_BUF_ERROR') return 'gzip must be complete, got a truncated stream'
  return `gzip must be intact, got "${message}"`
}
