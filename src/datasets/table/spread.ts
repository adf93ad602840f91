/** How the numbers of the training rows are spread: counted over the inputs as they are stored, in one go. */
import type { Pieces } from '../dataset-file.js'
import { align, borrowKernels, returnKernels } from '../kernels/kernels.js'
import { openRows, roomForRows } from '../kernels/row-memory.js'
import type { Histogram } from '../report.js'
import type { NumberSummary } from './moments.js'
import type { PlannedColumn } from './plan.js'

const BINS = 20
/** Words that a histogram shows. */
const MOST_SHOWN = 20

/** A position whose numbers are counted: in bins between two bounds, or by how often it is not zero. */
export interface Counted { at: number, least: number, greatest: number, counts: Float64Array }

/** Begins to count the numbers at a position: a few whole numbers one by one, others in bins. */
export function openBins (at: number, { least, greatest, areIntegers }: NumberSummary): Counted {
  const range = greatest - least
  if (areIntegers && range < BINS) return { at, least: least - 0.5, greatest: greatest + 0.5, counts: new Float64Array(range + 1) }
  return { at, least: Math.fround(least), greatest: Math.fround(greatest), counts: new Float64Array(least === greatest ? 1 : BINS) }
}

/** Begins to count the codes 0 .. codes - 1 that stand at a position. */
export function openCodeCounts (at: number, codes: number): Counted {
  return { at, least: -0.5, greatest: codes - 0.5, counts: new Float64Array(codes) }
}

/** Bytes of what the kernel knows of two positions, see ../kernels/assembly/rows.ts. */
const BINS_BYTES = 64

/** Counts the rows. NaN, where a cell has no value, is in no bin. */
export function countSpread (pieces: Pieces, width: number, all: readonly Counted[]): void {
  countWhenRead(pieces, width, all).count()
}

/** Positions of rows whose numbers are counted by someone else. */
export interface LeftCounts {
  width: number
  columns: readonly Counted[]
  /** Takes over what was counted, from 0, by column. */
  take (counts: readonly Float64Array[]): void
}

/** Rows whose numbers are counted once. */
export interface Spread {
  /** of the rows, which are counted when they are read as a whole for the first time, whatever they are read for */
  pieces: Pieces
  /** Counts them at once where they were not read: on their way into a data set's file they need not be read once more. */
  count (): void
  /** Leaves the counting to another thread that reads these rows. */
  leave (): LeftCounts
}

/** Makes rows count. @param all  to which the counts are added */
export function countWhenRead (pieces: Pieces, width: number, all: readonly Counted[]): Spread {
  let isCounted = false
  function * counting (): Generator<Buffer> {
    const bins = openBinCounter(width, all)
    try {
      for (const piece of pieces()) {
        bins.add(piece)
        yield piece
      }
      if (!isCounted) bins.finish()
      isCounted = true
    } finally {
      bins.close()
    }
  }
  return {
    pieces: () => isCounted ? pieces() : counting(),
    count () {
      if (isCounted) return
      const reading = counting()
      for (let next = reading.next(); next.done !== true;) next = reading.next()
    },
    leave () {
      isCounted = true
      return {
        width,
        columns: all,
        take (counts) { all.forEach((column, i) => { column.counts.set(counts[i]!) }) }
      }
    }
  }
}

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
  const bins = all.reduce((sum, { counts }) => sum + counts.length, 0)
  const spare = counts + 4 * bins // counts what nobody asked for: the other column of an odd one
  const at = align(spare + 4)
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
    next += length
  })
  if (all.length % 2 === 1) lay(all.length, 0, 0, [4 * all.at(-1)!.at, 0, spare])
  const rows = openRows(kernels, 4 * width, at)
  return {
    add (piece: Buffer) {
      for (const count of rows.put(piece)) kernels.countBins(at, count, 4 * width, columns, pairs)
    },
    finish () {
      let next = 0
      for (const { counts } of all) for (let bin = 0; bin < counts.length; bin++) counts[bin]! += counted[next++]!
    },
    close () { returnKernels(kernels) }
  }
}

/** A histogram of numbers. */
export function toHistogram ({ least, greatest, counts }: Counted): Histogram {
  const width = (greatest - least) / counts.length
  const edges = Array.from({ length: counts.length + 1 }, (_, i) => i === counts.length ? greatest : least + width * i)
  return { type: 'numbers', edges, counts: [...counts] }
}

/** A histogram of words: the most frequent ones. @param counts of each word */
export function toWordHistogram (words: readonly string[], counts: ArrayLike<number>, total: number): Histogram {
  const order = words.map((_, i) => i).sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, MOST_SHOWN)
  const shown = order.map(i => counts[i]!)
  return { type: 'words', words: order.map(i => words[i]!), counts: shown, others: total - shown.reduce((sum, count) => sum + count, 0) }
}

/** What is counted of a column: bins of a number, the codes of a category, whether each of its numbers is 1. */
export function countsOf (column: PlannedColumn, numbers: NumberSummary | undefined): Counted[] {
  switch (column.type) {
    case 'number': return numbers === undefined ? [] : [openBins(column.at, numbers)]
    case 'category': return column.coding === 'ordinal'
      ? [openCodeCounts(column.at, column.words.length + 2)]
      : column.words.map((_, code) => openCodeCounts(column.at + code, 2))
    case 'date': return []
  }
}
