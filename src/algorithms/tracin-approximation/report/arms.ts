/** The finished trials of a report by arm, and how sure a number over their seeds is. */
import { meanInterval } from '../../../math/intervals.js'
import type { FinishedTrial } from '../../contract.js'
import type { ApproximationResult } from '../result.js'
import type { ApproximationSpec } from '../spec.js'

export type Trial = FinishedTrial<ApproximationSpec, ApproximationResult>
export type Finished = Trial & { result: ApproximationResult }

/** Trials of one rate and one size of batch, one per seed. */
export interface Arm { name: string, rate: number, batchSize: number, trials: Finished[] }

/** The arms of the finished trials, by size of batch and then by rate, ascending; their trials by seed. */
export function armsOf (trials: Finished[]): Arm[] {
  const arms = new Map<string, Arm>()
  for (const trial of trials) {
    const { arm, spec: { learningRates: [rate], batchSizes: [batchSize] } } = trial.definition
    const known = arms.get(arm) ?? { name: arm, rate: rate!, batchSize: batchSize!, trials: [] }
    known.trials.push(trial)
    arms.set(arm, known)
  }
  for (const { trials } of arms.values()) trials.sort((a, b) => a.definition.seed - b.definition.seed)
  return [...arms.values()].sort((a, b) => a.batchSize - b.batchSize || a.rate - b.rate)
}

/** A mean over seeds, and between what it lies with 95 %; of one seed there is only its value. */
export interface Sure { mean: number, low: number, high: number, count: number }

/** @param values one per seed; null, which nothing can be said of, makes all NaN */
export function sureOf (values: readonly (number | null)[]): Sure {
  const numbers = values.map(value => value ?? NaN)
  return meanInterval(numbers) ?? { mean: numbers[0]!, low: numbers[0]!, high: numbers[0]!, count: 1 }
}

/** Differences paired by seed: what `left` has more than `right`. Both arms must have the same seeds. */
export function leadOf (left: readonly (number | null)[], right: readonly (number | null)[]): Sure {
  return sureOf(left.map((value, s) => value === null || right[s] === null ? null : value - right[s]!))
}

/** A mean with its interval, in words. */
export function saySure ({ mean, low, high, count }: Sure): string {
  return count === 1 ? say(mean) : `${say(mean)} (${say(low)} to ${say(high)})`
}

/** A number as short as it may be: near 1 by what is missing. */
export function say (value: number): string {
  const missing = Math.abs(1 - value)
  if (missing > 0 && missing < 0.1) return value.toFixed(Math.min(8, Math.max(3, 1 - Math.floor(Math.log10(missing)))))
  return String(Number(value.toPrecision(3)))
}

/** The entry of TracInCP with k checkpoints. */
export function sumIn (
  { checkpoints }: ApproximationResult, count: number, at: 'start' | 'end', weights: 'interval' | 'rate'
): ApproximationResult['checkpoints'][number] {
  return checkpoints.find(entry => entry.count === count && entry.at === at && entry.weights === weights)!
}
