/**
 * How near two rows must be to be copies, from the distances that rows have by chance. Pure.
 *
 * Let C(r) be the part of all pairs that is nearer than r. Near 0 it grows like r^D, D the correlation dimension of the
 * data (Grassberger, Procaccia 1983), which is measured where there are pairs enough: D = ln 4 / ln(r_q / r_(q/4)), r_q the
 * distance below which the part q of random pairs lies. The threshold is the distance r at which chance is expected to
 * bring `falsePairs` of all N pairs together:
 *
 *   N C(r) = N q (r / r_q)^D = falsePairs
 *
 * A quantile of random pairs itself would not do: of 60,000 examples 0.1 % of the pairs are 1.8 million. Where the true
 * C bends, as that of a normal distribution in many dimensions does, it falls faster below r_q: the threshold is too low
 * then, never too high.
 */
import type { RandomStream } from '../../math/random.js'

/**
 * D is measured between the nearest 1600 of the measured pairs and the nearest 400, of fewer than 80,000 pairs between 2 %
 * and .5 %: as near to 0 as the number of pairs allows, for there noise is what differs; and many enough that true copies,
 * fewer than rows, hardly count: they make the threshold too low.
 */
const [tail, tailPart, steps] = [1600, 0.02, 4]
/** Pairs that chance may bring together in the whole data set: a false alarm in a hundred data sets. */
const falsePairs = 0.01
/** Of the median distance: in many dimensions chance alone would allow far more, which no eye takes for a copy. */
const nearest = 0.25
/** Fewer pairs say nothing of the tail: 64 rows. */
const minPairs = 2000

/** Random pairs that are measured, by the numbers of a row: the more of these, the fewer pairs find time. */
const pairsFor = (width: number) => Math.min(1_000_000, Math.max(20_000, Math.floor(2e8 / width)))

/**
 * Draws pairs, measures them and says how near copies are.
 * @param rows      that differ from each other, by number
 * @param distance  of two of them
 * @param width     numbers of a row: D is no larger
 * @returns         null where there are too few to tell
 */
export function measureThreshold (
  rows: Int32Array, distance: (a: number, b: number) => number, width: number, random: RandomStream
): number | null {
  const n = rows.length
  const all = n * (n - 1) / 2
  if (all < minPairs) return null
  const distances = measurePairs(rows, distance, Math.min(all, pairsFor(width)), random).sort()
  const q = Math.min(tailPart, tail / distances.length)
  const at = (part: number) => distances[Math.floor(part * distances.length)]!
  const [near, far] = [at(q / steps), at(q)]
  if (near === 0) return 0 // rows that are different, and not to a network
  const dimension = Math.min(width, Math.log(steps) / Math.log(far / near)) // equal distances: Infinity
  return Math.min(far * (falsePairs / (q * all)) ** (1 / dimension), nearest * at(0.5))
}

/** All pairs where they are no more than asked for, else some by chance. */
function measurePairs (rows: Int32Array, distance: (a: number, b: number) => number, count: number, random: RandomStream): Float64Array {
  const n = rows.length
  const distances = new Float64Array(count)
  let at = 0
  if (count === n * (n - 1) / 2) {
    for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) distances[at++] = distance(rows[a]!, rows[b]!)
    return distances
  }
  while (at < count) {
    const a = random.integer(n)
    distances[at++] = distance(rows[a]!, rows[(a + 1 + random.integer(n - 1)) % n]!)
  }
  return distances
}
