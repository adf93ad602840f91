/** Learning-rate schedules: the rate in force at every step as a pure function of its place in the training. */
import { Type, type Static } from '../../schema/type.js'
import { closed, taggedUnion } from '../../choices.js'
import type { Descent } from '../contract.js'

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

/**
 * How far the gradients of an interval's steps move the weights until the end of the training, summed: for plain gradient
 * descent the sum of its rates. With a velocity v <- mu v + g, w <- w - rate v, the gradient of step s still moves the
 * weights at all later steps, by rate_t mu^(t - s): in all
 *
 *   a_s = rate_s + mu a_(s+1)
 *
 * Adam's m <- beta1 m + (1 - beta1) g, w <- w - rate / (1 - beta1^t) D m, with t counted from 1, likewise:
 * a_s = (1 - beta1) b_s with b_s = rate_s / (1 - beta1^s) + beta1 b_(s+1); what D does is no matter of rates.
 * @param rate  in force at a step, 0 for the first
 * @param steps of the whole training
 * @param ends  completed steps at the end of every interval, ascending, at most `steps`; the first begins at 0
 */
export function sumRates (
  rate: (step: number) => number, steps: number, { ends, descent }: { ends: readonly number[], descent: Exclude<Descent, { type: 'other' }> }
): number[] {
  const isAdam = descent.type === 'adam'
  const kept = isAdam ? descent.beta1 : descent.momentum
  const sums = ends.map(() => 0)
  let interval = ends.length - 1
  let still = 0
  for (let step = steps - 1; step >= 0 && interval >= 0; step--) {
    still = rate(step) / (isAdam ? 1 - kept ** (step + 1) : 1) + kept * still
    while (interval > 0 && step < ends[interval - 1]!) interval--
    if (step < ends[interval]!) sums[interval]! += (isAdam ? 1 - kept : 1) * still
  }
  return sums
}
