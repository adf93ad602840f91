/**
 * What there is to know of a file that another thread is writing: its SHA-256, and how numbers in it are spread. It is read
 * as far as it is written, whenever that is told.
 */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { openBinCounter, type BinCounter, type Counted } from '../bins.js'
import { openPieceMemory } from '../files.js'

/** Rows of float32 in a file, whose numbers are counted. */
export interface CountedPlace {
  /** bytes */
  start: number
  end: number
  /** numbers of a row */
  width: number
  /** what is counted, from 0 on */
  columns: Counted[]
}

/** Bytes up to `end` are written; where that is all of them it is known what the file is. What is counted is told first. */
export interface Written { file: string, end: number, isAll: boolean, counting?: CountedPlace | undefined }

/** What it is; counts are those of the columns that were to be counted. */
export interface FollowedFile { sha256: string, counts: Float64Array[] | undefined }

interface Reading { descriptor: number, hash: Hash, at: number, counting: CountedPlace | undefined, bins: BinCounter | undefined }

export interface Follower {
  /** Reads on. @returns undefined while there is more to come */
  follow (written: Written): FollowedFile | undefined
  /** Closes the files of which no more will come. */
  forget (): void
}

/** Makes what reads on. */
export function createFollower (): Follower {
  const under = new Map<string, Reading>()
  const piece = openPieceMemory()
  return {
    follow ({ file, end, isAll, counting }) {
      const reading = under.get(file) ?? open(file, counting)
      under.set(file, reading)
      while (reading.at < end) {
        const memory = piece()
        const length = readSync(reading.descriptor, memory, 0, Math.min(memory.length, end - reading.at), reading.at)
        if (length === 0) throw new Error(`${file} must have ${end} bytes, got ${reading.at}`)
        take(reading, memory.subarray(0, length))
      }
      if (!isAll) return undefined
      under.delete(file)
      return close(reading)
    },
    forget () {
      for (const reading of under.values()) close(reading)
      under.clear()
    }
  }
}

function open (file: string, counting: CountedPlace | undefined): Reading {
  const bins = counting && openBinCounter(counting.width, counting.columns)
  return { descriptor: openSync(file, 'r'), hash: createHash('sha256'), at: 0, counting, bins }
}

function take (reading: Reading, piece: Buffer): void {
  const { hash, at, counting, bins } = reading
  hash.update(piece)
  if (counting !== undefined) bins!.add(piece.subarray(Math.max(0, counting.start - at), Math.max(0, counting.end - at)))
  reading.at += piece.length
}

function close ({ descriptor, hash, counting, bins }: Reading): FollowedFile {
  closeSync(descriptor)
  bins?.finish()
  bins?.close()
  return { sha256: hash.digest('hex'), counts: counting?.columns.map(({ counts }) => counts) }
}
