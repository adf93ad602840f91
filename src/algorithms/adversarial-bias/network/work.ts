/** How much work the training of a network is, in its training steps: what progress counts. Pure. */
import type { Training } from '../spec.js'
import { checkedRadius, effortOf, radiusOf, type Effort } from './adversary.js'
import type { Counts } from './data.js'
import type { NetworkProblem } from './spec.js'

/** Work in training steps. */
export interface Work {
  /** of the whole trial: the `of` of its progress */
  all: number
  /** a pass over all training and test examples, after an epoch */
  pass: number
  /** an attack on the test examples that are attacked */
  attack (effort: Effort): number
  /** all checks together; 0 without a radius to check */
  checks: number
}

/** Gradients of every example that a step of training takes: its own, and those that the adversary climbs. */
export function gradientsOf ({ attack: { steps } }: Pick<NetworkProblem, 'attack'>, training: Pick<Training, 'radius'>): number {
  return radiusOf(training) > 0 ? 1 + steps : 1
}

/** Estimates the work. A forward pass is a third of a gradient; an attack looks at the clean examples, and at every start and step. */
export function workOf (problem: NetworkProblem, training: Pick<Training, 'radius'>, { train, test, attacked }: Counts): Work {
  const { epochs, evaluation } = problem
  const batchSize = Math.min(problem.batchSize, train)
  const perStep = batchSize * gradientsOf(problem, training)
  const pass = (train + test) / 3 / perStep
  const attack = ({ steps, restarts }: Effort) => attacked * (1 + restarts * (steps + 1)) / perStep
  const attacks = (when: 'epoch' | 'end') => evaluation.radii.reduce((sum, radius) => sum + attack(effortOf(evaluation, when, radius)), 0)
  const checked = checkedRadius(evaluation.radii, radiusOf(training))
  const checks = checked === undefined ? 0 : 2 * attack(effortOf(evaluation, 'end', checked))
  const all = epochs * (Math.ceil(train / batchSize) + pass + attacks('epoch')) + attacks('end') + checks
  return { all: Math.round(all), pass, attack, checks }
}
