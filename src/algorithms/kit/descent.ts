/** The optimizers that a spec can ask for, and how they move the weights of a network. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import type { Violation } from '../../errors.js'
import type { Descent } from '../contract.js'
import { Schedule } from './schedule.js'

/** Adam's usual constants. */
export const adamConstants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** Schema of the optimizer field. @param words what a kind says of the two, of momentum, and of what is descended */
export const optimizerField = (words: { type: string, momentum: string, loss: string }) => Type.Object({
  type: choice(['sgd', 'adam'], { default: 'sgd', description: words.type }),
  learningRate: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 0.1, description: 'Full learning rate' }),
  momentum: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0, description: words.momentum }),
  schedule: Schedule
}, { ...closed, default: {}, description: words.loss })

export type OptimizerField = Static<ReturnType<typeof optimizerField>>

/** Lists what is wrong with the field at spec[path]. @param epochs of the training */
export function checkOptimizer ({ type, momentum, schedule: { warmup = 0 } }: OptimizerField, path: string, epochs: number): Violation[] {
  return [
    ...(warmup < epochs ? [] : [{ path: `${path}.schedule.warmup`, rule: `must be < ${epochs}, the number of epochs`, got: warmup }]),
    ...(type !== 'adam' || momentum === 0 ? [] : [{ path: `${path}.momentum`, rule: 'must be 0 or left out for adam, which has its own', got: momentum }])
  ]
}

/** The optimizer. */
export function descentOf ({ type, momentum }: Pick<OptimizerField, 'type' | 'momentum'>): Exclude<Descent, { type: 'other' }> {
  return type === 'adam' ? { type, ...adamConstants } : { type, momentum }
}
