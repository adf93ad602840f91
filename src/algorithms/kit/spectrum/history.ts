/** What was measured over a training, when each band was learned, and whether that went from low to high frequency. */
import { countPairs, kendallTau, type Pairs } from '../../../math/kendall.js'
import type { Band } from './probe.js'

/** What was measured so far; JSON. All arrays have one entry per record. */
export interface SpectralHistory {
  steps: number[]
  /** function and gradient evaluations completed by then */
  evaluations: number[]
  losses: number[]
  /** [record][band], relative */
  errors: number[][]
}

/** When a band was learned. */
export interface Passage { step: number, evaluations: number }

/** A history without records. */
export function emptyHistory (): SpectralHistory {
  return { steps: [], evaluations: [], losses: [], errors: [] }
}

/**
 * Log-spaced steps: 0, then the integers nearest to 10^(k / perDecade), k = 0, 1, 2, …: every step at first.
 * @param perDecade records per factor of 10, > 0
 */
export function isDue (step: number, perDecade: number): boolean {
  if (step < 1) return step === 0
  const near = Math.round(perDecade * Math.log10(step))
  return [near - 1, near, near + 1].some(k => Math.round(10 ** (k / perDecade)) === step)
}

/**
 * First record after which the error stays below tau until the end; null when it never does. Staying matters: a random
 * initial output can be below for a step.
 */
export function firstPassage ({ steps, evaluations, errors }: SpectralHistory, band: number, tau: number): Passage | null {
  const lastAbove = errors.findLastIndex(record => !(record[band]! < tau))
  const at = lastAbove + 1
  return at < errors.length ? { step: steps[at]!, evaluations: evaluations[at]! } : null
}

/** In which order bands were learned. A band that was not learned is censored: later than the end, how much is not known. */
export interface LearningOrder {
  /**
   * The lowest band was learned, and not after the highest; null when neither was, or when fewer than two bands are more
   * than noise
   */
  ordered: boolean | null
  /** neighbouring bands of which the higher was learned first */
  swaps: number
  /** step of the highest band over that of the lowest (at least 1); null when one was never learned */
  ratio: number | null
  /** all pairs of bands */
  pairs: Pairs
  /** Kendall's tau-b between frequency and step of learning over the pairs whose order is known; null when that is none */
  tau: number | null
}

/**
 * Draws the order statistics over the bands that are more than noise.
 * @param bands    ascending by frequency, as a probe has them
 * @param passages of each band, as firstPassage() has them
 */
export function learningOrder (bands: readonly Pick<Band, 'frequency' | 'isNoise'>[], passages: readonly (Passage | null)[]): LearningOrder {
  const members = bands.flatMap(({ isNoise }, i) => isNoise ? [] : [i])
  const times = members.map(i => passages[i]?.step ?? null)
  const steps = times.map(time => time ?? Infinity)
  const first = steps[0] ?? Infinity
  const last = steps.at(-1) ?? Infinity
  const pairs = countPairs(members.map(i => bands[i]!.frequency), times)
  return {
    ordered: members.length < 2 || (first === Infinity && last === Infinity) ? null : first <= last,
    swaps: steps.filter((step, i) => i > 0 && step < steps[i - 1]!).length,
    ratio: members.length > 1 && first < Infinity && last < Infinity ? last / Math.max(1, first) : null,
    pairs,
    tau: kendallTau(pairs)
  }
}
