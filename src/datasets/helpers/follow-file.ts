/** The SHA-256 of a file that another thread is writing: it is read as far as it is written, whenever that is told. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { openPieceMemory } from '../files.js'

/** Bytes up to `end` are written; where that is all of them the hash is known. */
export interface Written { file: string, end: number, isAll: boolean }

interface Reading { descriptor: number, hash: Hash, at: number }

export interface Follower {
  /** Reads on. @returns the hash in hex; undefined while there is more to come */
  follow (written: Written): string | undefined
  /** Closes the files of which no more will come. */
  forget (): void
}

/** Makes what reads on. */
export function createFollower (): Follower {
  const under = new Map<string, Reading>()
  const piece = openPieceMemory()
  return {
    follow ({ file, end, isAll }) {
      const reading = under.get(file) ?? { descriptor: openSync(file, 'r'), hash: createHash('sha256'), at: 0 }
      under.set(file, reading)
      while (reading.at < end) {
        const memory = piece()
        const length = readSync(reading.descriptor, memory, 0, Math.min(memory.length, end - reading.at), reading.at)
        if (length === 0) throw new Error(`${file} must have ${end} bytes, got ${reading.at}`)
        reading.hash.update(memory.subarray(0, length))
        reading.at += length
      }
      if (!isAll) return undefined
      under.delete(file)
      closeSync(reading.descriptor)
      return reading.hash.digest('hex')
    },
    forget () {
      for (const { descriptor } of under.values()) closeSync(descriptor)
      under.clear()
    }
  }
}
