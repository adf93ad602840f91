/** Weights that are pulled towards others from outside: the step that does it, beside a training step on the same state. */
import type { Scalar } from '@tensorflow/tfjs-core'
import { sizeOf } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import type { Network } from './network.js'
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
 * One array of all weights as one per parameter, in the same memory.
 * @throws invalid_input when it is not as long as all of them together
 */
export function splitWeights ({ parameters }: Network, weights: Float32Array, name: string): Float32Array[] {
  const sizes = parameters.map(({ shape }) => sizeOf(shape))
  const size = sizes.reduce((sum, size) => sum + size, 0)
  if (!(weights instanceof Float32Array) || weights.length !== size) {
    throw new AppError('invalid_input', `${name} must be a Float32Array of the ${size} weights, got ${weights.constructor.name} of ${weights.length}`)
  }
  let end = 0
  return sizes.map(size => {
    end += size
    return weights.subarray(end - size, end)
  })
}
