/**
 * After which epochs a training stores its weights, for which epochs each of them stands in a sum over checkpoints, and
 * what it counts there.
 */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import type { CheckpointInterval, Descent } from '../contract.js'
import { sumRates } from './schedule.js'

const place = {
  at: Type.Optional(choice(['end', 'start'], {
    description: 'Where in its interval a checkpoint stands. end, when left out: the weights after it; start: those before it, so that the first weights of all count and those after the last interval do not'
  }))
}

/** Schema of the checkpoints field. The last weights are always stored: they are the model that answers. */
export const CheckpointSchedule = taggedUnion([
  Type.Object({
    type: Type.Literal('even', { description: 'Intervals of equal length over the whole training' }),
    count: Type.Integer({ minimum: 1, maximum: 200, default: 6, description: 'Number of intervals; at most one per epoch' }),
    ...place
  }, closed),
  Type.Object({
    type: Type.Literal('every', { description: 'An interval ends after every so many epochs' }),
    epochs: Type.Integer({ minimum: 1, maximum: 10_000, default: 1, description: 'Length of an interval (unit: epochs)' }),
    ...place
  }, closed),
  Type.Object({
    type: Type.Literal('explicit', { description: 'Intervals end after exactly these epochs' }),
    epochs: Type.Array(Type.Integer({ minimum: 1, maximum: 10_000 }), {
      minItems: 1, maxItems: 200, uniqueItems: true, default: [1], description: 'Epochs after which an interval ends, 1 is the first (unit: epochs)'
    }),
    ...place
  }, closed),
  Type.Object({
    type: Type.Literal('log', { description: 'Short intervals at first, then ever longer ones' }),
    count: Type.Integer({ minimum: 1, maximum: 200, default: 6, description: 'Number of intervals; ends at equal epochs count once' }),
    ...place
  }, closed)
], {
  default: { type: 'even', count: 6 },
  description: 'Intervals of the training, one after the other from its begin, each with the checkpoint that stands for it. The last weights are always stored, but count in sums only where a checkpoint stands there'
})
export type CheckpointSchedule = Static<typeof CheckpointSchedule>

/** A checkpoint that counts: where its weights are taken, and for what. All in completed epochs. */
export interface CountedCheckpoint { epoch: number, from: number, to: number }

/** The checkpoints that count, ascending: e_0 = 0 < e_1 < … < e_k are the ends of the intervals, within 1 .. epochs. */
export function countedCheckpoints (schedule: CheckpointSchedule, epochs: number): CountedCheckpoint[] {
  const ends = [...new Set(listed(schedule, epochs).filter(epoch => epoch >= 1 && epoch <= epochs))].sort((a, b) => a - b)
  return ends.map((to, i) => {
    const from = ends[i - 1] ?? 0
    return { epoch: schedule.at === 'start' ? from : to, from, to }
  })
}

/** Completed epochs at which weights are stored, ascending, within 0 .. epochs: those that count, and the last ones. */
export function checkpointEpochs (schedule: CheckpointSchedule, epochs: number): number[] {
  return [...new Set([...countedCheckpoints(schedule, epochs).map(({ epoch }) => epoch), epochs])]
}

function listed (schedule: CheckpointSchedule, epochs: number): number[] {
  switch (schedule.type) {
    case 'even': return Array.from({ length: schedule.count }, (_, i) => Math.round((i + 1) * epochs / schedule.count))
    case 'every': return Array.from({ length: Math.floor(epochs / schedule.epochs) }, (_, i) => (i + 1) * schedule.epochs)
    case 'explicit': return schedule.epochs
    case 'log': {
      const intervals = Math.max(1, schedule.count - 1)
      return Array.from({ length: schedule.count }, (_, i) => Math.round(epochs ** (i / intervals)))
    }
  }
}

/** A training by epochs, as its checkpoints are weighed. */
export interface WeighedTraining {
  epochs: number
  /** steps of an epoch, the last of which may have a smaller batch */
  perEpoch: number
  /** training examples, each visited once an epoch */
  examples: number
  descent: Exclude<Descent, { type: 'other' }>
  /** learning rate at a place of the training: completed epochs, completed part of the present epoch */
  rate (epoch: number, within: number): number
}

/** A checkpoint that counts, with both of its weights. */
export interface WeighedCheckpoint {
  epoch: number
  /** weights=rate, the paper's: in force in its interval, at the step before the checkpoint or after it */
  learningRate: number
  /** weights=interval */
  interval: CheckpointInterval
}

/**
 * What every checkpoint counts. An example of an epoch's mean-of-batch steps is visited in one of them, in a batch of b
 * with the probability b / N, and moves the weights by rate / b of its gradient: rate / N in expectation for every step,
 * whatever the sizes of the batches are.
 */
export function weighCheckpoints (schedule: CheckpointSchedule, training: WeighedTraining): WeighedCheckpoint[] {
  const { epochs, perEpoch, examples, descent, rate } = training
  const counted = countedCheckpoints(schedule, epochs)
  const ends = counted.map(({ to }) => to * perEpoch)
  const sums = sumRates(step => rate(Math.floor(step / perEpoch), step % perEpoch / perEpoch), epochs * perEpoch, { ends, descent })
  return counted.map(({ epoch, from, to }, i) => ({
    epoch,
    learningRate: epoch === to ? rate(to - 1, 1 - 1 / perEpoch) : rate(from, 0),
    interval: { from: from * perEpoch, to: to * perEpoch, weight: sums[i]! / examples }
  }))
}
