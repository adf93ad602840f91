/** How much work a trial of tracin is, in training steps, and after which epochs it measures: what its progress counts. */
import { checkpointEpochs, countedCheckpoints } from '../kit/checkpoints.js'
import type { NoiseKind, TracinSpec } from './spec.js'

/** Evaluations on all examples, at most so many per training beside those at checkpoints. */
const maxEvaluations = 60

/** Forming all gradients of one example, in forward passes. */
export const squaresCost = 5

/** Work of a whole trial in training steps: an evaluated example costs a third of a trained one. */
export function workOf (spec: TracinSpec, noise: NoiseKind, trainCount: number, testCount: number): number {
  const trainings = noise === 'hardest' ? 2 : 1
  const measured = Array.from({ length: spec.epochs + 1 }, (_, epoch) => epoch).filter(epoch => isMeasured(spec, epoch)).length
  const scored = spec.selfInfluence.includes('all') ? countedCheckpoints(spec.checkpoints, spec.epochs).length : 0
  return trainings * spec.epochs * Math.ceil(trainCount / spec.batchSize) +
    trainings * measured * passWork(spec, trainCount + testCount) + scored * passWork(spec, trainCount * squaresCost)
}

/** Work of forward passes in training steps. */
export function passWork ({ batchSize }: TracinSpec, forwards: number): number {
  return forwards / (3 * batchSize)
}

/** Whether weights are stored after an epoch, 0: before the first. */
export function isStored ({ checkpoints, epochs }: TracinSpec, epoch: number): boolean {
  return checkpointEpochs(checkpoints, epochs).includes(epoch)
}

/** Whether loss and accuracy are measured after an epoch, 0: before the first. */
export function isMeasured (spec: TracinSpec, epoch: number): boolean {
  return isStored(spec, epoch) || (epoch > 0 && epoch % Math.ceil(spec.epochs / maxEvaluations) === 0)
}
