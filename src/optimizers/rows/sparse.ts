/**
 * Sparse rows of bytes with one scale and a sign for each row: z = sign scale bytes. Kept are the blocks of four numbers that
 * are not all 0, for four are converted and multiplied at once; of MNIST's digits a block in three.
 */
import type { SparseStorage, StoredRows } from '../rows.js'

const BLOCK = 4

/**
 * Rows from bytes.
 * @param bytes [count, dimensions]; not kept
 * @param signs [count], 1 or -1: y of z = y x
 * @param scale what a byte of 1 stands for
 */
export function sparseRows (bytes: Uint8Array, dimensions: number, { signs, scale }: { signs: Int8Array, scale: number }): StoredRows {
  const count = signs.length
  const factors = Float64Array.from(signs, sign => sign * scale)
  const { starts, places, values } = blocksOf(bytes, count, dimensions)
  const padded = new Float64Array(Math.ceil(dimensions / BLOCK) * BLOCK)

  function blockProduct (from: number, to: number): number {
    let sum0 = 0
    let sum1 = 0
    let sum2 = 0
    let sum3 = 0
    for (let b = from, k = from * BLOCK; b < to; b++, k += BLOCK) {
      const at = places[b]! * BLOCK
      sum0 += values[k]! * padded[at]!
      sum1 += values[k + 1]! * padded[at + 1]!
      sum2 += values[k + 2]! * padded[at + 2]!
      sum3 += values[k + 3]! * padded[at + 3]!
    }
    return (sum0 + sum1) + (sum2 + sum3)
  }

  function addBlocks (from: number, to: number, weight: number): void {
    if (weight === 0) return
    for (let b = from, k = from * BLOCK; b < to; b++, k += BLOCK) {
      const at = places[b]! * BLOCK
      padded[at]! += weight * values[k]!
      padded[at + 1]! += weight * values[k + 1]!
      padded[at + 2]! += weight * values[k + 2]!
      padded[at + 3]! += weight * values[k + 3]!
    }
  }

  return {
    count,
    dimensions,
    storage: { form: 'sparse', starts, places, values, factors },
    multiply (w, into) {
      padded.set(w)
      for (let i = 0; i < count; i++) into[i] = factors[i]! * blockProduct(starts[i]!, starts[i + 1]!)
    },
    addWeighted (weights, into) {
      padded.fill(0)
      for (let i = 0; i < count; i++) addBlocks(starts[i]!, starts[i + 1]!, weights[i]! * factors[i]!)
      for (let k = 0; k < dimensions; k++) into[k]! += padded[k]!
    },
    copyRow (row, into) {
      into.fill(0)
      for (let b = starts[row]!; b < starts[row + 1]!; b++) {
        for (let k = 0; k < BLOCK; k++) {
          const at = places[b]! * BLOCK + k
          if (at < dimensions) into[at] = factors[row]! * values[b * BLOCK + k]!
        }
      }
    }
  }
}

/** The blocks that are not 0: those of row i from starts[i] on, where they lie in the row, in blocks, and their four bytes. */
function blocksOf (bytes: Uint8Array, count: number, dimensions: number): Pick<SparseStorage, 'starts' | 'places' | 'values'> {
  const perRow = Math.ceil(dimensions / BLOCK)
  const starts = new Uint32Array(count + 1)
  const places = new Uint16Array(count * perRow)
  const values = new Uint8Array(count * perRow * BLOCK)
  let blocks = 0
  for (let i = 0; i < count; i++) {
    const end = (i + 1) * dimensions
    for (let b = 0; b < perRow; b++) {
      let some = 0
      for (let from = i * dimensions + b * BLOCK, k = 0; k < BLOCK && from + k < end; k++) {
        const byte = bytes[from + k]!
        values[blocks * BLOCK + k] = byte
        some |= byte
      }
      if (some !== 0) places[blocks++] = b
    }
    starts[i + 1] = blocks
  }
  return { starts, places: places.slice(0, blocks), values: values.slice(0, blocks * BLOCK) }
}
