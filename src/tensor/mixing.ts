/** Weights that are pulled towards others from outside: the step that does it, beside a training step on the same state. */
import type { Scalar } from '@tensorflow/tfjs-core'
import { sizeOf } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import type { Network, Parameter } from './network.js'
import { subtract } from './optimizers.js'
import type { FurtherStep, InputSpec } from './step.js'

/** w <- w - strength (w - target) for all weights of a network. Fed a target per parameter, and the strength. */
export function createPull (engine: Engine, { parameters }: Network): FurtherStep {
  return {
    inputs: [...parameters.map(({ shape }): InputSpec => ({ type: 'float32', shape })), { type: 'float32', shape: [] }],
    step (inputs) {
      const strength = inputs.at(-1) as Scalar
      const updates = parameters.map(({ variable }, index) => subtract(engine, variable, strength, engine.tf.sub(variable, inputs[index]!)))
      return { outputs: [strength], updates }
    }
  }
}

/**
 * One array of all numbers as one per array of a network or optimizer, in the same memory.
 * @param name  of the argument, and what its numbers are, for the message
 * @throws invalid_input when it is not as long as all of them together
 */
export function splitNumbers (
  arrays: readonly Parameter[], numbers: Float32Array, { name, what }: { name: string, what: string }
): Float32Array[] {
  const size = totalSize(arrays)
  if (!(numbers instanceof Float32Array) || numbers.length !== size) {
    throw new AppError('invalid_input', `${name} must be a Float32Array of the ${size} ${what}, got ${numbers.constructor.name} of ${numbers.length}`)
  }
  let end = 0
  return arrays.map(({ shape }) => {
    const begin = end
    end += sizeOf(shape)
    return numbers.subarray(begin, end)
  })
}

/** Numbers of all arrays together. */
export function totalSize (arrays: readonly Parameter[]): number {
  return arrays.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}
