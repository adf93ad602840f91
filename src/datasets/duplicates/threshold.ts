/**
 * How near two rows must be to be copies, from the distances that rows have by chance. Pure.
 *
 * Let C(u) be the part of all pairs that is nearer than u, u measured in the scales of the two rows. Near 0 it grows like
 * u^D, D the correlation dimension of the data (Grassberger, Procaccia 1983), which is measured where there are pairs enough:
 * D = ln 4 / ln(u_q / u_(q/4)), u_q the distance below which the part q of random pairs lies. The threshold is the distance at
 * which chance is expected to bring `falsePairs` of all N pairs together:
 *
 *   N C(u) = N q (u / u_q)^D = falsePairs
 *
 * A quantile of random pairs itself would not do: of 60,000 examples 0.1 % of the pairs are 1.8 million. Where the true
 * C bends, as that of a normal distribution in many dimensions does, it falls faster below u_q: the threshold is too low
 * then, never too high.
 */
import type { RandomStream } from '../../math/random.js'
import { createSmallest } from './smallest.js'

/** Of two rows, in their scales; Infinity where they have none. Where it is above `atMost`, some number above it will do. */
type Distance = (a: number, b: number, atMost: number) => number

/**
 * D is measured between the nearest 1600 of the measured pairs and the nearest 400, of fewer than 80,000 pairs between 2 %
 * and .5 %: as near to 0 as the number of pairs allows, for there noise is what differs; and many enough that true copies,
 * fewer than rows, hardly count: they make the threshold too low.
 */
const [tail, tailPart, steps] = [1600, 0.02, 4]
/** Pairs that chance may bring together in the whole data set: a false alarm in a hundred data sets. */
const falsePairs = 0.01
/** In scales: in many dimensions chance alone would allow far more, which no eye takes for a copy. */
const largest = 0.35
/** Fewer pairs say nothing of the tail: 64 rows. */
const minPairs = 2000
/** Numbers compared between two yields. */
const workPerYield = 2e7

/** Random pairs that are measured, by the numbers of a row: the more of these, the fewer pairs find time. */
const pairsFor = (width: number) => Math.min(1_000_000, Math.max(20_000, Math.floor(2e8 / width)))

/**
 * Draws pairs, measures them and says how near copies are.
 * @param n         rows, which differ from each other
 * @param width     numbers of a row: D is no larger
 * @returns         null where there are too few to tell
 */
export function * measureThreshold (
  n: number, distance: Distance, width: number, random: RandomStream
): Generator<void, number | null> {
  const all = n * (n - 1) / 2
  if (all < minPairs) return null
  const count = Math.min(all, pairsFor(width))
  const q = Math.min(tailPart, tail / count)
  const at = (part: number) => Math.floor(part * count)
  const smallest = yield * measurePairs(n, { count, tail: at(q) + 1, distance, width, random })
  const [near, far] = [smallest[at(q / steps)]!, smallest[at(q)]!]
  if (near === 0 || far === Infinity) return 0 // rows that are different, and not to a network
  const dimension = Math.min(width, Math.log(steps) / Math.log(far / near)) // equal distances: Infinity
  return Math.min(far * (falsePairs / (q * all)) ** (1 / dimension), largest)
}

interface Measured { count: number, tail: number, distance: Distance, width: number, random: RandomStream }

/**
 * Measures all pairs where they are no more than there is time for, else some by chance.
 * @returns the smallest `tail` distances, ascending
 */
function * measurePairs (n: number, { count, tail, distance, width, random }: Measured): Generator<void, Float64Array> {
  const isAll = count === n * (n - 1) / 2
  const smallest = createSmallest(tail)
  const perYield = Math.ceil(workPerYield / (width + 100)) // what a pair costs by itself
  let [a, b] = [0, 0]
  for (let at = 0; at < count; at++) {
    if (!isAll) {
      a = random.integer(n)
      b = (a + 1 + random.integer(n - 1)) % n
    } else if (++b === n) {
      a++
      b = a + 1
    }
    smallest.add(distance(a, b, smallest.atMost()))
    if (at % perYield === perYield - 1) yield
  }
  return smallest.list()
}
