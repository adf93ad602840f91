/**
 * Exact influence over all parameters of networks with convolutions, where a gradient has no two short factors: the
 * per-example gradients are formed on the device, a few at a time, and reduced at once. Nothing of it is stored.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { planOf, type Architecture } from '../tensor/architecture.js'
import type { Batch, Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { inputsAndDeltas } from '../tensor/factors.js'
import { createPass, type Pass } from '../tensor/forward.js'
import type { ExampleGradients } from '../tensor/layers/layer.js'
import type { Network } from '../tensor/network.js'

/** Device memory that the patches and gradients of one batch may take. */
const batchBytes = 2 ** 26

const passes = new WeakMap<Network, Pass>()

/**
 * Computes |gradient|^2 over all parameters for every example, biases included.
 * @param indices  examples by position in the data, in the order wanted
 * @param part     examples between two yields
 * @returns        [indices.length]
 */
export function * gradientSquares (
  engine: Engine, network: Network, examples: Examples, indices: Int32Array, part: number
): Generator<void, Float32Array> {
  const squares = new Float32Array(indices.length)
  const pass = squaresPass(engine, network)
  for (let from = 0; from < indices.length; from += part) {
    pass.run(examples, indices.subarray(from, from + part), ([values], at) => squares.set(values!, from + at))
    yield
  }
  return squares
}

function squaresPass (engine: Engine, network: Network): Pass {
  const { tf } = engine
  let pass = passes.get(network)
  if (!pass) {
    pass = createPass(engine, network, batchSizeOf(network.architecture), batch => {
      const layers = layerGradients(engine, network, batch)
      const ofWeights = layers.map(({ weight }) => weight.map(part => squares(engine, part)).reduce((a, b) => tf.mul(a, b)))
      const ofBiases = layers.flatMap(({ bias }) => bias === undefined ? [] : [squares(engine, bias)])
      return [tf.addN([...ofWeights, ...ofBiases])]
    })
    passes.set(network, pass)
  }
  return pass
}

/** Sum of the squares of every example's numbers, [n]. */
function squares ({ tf }: Engine, x: Tensor): Tensor {
  return tf.sum(tf.square(x), axesOf(x))
}

function axesOf (x: Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, i) => i + 1)
}

function layerGradients (engine: Engine, network: Network, batch: Batch): ExampleGradients[] {
  return inputsAndDeltas(engine, network, batch).layers.map(({ live: { index, layer, kind, variables }, input, delta }) =>
    kind.influence!.gradients(layer, input, delta, variables, { engine, index, training: undefined }))
}

/** Gradients of a few query examples, kept on the device. Belongs to whoever made it, who closes it. */
export interface QueryGradients {
  /** Dot products of the examples' gradients with those of the queries. @returns [examples, queries] */
  dot (batch: Batch): Float32Array
  close (): void
}

/** Forms the gradients of query examples at the network's present weights. */
export function openQueryGradients (engine: Engine, network: Network, queries: Batch): QueryGradients {
  const { tf } = engine
  network.settle()
  const kept = tf.tidy(() => layerGradients(engine, network, queries).map(({ weight, bias }) => ({
    weight: weight.map(part => tf.keep(tf.clone(part))), bias: bias && tf.keep(tf.clone(bias))
  })))
  const dots = (own: Tensor, query: Tensor): Tensor => {
    const flat = (gradient: Tensor): Tensor2D => tf.reshape(gradient, [gradient.shape[0]!, -1])
    return tf.matMul(flat(own), flat(query), false, true) // [n, queries]
  }
  return {
    dot (batch) {
      const scores = tf.tidy(() => tf.addN(layerGradients(engine, network, batch).map(({ weight, bias }, layer) => {
        const query = kept[layer]!
        const byWeight = weight.map((part, i) => dots(part, query.weight[i]!)).reduce((a, b) => tf.mul(a, b))
        return bias === undefined ? byWeight : tf.add(byWeight, dots(bias, query.bias!))
      })))
      const values = scores.dataSync<'float32'>()
      scores.dispose()
      return values
    },
    close () {
      for (const { weight, bias } of kept) tf.dispose(bias === undefined ? weight : [...weight, bias])
    }
  }
}

/** Examples whose patches, deltas and gradients fit batchBytes together. */
export function batchSizeOf (architecture: Architecture): number {
  const floats = planOf(architecture).reduce((sum, { kind, layer, shape, ...place }) =>
    sum + (kind.influence?.floats(layer, place, shape) ?? 0), 0)
  return Math.max(1, Math.min(500, Math.floor(batchBytes / (4 * floats))))
}
