/** How sure a difference is that was measured on the same examples and seeds: the paired bootstrap. Pure. */
import type { Interval } from './intervals.js'
import { openStream } from './random.js'

/** Resamplings: the ends of a 95 % interval scatter by about a fiftieth of its width. */
const RESAMPLINGS = 2000

/**
 * Interval of the mean of differences over seeds and examples, both drawn again: seeds with replacement, every example as often
 * as Poisson's law of mean 1 says, which for many examples is drawing with replacement (Efron, Tibshirani 1993, chapter 16;
 * Hanley, MacGibbon 2006), and asks nothing of examples without any difference. An example is the same one in all seeds.
 * The numbers drawn are the same at every call.
 * @param differences by seed: [example, difference] for the examples that have any, each once
 * @param examples    of which there are in all
 * @param confidence  0 .. 1, 0.95 when left out
 */
export function bootstrapMean (
  differences: readonly (readonly (readonly [example: number, difference: number])[])[], examples: number, confidence = 0.95
): Interval {
  const seeds = differences.length
  const random = openStream(0, 'bootstrap')
  const rows = rowsOf(differences)
  const means = Float64Array.from({ length: RESAMPLINGS }, () => {
    const weights = new Float64Array(seeds)
    for (let draw = 0; draw < seeds; draw++) weights[random.integer(seeds)]!++
    let sum = 0
    for (const row of rows) {
      const times = poisson(random.uniform())
      if (times === 0) continue
      for (let s = 0; s < seeds; s++) sum += times * weights[s]! * row[s]!
    }
    return sum / (seeds * examples)
  }).sort()
  const at = (part: number) => means[Math.min(RESAMPLINGS - 1, Math.max(0, Math.round(part * (RESAMPLINGS - 1))))]!
  const mean = rows.reduce((sum, row) => sum + row.reduce((total, value) => total + value, 0), 0) / (seeds * examples)
  return { mean, low: at((1 - confidence) / 2), high: at((1 + confidence) / 2), count: seeds }
}

/** By example that differs anywhere: its difference in every seed. */
function rowsOf (differences: readonly (readonly (readonly [number, number])[])[]): Float64Array[] {
  const rows = new Map<number, Float64Array>()
  differences.forEach((ofSeed, s) => {
    for (const [example, difference] of ofSeed) {
      const row = rows.get(example) ?? new Float64Array(differences.length)
      row[s] = difference
      rows.set(example, row)
    }
  })
  return [...rows.values()]
}

/** Poisson's variable of mean 1 that has as much below it as a uniform number says. */
function poisson (uniform: number): number {
  let count = 0
  let probability = Math.exp(-1)
  let below = probability
  while (uniform >= below && count < 20) {
    probability /= ++count
    below += probability
  }
  return count
}
