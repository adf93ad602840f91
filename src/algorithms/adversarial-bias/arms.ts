/** What an arm is: one training of the spec, with what it says of itself in place of what the problem says of all. */
import { sortKeys } from '../../math/sort-keys.js'
import type { NetworkSpec } from '../kit/network.js'
import type { LinearProblem } from './linear/spec.js'
import type { NetworkProblem } from './network/spec.js'
import type { NormOrder, Radius } from './perturbation-spec.js'
import type { AdversarialSpec, Training } from './spec.js'

/** A training with all that belongs to it. */
export interface Arm<Problem = LinearProblem | NetworkProblem> {
  name: string
  training: Training
  q: NormOrder
  radius: Radius
  /** the spec's, with the training's own fields in place */
  problem: Problem
}

/** Joins a training with the spec. */
export function armOf ({ problem }: AdversarialSpec, training: Training): Arm {
  const { q, radius } = training
  return { name: nameOf(training), training, q, radius, problem: problemOf(problem, training) }
}

function problemOf (problem: AdversarialSpec['problem'], training: Training): Arm['problem'] {
  if (problem.type === 'network') return { ...problem, network: training.network ?? problem.network }
  return {
    ...problem,
    loss: training.loss ?? problem.loss,
    steps: training.steps ?? problem.steps,
    batch: training.batch ?? problem.batch,
    learningRate: training.learningRate ?? problem.learningRate
  }
}

/** All arms, in the order of the spec. */
export function armsOf (spec: AdversarialSpec): Arm[] {
  return spec.trainings.map(training => armOf(spec, training))
}

/** The spec of one arm's trials: the one training, and what it has in place of the problem's already in the problem. */
export function specOf (spec: AdversarialSpec, { training, problem }: Arm): AdversarialSpec {
  return { ...spec, problem, trainings: [training] }
}

/** Its own name, or what it is: 'clean', 'l2 0.9 gamma', 'linf tuned, logistic'. */
export function nameOf ({ name, q, radius, loss, steps, batch, learningRate, network }: Training): string {
  if (name !== undefined) return name
  return [
    sayBall(q, radius),
    ...(loss === undefined ? [] : [loss]),
    ...(steps === undefined ? [] : [`T ${steps}`]),
    ...(batch === undefined ? [] : [batch === 'full' ? 'full batch' : `batch ${batch}`]),
    ...(learningRate === undefined ? [] : [`rate ${learningRate}`]),
    ...(network === undefined ? [] : [sayNetwork(network)])
  ].join(', ')
}

function sayBall (q: NormOrder, radius: Radius): string {
  switch (radius.type) {
    case 'none': return 'clean'
    case 'absolute': return `${sayNorm(q)} ${radius.value}`
    case 'fraction': return `${sayNorm(q)} ${radius.of} gamma`
    case 'tuned': return `${sayNorm(q)} tuned`
  }
}

/** 'l2', 'linf', 'l1.5'. */
export function sayNorm (q: NormOrder): string {
  return q === 'infinity' ? 'linf' : `l${q}`
}

/** 'mlp 64-32', 'cnn 16-32-64'. */
export function sayNetwork (network: NetworkSpec): string {
  switch (network.type) {
    case 'mlp': return `mlp ${network.hidden.join('-')}`
    case 'cnn': return `cnn ${network.layers.flatMap(layer => layer.type === 'conv' ? [layer.filters] : layer.type === 'dense' ? [layer.units] : []).join('-')}`
    case 'embedding': return ['embedding', network.dimensions, ...network.hidden].join(' ')
    default: return network.type
  }
}

/** Whether it trains on examples as they are. */
export function isClean ({ radius }: Pick<Arm, 'radius'>): boolean {
  return radius.type === 'none' || (radius.type === 'absolute' && radius.value === 0)
}

/** Whether two parts of specs say the same, whatever the order of their fields. */
export function isSame (left: unknown, right: unknown): boolean {
  return JSON.stringify(sortKeys(left)) === JSON.stringify(sortKeys(right))
}
