/** Rows that come by the piece, put into a kernel's memory so many at a time as it can work on at once. */

import { align } from '../../math/web-assembly.js'
import { putPiece, type PieceMemory, type Pieces } from '../files.js'
import type { Kernels } from './kernels.js'

/** Whatever the length of a piece, so much of it; the copies stay in the processor's cache. */
const PIECE_BYTES = 256 * 1024
/** What may be read and written behind the last row. */
const SLACK = 16

/** Bytes of memory for rows of a length, a multiple of sixteen. */
export function roomForRows (rowBytes: number): number {
  return align(rowBytes + PIECE_BYTES + SLACK)
}

/**
 * Puts whole rows into memory.
 * @param pieces  of rows, cut anywhere
 * @param at  roomForRows() bytes of the memory
 * @returns how many rows begin there, until the next ones are asked for
 */
export function * putRows (kernels: Kernels, pieces: Pieces, rowBytes: number, at: number): Generator<number> {
  const { put, behind } = openRows(kernels, rowBytes, at)
  for (const piece of pieces(behind)) yield * put(piece)
}

interface RowMemory {
  /** Puts a piece there. */
  put (piece: Buffer): Generator<number>
  /** where the next one may lie: then it need not be copied */
  behind: PieceMemory
}

/** The same, a piece at a time. */
export function openRows (kernels: Kernels, rowBytes: number, at: number): RowMemory {
  const memory = Buffer.from(kernels.memory.buffer, at, rowBytes + PIECE_BYTES)
  let length = 0
  const behind: PieceMemory = () => memory.subarray(length, length + PIECE_BYTES)
  function * put (piece: Buffer): Generator<number> {
    for (let begin = 0; begin < piece.length; begin += PIECE_BYTES) {
      const part = piece.subarray(begin, begin + PIECE_BYTES)
      putPiece(part, memory, length)
      length += part.length
      const rows = Math.floor(length / rowBytes)
      if (rows === 0) continue
      yield rows
      memory.copyWithin(0, rows * rowBytes, length)
      length -= rows * rowBytes
    }
  }
  return { put, behind }
}
