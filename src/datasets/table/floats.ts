/** Rows of numbers of four bytes on their way through a spool: written by the number, read by the piece. */
import type { Pieces } from '../files.js'
import { openSpool } from '../spool.js'

export interface Floats {
  /** Adds a number; it is rounded to float32. */
  add (value: number): void
  /** Adds a row as it lies in memory. */
  addRow (row: Float32Array | Int32Array): void
  finish (): Pieces
}

const BUFFER = 65536
/** What is longer is written without a copy. */
const LONG = 8192

/** Opens a spool of numbers. */
export function openFloats (folder: string): Floats {
  const spool = openSpool(folder)
  const buffer = new Float32Array(BUFFER)
  const bytes = new Uint8Array(buffer.buffer)
  let used = 0
  function flush (): void {
    if (used > 0) spool.write(bytes.subarray(0, used * 4))
    used = 0
  }
  return {
    add (value) {
      if (used === BUFFER) flush()
      buffer[used++] = value
    },
    addRow (row) {
      const added = new Uint8Array(row.buffer, row.byteOffset, row.byteLength)
      if (used + row.length > BUFFER || row.length > LONG) flush()
      if (row.length > LONG) {
        spool.write(added)
        return
      }
      bytes.set(added, used * 4)
      used += row.length
    },
    finish () {
      flush()
      return spool.finish()
    }
  }
}

/** Looks at the numbers of pieces without a copy, where their bytes lie as numbers do. @param pieces  of whole rows, cut anywhere */
export function * viewFloats (pieces: Iterable<Buffer>): Generator<Float32Array> {
  let rest = Buffer.alloc(0)
  for (const piece of pieces) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece
    const whole = bytes.length - bytes.length % 4
    const floats = bytes.subarray(0, whole)
    yield floats.byteOffset % 4 === 0
      ? new Float32Array(floats.buffer, floats.byteOffset, whole / 4)
      : new Float32Array(Uint8Array.from(floats).buffer)
    rest = Buffer.from(bytes.subarray(whole))
  }
}

/** Reads the numbers of pieces; every array is the reader's own. @param pieces  of whole rows, cut anywhere */
export function * readFloats (pieces: Iterable<Buffer>): Generator<Float32Array<ArrayBuffer>> {
  for (const floats of viewFloats(pieces)) yield floats.slice()
}
