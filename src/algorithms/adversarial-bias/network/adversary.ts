/** The adversaries of a network, in training and in testing: their ball, its radius, how often they climb. Pure. */
import type { Norm } from '../../../tensor/balls.js'
import type { NormOrder } from '../perturbation-spec.js'
import type { Training } from '../spec.js'
import type { NetworkProblem } from './spec.js'

/** The norms that a network's adversary can be bounded in; projections of others are not in tensor/balls.ts. */
export const networkNorms = [2, 'infinity'] as const satisfies NormOrder[]

/** The ball of a training; q is one of networkNorms, which check.ts sees to. */
export function ballOf (q: NormOrder): Norm {
  return q === 'infinity' ? 'linf' : 'l2'
}

/** The full radius of a training; it is none or absolute, which check.ts sees to: gamma_q of a network is not known. */
export function radiusOf ({ radius }: Pick<Training, 'radius'>): number {
  return radius.type === 'absolute' ? radius.value : 0
}

/**
 * How much of the radius is in force: it grows evenly over the warm-up.
 * @param epoch   completed ones
 * @param within  completed part of the present one
 */
export function reachOf ({ warmup }: Pick<NetworkProblem['attack'], 'warmup'>, epoch: number, within: number): number {
  return warmup === 0 ? 1 : Math.min(1, (epoch + within) / warmup)
}

/** How hard the test examples are attacked. */
export interface Effort { steps: number, restarts: number }

/** After an epoch, or at the end; within a radius of 0 there is nothing to climb. */
export function effortOf ({ steps, restarts }: NetworkProblem['evaluation'], when: 'epoch' | 'end', radius: number): Effort {
  if (radius === 0) return { steps: 0, restarts: 0 }
  return when === 'end' ? { steps, restarts } : { steps: Math.ceil(steps / 4), restarts: 1 }
}

/** The radius of the evaluation whose accuracy is checked for weak attacks: nearest to the training's and above 0. */
export function checkedRadius (radii: readonly number[], radius: number): number | undefined {
  return radii.filter(one => one > 0).sort((a, b) => Math.abs(a - radius) - Math.abs(b - radius) || a - b)[0]
}
