/** Learning-rate schedules: the rate in force at every step as a pure function of its place in the training. */
import { Type, type Static } from 'typebox'
import { closed, taggedUnion } from '../../choices.js'

const warmup = {
  warmup: Type.Optional(Type.Number({
    exclusiveMinimum: 0, maximum: 10_000, description: 'Epochs over which the rate first rises in a straight line from 0; none when left out. A cosine begins after it (unit: epochs)'
  }))
}

/** Schema of the schedule field. */
export const Schedule = taggedUnion([
  Type.Object({ type: Type.Literal('constant', { description: 'The same rate throughout' }), ...warmup }, closed),
  Type.Object({
    type: Type.Literal('step', { description: 'The rate drops after given epochs' }),
    drops: Type.Array(Type.Integer({ minimum: 1, maximum: 10_000 }), {
      default: [30, 60, 90], maxItems: 100, uniqueItems: true, description: 'Epochs after which the rate is multiplied by factor (unit: epochs)'
    }),
    factor: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.1, description: 'What the rate is multiplied by at every drop' }),
    ...warmup
  }, closed),
  Type.Object({
    type: Type.Literal('cosine', { description: 'Half a cosine from the full rate down to a part of it' }),
    final: Type.Number({ minimum: 0, maximum: 1, default: 0.01, description: 'Rate at the end, as a part of the full rate' }),
    ...warmup
  }, closed)
], { default: { type: 'constant' }, description: 'How the learning rate changes over the epochs' })
export type Schedule = Static<typeof Schedule>

/**
 * The rate in force at one step.
 * @param rate   full learning rate
 * @param epoch  completed epochs, 0 for the first
 * @param within completed part of the present epoch, 0 .. 1
 * @param epochs length of the training, longer than the warm-up
 */
export function rateAt (schedule: Schedule, rate: number, epoch: number, within: number, epochs: number): number {
  const { warmup = 0 } = schedule
  if (epoch + within < warmup) return rate * (epoch + within) / warmup
  switch (schedule.type) {
    case 'constant': return rate
    case 'step': return rate * schedule.factor ** schedule.drops.filter(drop => epoch >= drop).length
    case 'cosine': {
      const down = (1 + Math.cos(Math.PI * (epoch + within - warmup) / (epochs - warmup))) / 2
      return rate * (schedule.final + (1 - schedule.final) * down)
    }
  }
}
