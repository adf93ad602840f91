/**
 * Inputs on their way from an upload to a data set: rows of equal length in a temporary file, so that memory does not
 * grow with the data. Written once, then read as often as there are splits to be cut from it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { openPieceMemory, readPieces } from './files.js'

export interface Spool {
  /** where the bytes lie, for whoever reads them in another order */
  file: string
  write (bytes: Uint8Array): void
  /** Ends writing. @returns what reads the bytes from the begin, by the piece, each theirs only until the next one is asked for */
  finish (): () => Iterable<Buffer>
}

/** Opens a spool in a folder, which whoever made it removes with all that is in it. */
export function openSpool (folder: string): Spool {
  const file = path.join(folder, `inputs-${randomUUID()}`)
  const descriptor = openSync(file, 'wx')
  return {
    file,
    write: bytes => { writeAll(descriptor, bytes) },
    finish () {
      closeSync(descriptor)
      return () => readPieces(file, 0, Infinity, openPieceMemory())
    }
  }
}

/** Writes pieces to a new file. @returns what there is of them */
export function writePieces (file: string, pieces: Iterable<Uint8Array>): { sha256: string, sizeBytes: number } {
  const descriptor = openSync(file, 'wx')
  const hash = createHash('sha256')
  let sizeBytes = 0
  try {
    for (const piece of pieces) {
      writeAll(descriptor, piece)
      hash.update(piece)
      sizeBytes += piece.length
    }
  } finally {
    closeSync(descriptor)
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

/** One write may take less than it is given. */
function writeAll (descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done)
}
