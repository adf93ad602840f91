/**
 * A family of problems that are solved again and again (Ahuja, Dhurandhar, Varshney, arXiv 2012.12141): min over theta of
 * f(theta, x), where x, the instance, is seen and theta is what gradient descent moves. A family is one folder beside this
 * file and one line in index.ts; nothing else knows which there are.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { BatchObjective } from '../../../math/batch-objective.js'
import type { RandomStream } from '../../../math/random.js'
import type { Engine } from '../../../tensor/engine.js'

/** n instances, [count, instanceSize]. */
export interface Instances { readonly count: number, readonly data: Float64Array }

export interface Family {
  /** numbers of an instance */
  readonly instanceSize: number
  /** the least that a number of an instance may be; any when left out */
  readonly least?: number
  /** numbers of theta, which solvers move */
  readonly size: number
  /** what the objective is, as people say it; BatchObjective is always minimized and has its sign turned where it is maximized */
  readonly objective: { name: string, unit: string, sense: 'minimize' | 'maximize' }
  /** Draws instances. */
  sample (count: number, random: RandomStream): Instances
  /** P0: draws starts that know nothing of the instance. @returns [count, size] */
  start (count: number, random: RandomStream): Float64Array
  /** P(. | x): draws one start for each instance from a distribution that looks at it. @returns [count, size] */
  startGiven (instances: Instances, random: RandomStream): Float64Array
  /** Starts that people of the field use, by name; the first is the usual one. @returns [count, size] */
  readonly heuristics: Readonly<Record<string, (instances: Instances) => Float64Array>>
  /** What is minimized for these instances. Must be closed. */
  open (instances: Instances): BatchObjective
  /** The solver that the field compares with; none where there is none. */
  readonly reference?: {
    name: string
    /** @returns states, [count, size], and the objective in its own sense, [count]: the exact one where states can only come near */
    solve (instances: Instances): { states: Float64Array, objectives: Float64Array }
  }
  /** What predictors see of an instance, [count, size]. */
  readonly features: { size: number, of (instances: Instances): Float32Array }
  /**
   * What a network predicts of a solution: codes of states, and the state that outputs stand for, away from where gradients
   * vanish. logistic: codes lie in 0 .. 1, outputs are logits; squared: both are plain numbers.
   */
  readonly coding: {
    size: number
    loss: 'logistic' | 'squared'
    /** @param states [count, size] @returns [count, coding size] */
    encode (states: Float64Array, count: number): Float32Array
    /** @param outputs [count, coding size] @returns [count, size] */
    decode (outputs: Float32Array, count: number): Float64Array
  }
  /** The objective that is minimized of what outputs stand for, [n], differentiable; for training on the objective itself. */
  objectiveOf? (engine: Engine, outputs: Tensor, instances: Tensor): Tensor1D
  /** A state in the words of the field, as powers of users; the same numbers where it has no others. @returns [count, size] */
  decisionOf (states: Float64Array): Float64Array
  /** Whether a state, where a solver ended, is in the best basin; only where that is known in closed form. */
  isBest? (instances: Instances, states: Float64Array): Uint8Array
  /** Probability that gradient descent from P0 ends in the best basin of each instance, in closed form, [count]. */
  basinMass? (instances: Instances): Float64Array
}

/** A value that was minimized, as the field says it. */
export function inSense ({ objective: { sense } }: Pick<Family, 'objective'>, value: number): number {
  return sense === 'maximize' ? -value : value
}
