/** How a method moves the weights of its network, and what a stretch of its steps counts in sums over checkpoints. */
import type { CheckpointInterval, Descent } from '../contract.js'
import { sumRates } from '../kit/schedule.js'
import type { Fit } from './fit.js'
import { titleOf, type OptimizerSpec } from './optimizer-spec.js'

/** What is stored of an optimizer. Line searches and swarms go along no sum of gradients of examples. */
export function descentOf (optimizer: OptimizerSpec): Descent {
  switch (optimizer.type) {
    case 'sgd': case 'gd': return { type: 'sgd', momentum: optimizer.momentum }
    case 'adam': return { type: 'adam', beta1: optimizer.beta1, beta2: optimizer.beta2, epsilon: optimizer.epsilon }
    default: return { type: 'other', name: titleOf(optimizer.type) }
  }
}

/**
 * What the steps from one to another count; undefined where no weights follow from them. A step on all N points or on a
 * batch moves the weights by rate / N of an example's gradient in expectation. What momentum still does after the budget
 * is not counted; a training that ends before it is one whose gradients are small by then.
 * @param from completed steps at the begin of the interval @param to at its end
 */
export function intervalOf (
  { learner, budget, points, descent, learningRate }: Fit, from: number, to: number
): CheckpointInterval | undefined {
  if (descent.type === 'other' || to <= from) return undefined
  const steps = learner.stop === undefined ? budget.steps : learner.counts.steps
  const sums = sumRates(() => learningRate, steps, { ends: [from, to], descent })
  return { from, to, weight: sums[1]! / points }
}
