/**
 * Gradients of a last layer that is not dense: sums over positions, as those of a class map are. With S the shares of classes
 * and a the layer's inputs at a pixel, the gradient of one example's loss is
 *
 *   sum over its labelled pixels p of (a_p, 1)ᵀ (S_p - onehot(label_p)) / how many they are,   (h + 1) K numbers
 *
 * for h inputs and K classes. A sum over pixels has no two factors, but is small: an index holds it as it is, and a product of
 * two gradients is one of rows. A region is a target without labels outside of it (region/).
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { sizeOf, type NamedArrays, type NumericArray } from '../math/arrays.js'
import type { Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { inputsAndDeltas } from '../tensor/factors.js'
import { createPass, type Pass } from '../tensor/forward.js'
import { isTrainable, type Network } from '../tensor/network.js'
import type { PlannedLayer } from '../tensor/wiring.js'
import type { Preconditioner } from './preconditioner.js'

/** Device memory that features and derivatives of one batch may take. */
const batchBytes = 2 ** 26
/** Name of the gradients in an index part. */
const GRADIENTS = 'gradients'

/** Gradients of examples by rows: each has the numbers of the weight in their order, then those of the bias. */
export interface Gradients {
  /** [n, width] */
  values: NumericArray
  width: number
}

/**
 * Computes the last layer's gradients.
 * @param indices  examples by position in the data, in the order wanted
 * @param part     examples between two yields
 */
export function * lastGradients (
  engine: Engine, network: Network, examples: Examples, indices: Int32Array, part: number
): Generator<void, Gradients> {
  const width = lastOf(network).parameters.filter(({ role }) => role === 'trainable').reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const values = new Float32Array(indices.length * width)
  for (let from = 0; from < indices.length; from += part) {
    passOf(engine, network).run(examples, indices.subarray(from, from + part), ([gradients], at) => {
      values.set(gradients as Float32Array, (from + at) * width)
    })
    yield
  }
  return { values, width }
}

/** Gradients as the arrays of an index part. */
export function toGradientsPart ({ values, width }: Gradients): NamedArrays {
  return { [GRADIENTS]: { shape: [values.length / width, width], data: values } }
}

/** Reads an index part. */
export function fromGradientsPart ({ [GRADIENTS]: part }: NamedArrays): Gradients {
  return { values: part!.data, width: part!.shape[1]! }
}

/** Row i of gradients, in Float64; D times it with a preconditioner D (preconditioner.ts). */
export function rowOf ({ values, width }: Gradients, i: number, layer: number, preconditioner?: Preconditioner): Float64Array {
  const row = Float64Array.from(values.subarray(i * width, (i + 1) * width))
  if (preconditioner === undefined) return row
  let at = 0
  for (const name of ['weight', 'bias']) for (const value of preconditioner[`layer${layer}.${name}`]?.data ?? []) row[at++]! *= value
  return row
}

/** Products of one row with each of the gradients, [n], in Float64. */
export function productsWith (row: Float64Array, { values, width }: Gradients): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, i) => {
    let sum = 0
    for (let k = 0; k < width; k++) sum += row[k]! * values[i * width + k]!
    return sum
  })
}

/** gᵀ g of every row, gᵀ D g with a preconditioner, [n]. */
export function squaresOfGradients (gradients: Gradients, layer: number, preconditioner?: Preconditioner): Float64Array {
  const { values, width } = gradients
  return Float64Array.from({ length: values.length / width }, (_, i) =>
    rowOf(gradients, i, layer, preconditioner).reduce((sum, value, k) => sum + value * values[i * width + k]!, 0))
}

const passes = new WeakMap<Network, Pass>()

/** One per network: what it compiles lives as long as the network. */
function passOf (engine: Engine, network: Network): Pass {
  const made = passes.get(network) ?? createPass(engine, network, batchSizeOf(network), batch => {
    const { tf } = engine
    const { layers: [last] } = inputsAndDeltas(engine, network, batch, 'last')
    const { live: { index, layer, kind, variables }, input, delta } = last!
    const pass = { engine, index, training: undefined }
    const { weight: [whole, deltas], bias } = kind.influence!.gradients(layer, input, delta, variables, pass)
    const n = whole.shape[0]!
    const ofWeight = deltas === undefined ? whole : tf.mul(tf.reshape(whole, [n, -1, 1]), tf.reshape(deltas, [n, 1, -1]))
    const flat = (some: Tensor) => tf.reshape(some, [n, -1])
    return [bias === undefined ? flat(ofWeight) : tf.concat([flat(ofWeight), flat(bias)], 1)]
  })
  passes.set(network, made)
  return made
}

function batchSizeOf (network: Network): number {
  const { kind, layer, shape, path, inputs } = lastOf(network)
  const floats = kind.influence!.floats(layer, { path, inputs }, shape)
  return Math.max(1, Math.min(250, Math.floor(batchBytes / (4 * floats))))
}

function lastOf ({ layers }: Network): PlannedLayer {
  return layers.filter(isTrainable).at(-1)!
}
