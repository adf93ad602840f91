/**
 * Exact influence over all parameters of networks with convolutions, where a gradient has no two short factors: the
 * per-example gradients are formed on the device, a few at a time, and reduced at once. Nothing of it is stored.
 */
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import { sizeOf } from '../math/arrays.js'
import { outputShapes, type Architecture } from '../tensor/architecture.js'
import type { Batch, Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { allLayers } from '../tensor/factors.js'
import { createPass, type Pass } from '../tensor/forward.js'
import type { Network } from '../tensor/network.js'

/** Device memory that the patches and gradients of one batch may take. */
const batchBytes = 2 ** 26

/** Whether a network's gradients are outer products throughout, so that an index can hold their factors. */
export function isDense ({ layers }: Architecture): boolean {
  return layers.every(layer => layer.type === 'dense' || layer.type === 'flatten')
}

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
  let pass = passes.get(network)
  if (!pass) {
    const { tf } = engine
    pass = createPass(engine, network, batchSizeOf(network.architecture), batch => {
      const layers = layerGradients(engine, network, batch)
      return [tf.addN(layers.map(layer => layer.weight.length === 1
        ? tf.sum(tf.square(layer.weight[0]), [1, 2])
        : tf.mul(tf.sum(tf.square(layer.weight[0]), 1), tf.sum(tf.square(layer.weight[1]), 1)))
        .concat(layers.map(layer => tf.sum(tf.square(layer.bias), 1))))]
    })
    passes.set(network, pass)
  }
  return pass
}

/** Gradient of one layer for n examples; its weight's is [a, delta] where dense, [n, fanIn, fanOut] where not. */
interface LayerGradient {
  weight: [Tensor2D, Tensor2D] | [Tensor3D]
  /** [n, fanOut] */
  bias: Tensor2D
}

function layerGradients (engine: Engine, network: Network, batch: Batch): LayerGradient[] {
  const { tf } = engine
  const [, ...factors] = allLayers(engine, network, batch)
  return Array.from({ length: factors.length / 2 }, (_, layer): LayerGradient => {
    const [activations, deltas] = factors.slice(2 * layer, 2 * layer + 2) as [Tensor, Tensor]
    if (deltas.shape.length === 2) return { weight: [activations as Tensor2D, deltas as Tensor2D], bias: deltas as Tensor2D }
    const [n, height, width, filters] = deltas.shape as [number, number, number, number]
    const rows = tf.reshape(deltas, [n, height * width, filters]) // [n, positions, filters]
    return { weight: [tf.matMul(activations as Tensor3D, rows as Tensor3D, true) as Tensor3D], bias: tf.sum(rows, 1) }
  })
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
    weight: weight.map(part => tf.keep(tf.clone(part as Tensor))), bias: tf.keep(tf.clone(bias))
  })))
  return {
    dot (batch) {
      const scores = tf.tidy(() => tf.addN(layerGradients(engine, network, batch).map(({ weight, bias }, layer) => {
        const query = kept[layer]!
        const byBias = tf.matMul(bias, query.bias, false, true) // [n, queries]
        if (weight.length === 2) {
          const [a, delta] = weight
          const encodings = tf.matMul(a, query.weight[0] as Tensor2D, false, true)
          return tf.add(tf.mul(encodings, tf.matMul(delta, query.weight[1] as Tensor2D, false, true)), byBias)
        }
        const flat = (gradient: Tensor): Tensor2D => tf.reshape(gradient, [gradient.shape[0]!, -1])
        return tf.add(tf.matMul(flat(weight[0]), flat(query.weight[0]!), false, true), byBias)
      })))
      const values = scores.dataSync<'float32'>()
      scores.dispose()
      return values
    },
    close () {
      for (const { weight, bias } of kept) tf.dispose([...weight, bias])
    }
  }
}

/** Examples whose patches, deltas and gradients fit batchBytes together. */
export function batchSizeOf (architecture: Architecture): number {
  const outputs = outputShapes(architecture)
  const floats = architecture.layers.reduce((sum, layer, index) => {
    const input = outputs[index - 1] ?? architecture.inputShape
    if (layer.type === 'dense') return sum + input[0]! + layer.units
    if (layer.type !== 'conv') return sum
    const fanIn = layer.kernel ** 2 * input[2]!
    return sum + sizeOf(outputs[index]!) + sizeOf(outputs[index]!.slice(0, 2)) * fanIn + fanIn * layer.filters
  }, 0)
  return Math.max(1, Math.min(500, Math.floor(batchBytes / (4 * floats))))
}
