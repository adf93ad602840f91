/** How the numbers of the training rows are spread: counted over the inputs as they are stored, in one go. */
import { openBinCounter, type Counted } from '../bins.js'
import type { Pieces } from '../files.js'
import type { Histogram } from '../report.js'
import type { NumberSummary } from './moments.js'
import type { PlannedColumn } from './plan.js'

const BINS = 20
/** Words that a histogram shows. */
const MOST_SHOWN = 20

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

/** Counts the rows. NaN, where a cell has no value, is in no bin. */
export function countSpread (pieces: Pieces, width: number, all: readonly Counted[]): void {
  countWhenRead(pieces, width, all).count()
}

/** Rows whose numbers are counted once. */
export interface Spread {
  /** of the rows, which are counted when they are read as a whole for the first time, whatever they are read for */
  pieces: Pieces
  /** Counts them at once where they were not read: on their way into a data set's file they need not be read once more. */
  count (): void
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
    }
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
