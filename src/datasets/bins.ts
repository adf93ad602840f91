/** Counts in bins how the numbers of rows are spread. What is counted of a table: table/spread.ts. */
import { align } from '../math/web-assembly.js'
import { borrowKernels, returnKernels } from './kernels/kernels.js'
import { openRows, roomForRows } from './kernels/row-memory.js'

/** A position whose numbers are counted: in bins between two bounds, or by how often it is not zero. */
export interface Counted { at: number, least: number, greatest: number, counts: Float64Array }

/** Bytes of what the kernel knows of two positions, see ../kernels/assembly/rows.ts. */
const BINS_BYTES = 64

export interface BinCounter {
  /** Counts the numbers of rows, cut anywhere. */
  add (piece: Buffer): void
  /** Adds what was counted to the counts. */
  finish (): void
  close (): void
}

/** Counts in a kernel's memory. @param all  positions of a row */
export function openBinCounter (width: number, all: readonly Counted[]): BinCounter {
  const kernels = borrowKernels()
  const columns = kernels.heapBase()
  const pairs = Math.ceil(all.length / 2)
  const counts = columns + BINS_BYTES * pairs
  const bins = all.reduce((sum, { counts }) => sum + 1 + counts.length, 0) // each with a place for what is in no bin
  const spare = counts + 4 * bins // counts what nobody asked for: the other column of an odd one
  const at = align(spare + 2 * 4)
  kernels.reserve(at + roomForRows(4 * width))
  const view = new DataView(kernels.memory.buffer, columns)
  const counted = new Uint32Array(kernels.memory.buffer, counts, bins).fill(0)
  const lay = (i: number, least: number, scale: number, fields: [place: number, last: number, counts: number]): void => {
    const pair = BINS_BYTES * (i >> 1)
    view.setFloat64(pair + 8 * (i & 1), least, true)
    view.setFloat64(pair + 16 + 8 * (i & 1), scale, true)
    fields.forEach((field, k) => { view.setInt32(pair + 32 + 8 * k + 4 * (i & 1), field, true) })
  }
  let next = 0
  all.forEach(({ at, least, greatest, counts: { length } }, i) => {
    lay(i, least, length / (greatest - least || 1), [4 * at, length - 1, counts + 4 * next])
    next += 1 + length
  })
  if (all.length % 2 === 1) lay(all.length, 0, 0, [4 * all.at(-1)!.at, 0, spare])
  const rows = openRows(kernels, 4 * width, at)
  return {
    add (piece: Buffer) {
      for (const count of rows.put(piece)) kernels.countBins(at, count, 4 * width, columns, pairs)
    },
    finish () {
      let next = 0
      for (const { counts } of all) {
        next++
        for (let bin = 0; bin < counts.length; bin++) counts[bin]! += counted[next++]!
      }
    },
    close () { returnKernels(kernels) }
  }
}
