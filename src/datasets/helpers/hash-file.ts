/** The SHA-256 of a file that another thread is writing: as far as it is written, whenever that is told. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes up to `end` are written; where that is all of them the hash is wanted. */
export interface Written { file: string, end: number, isAll: boolean }

interface Reading { descriptor: number, hash: Hash, at: number }

const PIECE_BYTES = 256 * 1024

/** Makes what reads on. @returns undefined while there is more to come */
export function createFileHasher (): (written: Written) => string | undefined {
  const under = new Map<string, Reading>()
  const memory = Buffer.allocUnsafeSlow(PIECE_BYTES)
  return ({ file, end, isAll }) => {
    const reading = under.get(file) ?? { descriptor: openSync(file, 'r'), hash: createHash('sha256'), at: 0 }
    under.set(file, reading)
    while (reading.at < end) {
      const length = readSync(reading.descriptor, memory, 0, Math.min(PIECE_BYTES, end - reading.at), reading.at)
      if (length === 0) throw new Error(`${file} must have ${end} bytes, got ${reading.at}`)
      reading.hash.update(memory.subarray(0, length))
      reading.at += length
    }
    if (!isAll) return undefined
    under.delete(file)
    closeSync(reading.descriptor)
    return reading.hash.digest('hex')
  }
}
