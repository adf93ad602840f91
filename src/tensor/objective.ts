/**
 * The loss of a float32 network over all its examples as a function of one flat vector: what the full-batch optimizers
 * of src/optimizers minimise. Runs in chunks, so memory does not grow with the examples; sums over them are Float64.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { sizeOf, type NumericArray } from '../math/arrays.js'
import type { Objective } from '../math/objective.js'
import type { Examples } from './batches.js'
import type { Engine } from './engine.js'
import { loadFlat } from './flat-weights.js'
import { allOf } from './forward.js'
import { refuse } from './layers/layer.js'
import { batchLossOf, type Loss } from './losses.js'
import type { Network } from './network.js'
import { prepare } from './prepare.js'
import { createSource } from './source.js'
import type { Runnable, Step } from './step.js'

export interface TensorObjectiveOptions extends Examples {
  /** that of the network's head by default */
  loss?: Loss
  /** examples that are computed at once, 250 by default; changes the last digits of the numbers */
  chunk?: number
}

/** value and gradient leave the weights they were asked for, in float32, in the network. */
export interface TensorObjective extends Objective {
  gradient (theta: Float64Array, into: Float64Array): number
  dispose (): void
}

/**
 * Makes the objective: mean loss over all examples, and its gradient. Deterministic. Both are float32 numbers widened,
 * good to 6 or 7 digits, so ask an optimizer for no smaller gradient than 1e-3: L-BFGS and CG came down to 1e-5 on 300
 * pictures, in two to four times the steps, but losses that differ by less than their rounding end line searches.
 * @param network  its weights are overwritten at every call; theta is laid out as by flatWeights()
 * @throws invalid_spec for layers that know the batch or draw numbers: the loss would be no function of theta
 */
export function createTensorObjective (engine: Engine, network: Network, options: TensorObjectiveOptions): TensorObjective {
  const { tf } = engine
  const { chunk = 250, data: { count } } = options
  const losses = batchLossOf(network, options.loss)
  const unfit = network.layers.find(({ kind }) => kind.inTraining)
  if (unfit) refuse(unfit.path, `must compute the same in training and evaluation, not from ${unfit.kind.inTraining}`, unfit.layer.type)
  const source = createSource(engine, options, chunk)
  const state = network.parameters.map(parameter => parameter.variable)
  const all = allOf(count)
  const size = network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)

  const sumOfLosses = (fed: Tensor[]): Scalar => {
    const { x, target, further } = source.batch(fed)
    return tf.sum(losses(engine, network.forward(x), target, further))
  }
  const valueStep: Step = fed => ({ outputs: [sumOfLosses(fed)] })
  const gradientStep: Step = fed => {
    const { value, grads } = tf.variableGrads(() => sumOfLosses(fed), state)
    return { outputs: [value, ...state.map(({ name }) => grads[name]!)] }
  }
  const values = createChunks(valueStep)
  const gradients = createChunks(gradientStep)

  /** Runs a step over all examples, chunk by chunk. Runnables are made when first needed: two sizes at most. */
  function createChunks (step: Step): { run (onChunk: (outputs: NumericArray[]) => void): void, close (): void } {
    const runnables = new Map<number, Runnable>()
    const runnableFor = (length: number) => {
      const made = runnables.get(length) ?? prepare(engine, step, { inputs: source.inputs(length), state, resident: source.resident })
      runnables.set(length, made)
      return made
    }
    return {
      run (onChunk) {
        const fresh = new Set<Runnable>()
        source.expect?.(all)
        for (let at = 0; at < count; at += chunk) {
          const indices = all.subarray(at, at + chunk)
          const runnable = runnableFor(indices.length)
          if (!fresh.has(runnable)) runnable.push()
          fresh.add(runnable)
          const fed = source.feed(indices)
          runnable.keep(source.resident)
          onChunk(runnable.run(fed))
        }
      },
      close () {
        for (const runnable of runnables.values()) runnable.close()
        runnables.clear()
      }
    }
  }

  return {
    size,
    value (theta) {
      loadFlat(network, theta)
      let sum = 0
      values.run(([part]) => { sum += part![0]! })
      return sum / count
    },
    gradient (theta, into) {
      loadFlat(network, theta)
      into.fill(0)
      let sum = 0
      gradients.run(([part, ...parts]) => {
        sum += part![0]!
        let at = 0
        for (const part of parts) for (let i = 0; i < part.length; i++) into[at++]! += part[i]!
      })
      for (let i = 0; i < into.length; i++) into[i]! /= count
      return sum / count
    },
    dispose () {
      values.close()
      gradients.close()
      source.dispose()
    }
  }
}
