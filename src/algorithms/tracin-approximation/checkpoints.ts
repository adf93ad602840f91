/** Which sums over checkpoints are compared: k intervals, each with its weights at the start or at the end, weighed in two ways. */
import { checkpointEpochs, weighCheckpoints, type WeighedCheckpoint, type WeighedTraining } from '../kit/checkpoints.js'
import { rateAt } from '../kit/schedule.js'
import type { ApproximationSpec } from './spec.js'

/** Where in its interval a checkpoint stands. */
export const places = ['start', 'end'] as const
export type Place = typeof places[number]

/** What a checkpoint weighs: what the derivation gives its interval, or the rate in force, the paper's. */
export const weightings = ['interval', 'rate'] as const
export type Weighting = typeof weightings[number]

/** One factor of a sum: after how many epochs the weights were seen, and what products of gradients are multiplied by. */
export interface WeightedCheckpoint { epoch: number, weight: number }

type Planned = Pick<ApproximationSpec, 'epochs' | 'schedule' | 'checkpoints'>

/** What a training depends on beside the spec: the arm's rate and batches, and the data. */
export interface Pace {
  /** full learning rate */
  rate: number
  batchSize: number
  /** training examples */
  examples: number
}

/** The checkpoints of TracInCP with k of them, ascending; equal ends of intervals count once. */
export function checkpointsOf (count: number, at: Place, spec: Planned, pace: Pace): WeighedCheckpoint[] {
  return weighCheckpoints({ ...scheduleOf(count, spec), at }, trainingOf(spec, pace))
}

/** They as factors. */
export function weightsOf (checkpoints: WeighedCheckpoint[], weighting: Weighting): WeightedCheckpoint[] {
  return checkpoints.map(({ epoch, interval, learningRate }) => ({ epoch, weight: weighting === 'interval' ? interval.weight : learningRate }))
}

/** Epochs whose weights any of the sums looks at, ascending; 0 are the first weights. */
export function observedEpochs (spec: Planned): number[] {
  const ends = spec.checkpoints.counts.flatMap(count => checkpointEpochs(scheduleOf(count, spec), spec.epochs))
  return [...new Set([0, ...ends])].sort((a, b) => a - b)
}

/** A single interval is the whole training, however intervals are spaced: of the log schedule the first ends after an epoch. */
function scheduleOf (count: number, { checkpoints: { spacing } }: Planned) {
  return { type: count === 1 ? 'even' : spacing, count } as const
}

/** The steps of one epoch. */
export function stepsPerEpoch ({ batchSize, examples }: Pick<Pace, 'batchSize' | 'examples'>): number {
  return Math.ceil(examples / batchSize)
}

/** The rate of a step, `step` within its epoch. */
export function rateOf (epoch: number, step: number, { schedule, epochs }: Planned, pace: Pace): number {
  return rateAt(schedule, pace.rate, epoch, step / stepsPerEpoch(pace), epochs)
}

function trainingOf ({ schedule, epochs }: Planned, pace: Pace): WeighedTraining {
  return {
    epochs,
    perEpoch: stepsPerEpoch(pace),
    examples: pace.examples,
    descent: { type: 'sgd', momentum: 0 },
    rate: (epoch, within) => rateAt(schedule, pace.rate, epoch, within, epochs)
  }
}
