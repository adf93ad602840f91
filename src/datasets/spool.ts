/**
 * Inputs on their way from an upload to a data set: rows of equal length in a temporary file, so that memory does not
 * grow with the data. Written once, then read as often as there are splits to be cut from it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { openPieceMemory, readPieces, type PieceMemory } from './files.js'
import type { Helper } from './helpers/helpers.js'

export interface Spool {
  /** where the bytes lie, for whoever reads them in another order */
  file: string
  write (bytes: Uint8Array): void
  /** Ends writing. @returns what reads the bytes from the begin, by the piece, each theirs only until the next one is asked for */
  finish (): (memory?: PieceMemory) => Iterable<Buffer>
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
      return (memory = openPieceMemory()) => readPieces(file, 0, Infinity, memory)
    }
  }
}

/** A helper reads what was written while it is in memory. */
const FOLLOWED_AT_ONCE = 4 * 1024 * 1024

/** What there is of the pieces in a file. */
export interface WrittenFile { sha256: string, sizeBytes: number }

/** Writes pieces to a new file. @param helper  spares this thread the hash: it reads the file meanwhile */
export async function writePieces (file: string, pieces: Iterable<Uint8Array>, helper?: Helper): Promise<WrittenFile> {
  const descriptor = openSync(file, 'wx')
  const hash = createHash('sha256')
  let sizeBytes = 0
  let asked = 0
  const follow = async (end: number, isAll: boolean): Promise<string | undefined> => await helper!.run('follow', { file, end, isAll })
  try {
    for (const piece of pieces) {
      writeAll(descriptor, piece)
      sizeBytes += piece.length
      if (helper === undefined) hash.update(piece)
      else if (sizeBytes - asked >= FOLLOWED_AT_ONCE) {
        asked = sizeBytes
        follow(asked, false).catch(() => {}) // the last answer tells
      }
    }
  } finally {
    closeSync(descriptor)
  }
  if (helper === undefined) return { sha256: hash.digest('hex'), sizeBytes }
  return { sha256: (await follow(sizeBytes, true))!, sizeBytes }
}

/** One write may take less than it is given. */
function writeAll (descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done)
}
