/**
 * Inputs on their way from an upload to a data set: rows of equal length in a temporary file, so that memory does not
 * grow with the data. Written once, then read as often as there are splits to be cut from it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { openPieceMemory, readPieces, type PieceMemory } from './files.js'
import type { CountedPlace, FollowedFile } from './helpers/follow-file.js'
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

/** What there is of the pieces in a file; counts where numbers in it were counted. */
export interface WrittenFile { sha256: string, sizeBytes: number, counts?: Float64Array[] }

/** Who reads the file while it is written, makes the hash of it, and counts numbers in it. */
export interface Follower { helper: Helper, counting?: CountedPlace | undefined }

/** Writes pieces to a new file. @param follower  spares this thread the hash */
export async function writePieces (file: string, pieces: Iterable<Uint8Array>, follower?: Follower): Promise<WrittenFile> {
  const descriptor = openSync(file, 'wx')
  const hash = createHash('sha256')
  let sizeBytes = 0
  let asked = 0
  let counting = follower?.counting // told once
  const follow = async (end: number, isAll: boolean): Promise<FollowedFile | undefined> => {
    const written = { file, end, isAll, counting }
    counting = undefined
    return await follower!.helper.run('follow', written)
  }
  try {
    for (const piece of pieces) {
      writeAll(descriptor, piece)
      sizeBytes += piece.length
      if (follower === undefined) hash.update(piece)
      else if (sizeBytes - asked >= FOLLOWED_AT_ONCE) {
        asked = sizeBytes
        follow(asked, false).catch(() => {}) // the last answer tells
      }
    }
  } finally {
    closeSync(descriptor)
  }
  if (follower === undefined) return { sha256: hash.digest('hex'), sizeBytes }
  const { sha256, counts } = (await follow(sizeBytes, true))!
  return { sha256, sizeBytes, ...counts && { counts } }
}

/** One write may take less than it is given. */
function writeAll (descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done)
}
