/** Reads the files of an upload as a stream, plain or gzip, as their first bytes say and not their names. */
import { closeSync, openSync, readSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../errors.js'
import { broken, type Tally, type UploadedFile } from './limits.js'

/** What is made of a piece is gone before the next one: with 512 KB two thirds of the time went into collecting garbage. */
const PIECE_BYTES = 64 * 1024
/** Without garbage, they may be as large as stays in a processor's cache. */
export const KEPT_BYTES = 256 * 1024

/**
 * Says where the next piece may lie: there it stays until another one is asked for. Whoever keeps no piece lends the same
 * memory for all, for without garbage a table is read a tenth faster; whoever puts pieces together lends the place behind
 * the last one, and has nothing to copy.
 */
export type PieceMemory = () => Buffer

/**
 * The bytes of [count, ...shape] of one field, in pieces of any length, as often as they are asked for. A piece is its
 * reader's only until the next one is asked for; it may lie in the memory that is lent for it.
 */
export type Pieces = (memory?: PieceMemory) => Iterable<Buffer>

/** Memory for the pieces of whoever keeps none of them. */
export function openPieceMemory (): PieceMemory {
  let memory: Buffer | undefined
  return () => (memory ??= Buffer.allocUnsafeSlow(KEPT_BYTES))
}

/** Puts a piece behind others, unless it was read to there. */
export function putPiece (piece: Uint8Array, into: Buffer, at: number): void {
  if (piece.buffer !== into.buffer || piece.byteOffset !== into.byteOffset + at) into.set(piece, at)
}

/**
 * Gives a file's bytes by the piece, unpacked if it is gzip, and counts them.
 * @param memory  where pieces that need not be unpacked may lie; without it every piece is memory of its own
 * @throws AppError invalid_dataset naming the file
 */
export async function * readUploaded (file: UploadedFile, tally: Tally, memory?: PieceMemory): AsyncGenerator<Buffer> {
  let isGzip = false
  const packed = openPieceMemory() // a stream reads ahead, when what is lent may be in use
  const pieces = readPieces(file.path, 0, Infinity, memory && (() => isGzip ? packed() : memory()))
  const first = pieces.next().value ?? Buffer.alloc(0)
  isGzip = first[0] === 0x1f && first[1] === 0x8b
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

/**
 * Reads a file, or its bytes from start to end, in a thread that has nothing else to do.
 * @param memory  where the next one may lie; without it each has memory of its own
 */
export function * readPieces (path: string, start = 0, end = Infinity, memory?: PieceMemory): Generator<Buffer, undefined> {
  const descriptor = openSync(path, 'r')
  try {
    for (let at = start; at < end;) {
      const piece = memory?.() ?? Buffer.allocUnsafe(PIECE_BYTES)
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
  return pipeline(Readable.from(copy(packed)), createGunzip({ chunkSize: PIECE_BYTES }), () => {})
}

/** A stream reads ahead. */
function * copy (pieces: Iterable<Buffer>): Generator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece)
}

function isZlibError (error: unknown): error is NodeJS.ErrnoException {
  return !(error instanceof AppError) && ((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_')
}

function explain ({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'Z_BUF_ERROR') return 'gzip must be complete, got a truncated stream'
  return `gzip must be intact, got "${message}"`
}
