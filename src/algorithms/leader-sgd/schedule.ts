/** Learning rates as a function of a worker's steps. */
import { Type, type Static } from '../../schema/type.js'
import { closed, taggedUnion } from '../../choices.js'

/** Schema of the schedule field: kit/schedule.ts counts epochs, which workers of one data set do not have in common. */
export const StepSchedule = taggedUnion([
  Type.Object({ type: Type.Literal('constant', { description: 'The same rate throughout' }) }, closed),
  Type.Object({
    type: Type.Literal('step', { description: 'The rate drops after given parts of the training' }),
    drops: Type.Array(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), {
      default: [0.75], maxItems: 20, uniqueItems: true, description: 'Parts of the steps after which the rate is multiplied by factor'
    }),
    factor: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.1, description: 'What the rate is multiplied by at every drop' })
  }, closed),
  Type.Object({ type: Type.Literal('cosine', { description: 'Half a cosine from the full rate down to 0' }) }, closed),
  Type.Object({
    type: Type.Literal('inverse', { description: 'rate / (1 + k / after): ~ 1 / k, as the theory wants it' }),
    after: Type.Number({ exclusiveMinimum: 0, maximum: 1e6, default: 10, description: 'Steps after which the rate is half of the full one (unit: steps)' })
  }, closed)
], { default: { type: 'constant' }, description: 'How the learning rate changes over the steps' })
export type StepSchedule = Static<typeof StepSchedule>

/**
 * The rate in force at one step.
 * @param rate  full learning rate
 * @param step  completed steps of the worker, 0 for the first
 * @param steps of the whole training
 */
export function rateAtStep (schedule: StepSchedule, rate: number, step: number, steps: number): number {
  switch (schedule.type) {
    case 'constant': return rate
    case 'step': return rate * schedule.factor ** schedule.drops.filter(drop => step >= drop * steps).length
    case 'cosine': return rate * (1 + Math.cos(Math.PI * step / steps)) / 2
    case 'inverse': return rate / (1 + step / schedule.after)
  }
}
