/** How a tracin training moves the weights of its network, and what its checkpoints count in self-influence. */
import { weighCheckpoints, type WeighedCheckpoint } from '../kit/checkpoints.js'
import { descentOf } from '../kit/descent.js'
import { rateAt } from '../kit/schedule.js'
import type { TracinSpec } from './spec.js'

/** Learning rate after so many epochs and such a part of the next. */
export function rateOf ({ optimizer: { schedule, learningRate }, epochs }: TracinSpec): (epoch: number, within: number) => number {
  return (epoch, within) => rateAt(schedule, learningRate, epoch, within, epochs)
}

/** The checkpoints that count. @param examples of the training */
export function weighTraining (spec: TracinSpec, examples: number): WeighedCheckpoint[] {
  const perEpoch = Math.ceil(examples / Math.min(spec.batchSize, examples))
  const descent = descentOf(spec.optimizer)
  return weighCheckpoints(spec.checkpoints, { epochs: spec.epochs, perEpoch, examples, descent, rate: rateOf(spec) })
}

/** What a checkpoint counts in self-influence. */
export function weightOf ({ weights }: TracinSpec, { learningRate, interval }: WeighedCheckpoint): number {
  return weights === 'rate' ? learningRate : interval.weight
}

/** What is told of a training whose steps are no plain gradient steps. */
export function warningOf ({ optimizer: { type, momentum }, weights }: TracinSpec): string | undefined {
  if (type === 'adam') return 'With adam gradients are measured by the second moments at the checkpoint; that these follow from the examples is not covered'
  if (momentum === 0) return undefined
  return weights === 'rate'
    ? `weights=rate leaves momentum ${momentum} out: steps go up to ${sayFactor(momentum)} times as far`
    : `With momentum ${momentum} a gradient goes on moving the weights; all of that is weighed at the checkpoint of its own interval`
}

function sayFactor (momentum: number): number {
  return Number((1 / (1 - momentum)).toPrecision(3))
}
