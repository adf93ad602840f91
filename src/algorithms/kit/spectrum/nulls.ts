/**
 * What targets without structure show in a spectrum: their rows shuffled over the examples, as often as a test at 95 % of
 * it needs. The filter and the projection hold the target against it.
 */
import { openStream } from '../../../math/random.js'

/** An amplitude among targets whose rows are shuffled. */
export interface Shuffled {
  median: number
  /** 95th percentile: by chance one target of twenty is above */
  high: number
}

/** Permutations come from a stream of their own: what is noise in a target is no matter of a trial's seed. */
const seed = 0

/** The n-th permutation of examples: row r goes to place order[r]. */
export function shuffleOf (n: number, count: number): Uint32Array {
  return openStream(seed, 'shuffled target', n).permutation(count)
}

/**
 * Median and 95th percentile of amplitudes of shuffled targets, so that a target which is shuffled itself is above with a
 * probability of 1 / 20 exactly: 20 k - 1 of them, of which the k-th largest is taken.
 */
export function shuffledOf (amplitudes: readonly number[]): Shuffled {
  const sorted = [...amplitudes].sort((a, b) => a - b)
  const { length } = sorted
  return {
    median: (sorted[Math.floor((length - 1) / 2)]! + sorted[Math.ceil((length - 1) / 2)]!) / 2,
    high: sorted[Math.ceil(0.95 * (length + 1)) - 1]!
  }
}

/** What is not 0 in a target: one-hot labels are one number a row, which makes sums over them cheap. All [entries]. */
export interface Entries {
  rows: Uint32Array
  columns: Uint32Array
  values: Float64Array
}

/** Gathers them. @param target [n, outputs] by rows */
export function entriesOf (target: Float64Array, outputs: number): Entries {
  const filled = Uint32Array.from(target.keys()).filter(i => target[i] !== 0)
  return {
    rows: filled.map(i => Math.floor(i / outputs)),
    columns: filled.map(i => i % outputs),
    values: Float64Array.from(filled, i => target[i]!)
  }
}

/** Mean of every column, [outputs]. @param values [n, outputs] by rows */
export function columnMeans (values: Float64Array, outputs: number): Float64Array {
  const means = new Float64Array(outputs)
  values.forEach((value, i) => { means[i % outputs]! += value })
  return means.map(sum => sum / (values.length / outputs))
}

/**
 * Values less the mean of their column. A mean is the frequency 0, which says nothing of an order; left in, it is most of
 * what a wide kernel lets pass, and a model that knows no more than how frequent the classes are seems to have learned
 * the low frequencies. @param values [n, outputs] by rows
 */
export function withoutMeans (values: Float64Array, outputs: number): Float64Array {
  const means = columnMeans(values, outputs)
  return values.map((value, i) => value - means[i % outputs]!)
}
