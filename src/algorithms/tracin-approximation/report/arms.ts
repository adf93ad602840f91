/** The finished trials of a report by arm. */
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

/** How many seeds a figure shows, in words. */
export function saySeeds ([arm]: Arm[]): string {
  const { trials } = arm!
  return trials.length === 1 ? `seed ${trials[0]!.definition.seed}` : `${trials.length} seeds thin, their mean strong`
}

/** The entry of TracInCP with k checkpoints. */
export function sumIn (
  { checkpoints }: ApproximationResult, count: number, at: 'start' | 'end', weights: 'interval' | 'rate'
): ApproximationResult['checkpoints'][number] {
  return checkpoints.find(entry => entry.count === count && entry.at === at && entry.weights === weights)!
}
