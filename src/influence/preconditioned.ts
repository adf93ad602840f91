/**
 * Scores of Adam's checkpoints from stored factors, in the measure of D (preconditioner.ts), without forming the gradient
 * of a training example. For one dense layer with inputs a, bias included as an input of 1, and deltas:
 *
 *   g(z')ᵀ D g(z) = sum over the units of ((a, 1) Q) o delta,          Q = D o ((a', 1)ᵀ delta')
 *   g(z)ᵀ D g(z)  = sum over the units of ((a, 1)² D) o delta²
 *
 * Cost n · fanIn · fanOut per query, layer and checkpoint instead of n · (fanIn + fanOut).
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { NumericArray } from '../math/arrays.js'
import type { Engine } from '../tensor/engine.js'
import type { Preconditioner } from './preconditioner.js'
import { total, type DenseFactors } from './scoring.js'

/** Factors of one dense layer on the device. */
export interface FactorTensors {
  /** [n, fanIn] */
  activations: Tensor2D
  /** [n, fanOut] */
  deltas: Tensor2D
}

/** D of one layer: of the weight [fanIn, fanOut], of the bias [fanOut]. */
interface LayerMeasure { weight: Tensor2D, bias: Tensor1D }

/**
 * g(z)ᵀ D g(z) of every example, summed over layers.
 * @param layers  with the position of each in the architecture
 * @returns       [n], in Float64: deltas are squared in units of the largest of their row
 */
export function preconditionedSquares (
  engine: Engine, layers: readonly (FactorTensors & { layer: number })[], preconditioner: Preconditioner
): Float64Array {
  const { tf } = engine
  const n = layers[0]!.deltas.shape[0]
  const squares = new Float64Array(n)
  for (const { layer, activations, deltas } of layers) {
    const { values, units } = tf.tidy(() => {
      const { weight, bias } = measureOf(engine, preconditioner, layer)
      const units = tf.maximum(tf.max(tf.abs(deltas), 1, true), leastNumber)
      const rows = tf.add(tf.matMul(tf.square(activations) as Tensor2D, weight), bias)
      return { values: tf.sum(tf.mul(rows, tf.square(tf.div(deltas, units))), 1), units }
    })
    const [own, unit] = [read(values), read(units)]
    for (let i = 0; i < n; i++) squares[i]! += own[i]! * unit[i]! ** 2
  }
  return squares
}

/**
 * g(z')ᵀ D g(z) of one query z' with every example z, summed over layers.
 * @param query  its factors by layer, which hold it at row `q`
 * @returns      [n], in Float64
 */
export function preconditionedProducts (
  engine: Engine, layers: readonly (FactorTensors & { layer: number })[], query: readonly DenseFactors[], q: number,
  preconditioner: Preconditioner
): Float64Array {
  const { tf } = engine
  const unit = Math.max(leastNumber, ...query.map(({ deltas, fanOut }) => largest(deltas, q * fanOut, (q + 1) * fanOut)))
  const sum = tf.tidy(() => tf.addN(layers.map(({ layer, activations, deltas }, l) => {
    const { weight, bias } = measureOf(engine, preconditioner, layer)
    const { activations: inputs, deltas: errors, fanIn, fanOut } = query[l]!
    const a = tf.tensor2d(Float32Array.from(inputs.subarray(q * fanIn, (q + 1) * fanIn)), [fanIn, 1])
    const delta = tf.tensor2d(Float32Array.from(errors.subarray(q * fanOut, (q + 1) * fanOut), value => value / unit), [1, fanOut])
    const ofWeight: Tensor2D = tf.mul(weight, tf.mul(a, delta)) // Q, [fanIn, fanOut]
    return tf.sum(tf.mul(tf.add(tf.matMul(activations, ofWeight), tf.mul(bias, delta)), deltas), 1)
  })))
  return Float64Array.from(read(sum), value => value * unit)
}

/** Scores that are sums of products over checkpoints: what each adds, and their sum. */
export interface SummedScores {
  /** scores of one query against all training examples */
  of (query: number): Float64Array
  /** what every checkpoint adds to one score of the query that of() was last asked for, or of any other, which takes as long */
  shares (query: number, position: number): number[]
}

/**
 * Sums products over checkpoints with their weights.
 * @param checkpoints  one after the other: its weight, and the products of a query with all examples
 */
export function sumProducts (
  checkpoints: readonly { weight: number, products (query: number): Float64Array }[]
): SummedScores {
  let known: { query: number, parts: Float64Array[] } | undefined
  const partsOf = (query: number): Float64Array[] => {
    if (known?.query !== query) {
      known = { query, parts: checkpoints.map(({ weight, products }) => products(query).map(value => weight * value)) }
    }
    return known.parts
  }
  const shares = (query: number, position: number) => partsOf(query).map(part => part[position]!)
  return { of: query => Float64Array.from(partsOf(query)[0]!, (_, position) => total(shares(query, position))), shares }
}

/** The least that float32 holds with all its digits. */
const leastNumber = 2 ** -126

function measureOf ({ tf }: Engine, preconditioner: Preconditioner, layer: number): LayerMeasure {
  const [weight, bias] = [preconditioner[`layer${layer}.weight`]!, preconditioner[`layer${layer}.bias`]!]
  return {
    weight: tf.tensor2d(weight.data, weight.shape as [number, number]),
    bias: tf.tensor1d(bias.data)
  }
}

function largest (values: NumericArray, from: number, to: number): number {
  let size = 0
  for (let i = from; i < to; i++) size = Math.max(size, Math.abs(values[i]!))
  return size
}

function read (tensor: Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>()
  tensor.dispose()
  return values
}
