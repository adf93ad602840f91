/** What was measured over a training, when each band was learned, and whether that went from low to high frequency. */
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

/**
 * Kendall's tau-b between two orders of the same things, -1 .. 1: (concordant - discordant) / sqrt((n0 - n1) (n0 - n2)),
 * n0 all pairs, n1 and n2 the pairs tied in one. Infinity stands for never: last, and a tie with every other never.
 * @returns 0 when all of one are equal, since then there is no order
 */
export function kendallTau (a: number[], b: number[]): number {
  let difference = 0
  let untiedA = 0
  let untiedB = 0
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const inA = compare(a[i]!, a[j]!)
      const inB = compare(b[i]!, b[j]!)
      difference += inA * inB
      untiedA += inA * inA
      untiedB += inB * inB
    }
  }
  return untiedA === 0 || untiedB === 0 ? 0 : difference / Math.sqrt(untiedA * untiedB)
}

function compare (x: number, y: number): number {
  return x === y ? 0 : x > y ? 1 : -1
}

/** How learning went over the bands. */
export interface LearningOrder {
  /** per band, in the order of the bands */
  passages: (Passage | null)[]
  /** the lowest band was learned, and not after the highest */
  ordered: boolean
  /** neighbouring bands of which the higher was learned first */
  swaps: number
  /** step of the highest band over that of the lowest (at least 1); null when one was never learned */
  ratio: number | null
  /** Kendall's tau-b between frequency and step of learning, never = last */
  tau: number
}

/** Draws the order statistics. @param bands ascending by frequency, as a probe has them @param threshold tau of firstPassage */
export function learningOrder (bands: readonly Band[], history: SpectralHistory, threshold: number): LearningOrder {
  const passages = bands.map((_, band) => firstPassage(history, band, threshold))
  const steps = passages.map(passage => passage?.step ?? Infinity)
  const first = steps[0] ?? Infinity
  const last = steps.at(-1) ?? Infinity
  return {
    passages,
    ordered: first < Infinity && first <= last,
    swaps: steps.filter((step, i) => i > 0 && step < steps[i - 1]!).length,
    ratio: first < Infinity && last < Infinity ? last / Math.max(1, first) : null,
    tau: kendallTau(bands.map(({ frequency }) => frequency), steps)
  }
}
