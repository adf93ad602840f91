/**
 * Sparse rows of bytes with one scale and a sign for each row: z = sign scale bytes. Kept are the blocks of four numbers that
 * are not all 0, for four are converted and multiplied at once; of MNIST's digits a block in three.
 */
import type { Rows } from '../rows.js'

const BLOCK = 4

/**
 * Rows from bytes.
 * @param bytes [count, dimensions]; not kept
 * @param signs [count], 1 or -1: y of z = y x
 * @param scale what a byte of 1 stands for
 */
export function sparseRows (bytes: Uint8Array, dimensions: number, { signs, scale }: { signs: Int8Array, scale: number }): Rows {
  const count = signs.length
  const { starts, places, values } = blocksOf(bytes, count, dimensions)
  const padded = new Float64Array(Math.ceil(dimensions / BLOCK) * BLOCK)
  return {
    count,
    dimensions,
    multiply (w, into) {
      padded.set(w)
      for (let i = 0; i < count; i++) {
        const sums: [number, number, number, number] = [0, 0, 0, 0]
        for (let b = starts[i]!; b < starts[i + 1]!; b++) {
          const at = places[b]! * BLOCK
          for (let k = 0; k < BLOCK; k++) sums[k]! += values[b * BLOCK + k]! * padded[at + k]!
        }
        into[i] = signs[i]! * scale * ((sums[0] + sums[1]) + (sums[2] + sums[3]))
      }
    },
    addWeighted (weights, into) {
      padded.fill(0)
      for (let i = 0; i < count; i++) {
        const weight = weights[i]! * signs[i]! * scale
        if (weight === 0) continue
        for (let b = starts[i]!; b < starts[i + 1]!; b++) {
          const at = places[b]! * BLOCK
          for (let k = 0; k < BLOCK; k++) padded[at + k]! += weight * values[b * BLOCK + k]!
        }
      }
      for (let k = 0; k < dimensions; k++) into[k]! += padded[k]!
    },
    copyRow (row, into) {
      into.fill(0)
      for (let b = starts[row]!; b < starts[row + 1]!; b++) {
        for (let k = 0; k < BLOCK; k++) {
          const at = places[b]! * BLOCK + k
          if (at < dimensions) into[at] = signs[row]! * scale * values[b * BLOCK + k]!
        }
      }
    }
  }
}

/** The blocks that are not 0: those of row i from starts[i] on, where they lie in the row, in blocks, and their four bytes. */
function blocksOf (bytes: Uint8Array, count: number, dimensions: number): { starts: Uint32Array, places: Uint16Array, values: Uint8Array } {
  const perRow = Math.ceil(dimensions / BLOCK)
  const starts = new Uint32Array(count + 1)
  const places: number[] = []
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < perRow; b++) {
      const from = i * dimensions + b * BLOCK
      const to = Math.min(from + BLOCK, (i + 1) * dimensions)
      if (bytes.subarray(from, to).some(byte => byte !== 0)) places.push(b)
    }
    starts[i + 1] = places.length
  }
  const values = new Uint8Array(places.length * BLOCK)
  for (let i = 0; i < count; i++) {
    for (let b = starts[i]!; b < starts[i + 1]!; b++) {
      const from = i * dimensions + places[b]! * BLOCK
      values.set(bytes.subarray(from, Math.min(from + BLOCK, (i + 1) * dimensions)), b * BLOCK)
    }
  }
  return { starts, places: Uint16Array.from(places), values }
}
