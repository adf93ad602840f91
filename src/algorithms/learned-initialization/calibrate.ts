/** What predicted values are worth: how they rank the candidates of an instance, against the values that the solver reaches from them. */
import { spearman } from '../../math/correlation.js'
import { meanInterval } from '../../math/intervals.js'
import { meanOf } from '../../math/mean.js'
import type { RunEvent } from '../contract.js'
import { inSense } from './families/family.js'
import type { InitialiserOf } from './initialisers/spec.js'
import { candidatesOf, type Judge } from './initialisers/val-init.js'
import { takeInstances } from './instances.js'
import type { InitializationResult } from './result.js'
import { solveTask } from './solve-task.js'
import { drawTests, type TrialState } from './trial-state.js'

type Calibration = NonNullable<InitializationResult['calibration']>

/**
 * Solves the first test instances from their first candidates.
 * @param deviation  by which predicted values are to be multiplied
 * @returns          none where no instance has candidates that differ in both
 */
export async function * calibrate (
  trial: TrialState, choice: InitialiserOf<'val-init'>, { deviation, ...judge }: Judge & { deviation: number }
): AsyncGenerator<RunEvent, Calibration | undefined> {
  const { work: { calibration: { instances: count, candidates: runs } }, context: { random } } = trial
  const instances = takeInstances(yield * drawTests(trial), 0, count)
  // those of a search among fewer begin with the same: candidates do not know of each other
  const { states, predicted } = candidatesOf({ ...choice, candidates: runs }, judge, { instances, from: 0, random })
  const ends = yield * solveTask(trial, 'calibration', { instances, runs, starts: states, purpose: 'test directions', wants: { runs: true } })
  const sense = (value: number) => inSense(trial.family, value)
  return calibrationOf(
    Float64Array.from(predicted, value => sense(value * deviation)), ends.each!.values.map(sense), runs)
}

/** @param predicted, reached [instances, runs] */
export function calibrationOf (predicted: Float64Array, reached: Float64Array, runs: number): Calibration | undefined {
  const correlations: number[] = []
  const pairs: { predicted: number, reached: number }[] = []
  for (let at = 0; at < predicted.length; at += runs) {
    const [said, ended] = [centre(predicted.subarray(at, at + runs)), centre(reached.subarray(at, at + runs))]
    const correlation = spearman(said, ended)
    if (correlation !== null) correlations.push(correlation)
    said.forEach((value, i) => { pairs.push({ predicted: value, reached: ended[i]! }) })
  }
  if (correlations.length === 0) return undefined
  const mean = meanOf(correlations)
  const { low, high } = meanInterval(correlations) ?? { low: mean, high: mean }
  return { spearman: mean, low, high, instances: correlations.length, deciles: decilesOf(pairs) }
}

function centre (values: Float64Array): Float64Array {
  const mean = meanOf(values)
  return values.map(value => value - mean)
}

/** Means of ten equal parts by predicted value; fewer where there are fewer pairs. */
function decilesOf (pairs: { predicted: number, reached: number }[]): Calibration['deciles'] {
  const sorted = pairs.sort((a, b) => a.predicted - b.predicted)
  const parts = Math.min(10, sorted.length)
  return Array.from({ length: parts }, (_, k) => {
    const part = sorted.slice(Math.round(k * sorted.length / parts), Math.round((k + 1) * sorted.length / parts))
    return { predicted: meanOf(part.map(({ predicted }) => predicted)), reached: meanOf(part.map(({ reached }) => reached)) }
  })
}
