/**
 * Exact influence over all parameters of networks with convolutions, where a gradient has no two short factors: the
 * per-example gradients are formed on the device, a few at a time, and reduced at once. Nothing of it is stored.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { planOf, type Architecture } from '../tensor/architecture.js'
import type { Batch, Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { inputsAndDeltas } from '../tensor/factors.js'
import { createPass, type Pass } from '../tensor/forward.js'
import type { ExampleGradients } from '../tensor/layers/layer.js'
import type { Network } from '../tensor/network.js'

/** Device memory that the patches and gradients of one batch may take. */
const batchBytes = 2 ** 26

/** The least that float32 holds with all its digits. */
const leastNumber = 2 ** -126

const passes = new WeakMap<Network, Pass>()

/**
 * Computes |gradient|^2 over all parameters for every example, biases included.
 * @param indices  examples by position in the data, in the order wanted
 * @param part     examples between two yields
 * @returns        [indices.length]
 */
export function * gradientSquares (
  engine: Engine, network: Network, examples: Examples, indices: Int32Array, part: number
): Generator<void, Float64Array> {
  const squares = new Float64Array(indices.length)
  const pass = squaresPass(engine, network)
  for (let from = 0; from < indices.length; from += part) {
    pass.run(examples, indices.subarray(from, from + part), ([values, sizes], at) => {
      values!.forEach((value, i) => { squares[from + at + i] = value * sizes![i]! ** 2 })
    })
    yield
  }
  return squares
}

function squaresPass (engine: Engine, network: Network): Pass {
  const { tf } = engine
  let pass = passes.get(network)
  if (!pass) {
    pass = createPass(engine, network, batchSizeOf(network.architecture), batch => {
      const { layers, sizes } = layerGradients(engine, network, batch)
      const ofWeights = layers.map(({ weight }) => weight.map(part => squares(engine, part)).reduce((a, b) => tf.mul(a, b)))
      const ofBiases = layers.flatMap(({ bias }) => bias === undefined ? [] : [squares(engine, bias)])
      return [tf.addN([...ofWeights, ...ofBiases]), sizes]
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

/**
 * Gradients of single examples in units of their largest delta, for float32 holds a delta of 1e-30 but not its square.
 * @returns with these units, `sizes` [n]
 */
function layerGradients (engine: Engine, network: Network, batch: Batch): { layers: ExampleGradients[], sizes: Tensor1D } {
  const { tf } = engine
  const { layers } = inputsAndDeltas(engine, network, batch)
  const largest = layers.map(({ delta }) => tf.max(tf.abs(delta), axesOf(delta)))
  const sizes = largest.reduce((a, b) => tf.maximum(a, b), tf.fill(largest[0]!.shape, leastNumber)) as Tensor1D
  const gradients = layers.map(({ live: { index, layer, kind, variables }, input, delta }) => {
    const unit = tf.reshape(sizes, [-1, ...axesOf(delta).map(() => 1)])
    return kind.influence!.gradients(layer, input, tf.div(delta, unit), variables, { engine, index, training: undefined })
  })
  return { layers: gradients, sizes }
}

/** Gradients of a few query examples, kept on the device. Belongs to whoever made it, who closes it. */
export interface QueryGradients {
  /** Dot products of the examples' gradients with those of the queries. @returns [examples, queries] */
  dot (batch: Batch): Float64Array
  close (): void
}

/** Forms the gradients of query examples at the network's present weights. */
export function openQueryGradients (engine: Engine, network: Network, queries: Batch): QueryGradients {
  const { tf } = engine
  network.settle()
  const { kept, sizes: ofQueries } = tf.tidy(() => {
    const { layers, sizes } = layerGradients(engine, network, queries)
    const kept = layers.map(({ weight, bias }) => ({
      weight: weight.map(part => tf.keep(tf.clone(part))), bias: bias && tf.keep(tf.clone(bias))
    }))
    return { kept, sizes }
  })
  const units = read(ofQueries)
  const dots = (own: Tensor, query: Tensor): Tensor => {
    const flat = (gradient: Tensor): Tensor2D => tf.reshape(gradient, [gradient.shape[0]!, -1])
    return tf.matMul(flat(own), flat(query), false, true) // [n, queries]
  }
  return {
    dot (batch) {
      const { scores: scaled, sizes } = tf.tidy(() => {
        const { layers, sizes } = layerGradients(engine, network, batch)
        const scores = tf.addN(layers.map(({ weight, bias }, layer) => {
          const query = kept[layer]!
          const byWeight = weight.map((part, i) => dots(part, query.weight[i]!)).reduce((a, b) => tf.mul(a, b))
          return bias === undefined ? byWeight : tf.add(byWeight, dots(bias, query.bias!))
        }))
        return { scores, sizes }
      })
      const [scores, ofExamples] = [read(scaled), read(sizes)]
      return Float64Array.from(scores, (score, i) =>
        score * ofExamples[Math.floor(i / units.length)]! * units[i % units.length]!)
    },
    close () {
      for (const { weight, bias } of kept) tf.dispose(bias === undefined ? weight : [...weight, bias])
    }
  }
}

function read (tensor: Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>()
  tensor.dispose()
  return values
}

/** Examples whose patches, deltas and gradients fit batchBytes together. */
export function batchSizeOf (architecture: Architecture): number {
  const floats = planOf(architecture).reduce((sum, { kind, layer, shape, ...place }) =>
    sum + (kind.influence?.floats(layer, place, shape) ?? 0), 0)
  return Math.max(1, Math.min(500, Math.floor(batchBytes / (4 * floats))))
}
