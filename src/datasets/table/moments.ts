/** Counts the numbers of a column: how many, range, mean, deviation, and how many different ones, up to a bound. */

import type { PairSums } from './source.js'

/** Places for different numbers in a column, half of them used at most; all columns together take 32 MB of them. */
const SLOTS = 2048
const ALL_SLOTS = 4 * 1024 * 1024

export interface Moments {
  /**
   * Count, first number (the others are taken from it, so that no digits are lost), sums of differences and of their
   * squares, least, greatest, next.
   */
  sums: Float64Array
  /** whether every number was one more than the one before it in its file, from 0 or 1 */
  countsUp: boolean
  areIntegers: boolean
  /** a hash table of the different numbers; NaN is a free slot */
  seen: Float64Array
  /** more than half of the places: there are more than were counted */
  distinct: number
}

const [COUNT, FIRST, SUM, SQUARES, LEAST, GREATEST, NEXT] = [0, 1, 2, 3, 4, 5, 6] as const

/** What a pair of columns has in PairSums, two numbers of each; then their bits. */
const IN_PAIRS = [FIRST, SUM, SQUARES, LEAST, GREATEST] as const
const PAIR = 12

const bits = new Float64Array(1)
const halves = new Int32Array(bits.buffer)

/** Begins to count. @param width  columns of the table */
export function openMoments (width: number): Moments {
  const slots = 2 ** Math.floor(Math.log2(Math.min(SLOTS, Math.max(16, ALL_SLOTS / width))))
  const sums = new Float64Array(7)
  sums[LEAST] = Infinity
  sums[GREATEST] = -Infinity
  return { sums, countsUp: true, areIntegers: true, seen: new Float64Array(slots).fill(NaN), distinct: 0 }
}

/** Adds a finite number. */
export function addNumber (moments: Moments, value: number): void {
  const { sums } = moments
  if (sums[COUNT]! === 0) {
    sums[FIRST] = value
    sums[NEXT] = value
    moments.countsUp = value === 0 || value === 1
  }
  sums[COUNT]!++
  const difference = value - sums[FIRST]!
  sums[SUM]! += difference
  sums[SQUARES]! += difference * difference
  if (value < sums[LEAST]!) sums[LEAST] = value
  if (value > sums[GREATEST]!) sums[GREATEST] = value
  if (moments.areIntegers) moments.areIntegers = Number.isInteger(value)
  if (moments.countsUp) {
    moments.countsUp = value === sums[NEXT]! || Number.isNaN(sums[NEXT]!)
    sums[NEXT] = value + 1
  }
  if (2 * moments.distinct <= moments.seen.length) addDistinct(moments, value)
}

/** Adds finite numbers, the first `count` of an array, in their order: what one by one would find, a loop for each thing. */
export function addNumbers (moments: Moments, values: Float64Array, count: number): void {
  const { sums } = moments
  let at = 0
  for (; at < count && (sums[COUNT]! === 0 || moments.countsUp); at++) addNumber(moments, values[at]!)
  for (let i = at; i < count && moments.areIntegers; i++) moments.areIntegers = Math.floor(values[i]!) === values[i]!
  for (let i = at; i < count && 2 * moments.distinct <= moments.seen.length; i++) addDistinct(moments, values[i]!)
  const first = sums[FIRST]!
  let [sum, squares, least, greatest] = [sums[SUM]!, sums[SQUARES]!, sums[LEAST]!, sums[GREATEST]!]
  sums[COUNT]! += count - at
  for (; at < count; at++) {
    const value = values[at]!
    const difference = value - first
    sum += difference
    squares += difference * difference
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  sums[SUM] = sum
  sums[SQUARES] = squares
  sums[LEAST] = least
  sums[GREATEST] = greatest
}

/**
 * Sums of columns of which nothing but sums is to be found out, side by side as a source adds to them (PairSums). A column
 * that would be the second of the last pair, and is none, may have any.
 */
export function openPairSums (all: readonly Moments[]): PairSums {
  const pairs = new Float64Array(PAIR * Math.ceil(all.length / 2))
  all.forEach(({ sums }, i) => { for (const [k, which] of IN_PAIRS.entries()) pairs[placeInPairs(i, k)] = sums[which]! })
  new Int32Array(pairs.buffer).forEach((_, i, words) => { if (i % (2 * PAIR) >= 2 * 2 * IN_PAIRS.length) words[i] = -1 })
  return pairs
}

/** Whether all numbers that were added to the sums of column i lie between -2^24 and 2^24. */
export function isPlain (pairs: PairSums, i: number): boolean {
  return new Int32Array(pairs.buffer)[2 * placeInPairs(i, IN_PAIRS.length)] === -1
}

/** Takes over the sums of column i, after `count` more numbers. */
export function takePairSums ({ sums }: Moments, pairs: PairSums, i: number, count: number): void {
  for (const [k, which] of IN_PAIRS.entries()) sums[which] = pairs[placeInPairs(i, k)]!
  sums[COUNT]! += count
}

function placeInPairs (i: number, k: number): number {
  return PAIR * (i >> 1) + 2 * k + (i & 1)
}

/** Whether more is to be found out than sums: of measurements nothing is after a few hundred. */
export function hasMoreThanSums ({ sums, countsUp, areIntegers, seen, distinct }: Moments): boolean {
  return sums[COUNT]! === 0 || countsUp || areIntegers || 2 * distinct <= seen.length
}

/** Begins another file: what counts the rows may go on there, or begin anew. */
export function beginFile ({ sums }: Moments): void {
  sums[NEXT] = NaN
}

/** What is known of the numbers of a column. */
export interface NumberSummary {
  count: number
  least: number
  greatest: number
  mean: number
  deviation: number
  /** null where there are too many to count */
  distinct: number | null
  areIntegers: boolean
}

/** What was counted. @returns undefined when nothing was */
export function readMoments ({ sums, seen, distinct, areIntegers }: Moments): NumberSummary | undefined {
  const count = sums[COUNT]!
  if (count === 0) return undefined
  const shift = sums[SUM]! / count
  return {
    count,
    least: sums[LEAST]!,
    greatest: sums[GREATEST]!,
    mean: sums[FIRST]! + shift,
    deviation: Math.sqrt(Math.max(0, sums[SQUARES]! / count - shift * shift)),
    distinct: 2 * distinct > seen.length ? null : distinct,
    areIntegers
  }
}

function addDistinct (moments: Moments, value: number): void {
  const { seen } = moments
  const mask = seen.length - 1
  bits[0] = value + 0 // -0 is 0
  let slot = (Math.imul(halves[0]! ^ halves[1]!, 0x9e3779b1) >>> 16) & mask
  for (;;) {
    const there = seen[slot]!
    if (there === value) return
    if (Number.isNaN(there)) break
    slot = (slot + 1) & mask
  }
  seen[slot] = value
  moments.distinct++
}
