/**
 * Inputs on their way from an upload to a data set: rows of equal length in a temporary file, so that memory does not
 * grow with the data. Written once, then read as often as there are splits to be cut from it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { readPieces } from './files.js'

export interface Spool {
  write (bytes: Uint8Array): void
  /** Ends writing. @returns what reads the bytes from the begin, by the piece */
  finish (): () => Iterable<Buffer>
}

/** Opens a spool in a folder, which whoever made it removes with all that is in it. */
export function openSpool (folder: string): Spool {
  const file = openFile(folder, 'inputs')
  return {
    write: file.write,
    finish () {
      file.close()
      return () => readPieces(file.path)
    }
  }
}

/** Makes a new file in such a folder. @param kind what its name begins with */
export function openFile (folder: string, kind: string): { path: string, write (bytes: Uint8Array): void, close (): void } {
  const file = path.join(folder, `${kind}-${randomUUID()}`)
  const descriptor = openSync(file, 'wx')
  return {
    path: file,
    write: bytes => { writeAll(descriptor, bytes) },
    close: () => { closeSync(descriptor) }
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
