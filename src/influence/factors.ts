/**
 * The factors of a checkpoint's gradients over many examples, as an influence index stores them, computed part by
 * part so that whoever asks can stop in between. What they mean: scoring.ts.
 */
import type { NamedArrays } from '../math/arrays.js'
import type { Examples } from '../tensor/batches.js'
import type { Engine } from '../tensor/engine.js'
import { createFactorizer, type FactorBatch, type Factorizer } from '../tensor/factors.js'
import { openHead } from '../tensor/heads/index.js'
import type { Network } from '../tensor/network.js'
import type { DenseFactors } from './scoring.js'

/** Last-layer factors of n examples, with what the same pass says of them. */
export interface LastFactors extends DenseFactors {
  activations: Float32Array
  deltas: Float32Array
  /** loss of every example by the network's head */
  losses: Float32Array
  /** of the network, [n, fanOut] */
  outputs: Float32Array
  /** what the head says of every example: its most probable class; by rows of values as the network sees them, of yes or no */
  predictions: Int32Array | Float32Array
}

/**
 * Computes the last layer's factors: a, its inputs; delta, the derivative of the loss by its outputs, of classes
 * softmax(z) - onehot(label).
 * @param indices  examples by position in the data, in the order wanted
 * @param part     examples between two yields
 */
export function * lastLayerFactors (
  engine: Engine, network: Network, examples: Examples, indices: Int32Array, part: number
): Generator<void, LastFactors> {
  const factorizer = factorizerOf(engine, network, 'last')
  const { head, kind } = openHead(network.architecture.head)
  const labels = examples.target
  const n = indices.length
  let result: LastFactors | undefined
  for (let from = 0; from < n; from += part) {
    factorizer.run(examples, indices.subarray(from, from + part), ({ at, losses, layers, outputs }) => {
      const { activations, deltas, fanIn, fanOut } = layers[0]!
      const size = kind.targetSize([fanOut])
      const said = kind.predict(outputs!, [fanOut])
      result ??= {
        activations: new Float32Array(n * fanIn),
        deltas: new Float32Array(n * fanOut),
        fanIn,
        fanOut,
        losses: new Float32Array(n),
        outputs: new Float32Array(n * fanOut),
        predictions: head.type === 'values' ? new Float32Array(n * size) : new Int32Array(n * size)
      }
      const start = from + at
      if (head.type === 'classes') losses.forEach((_, i) => { sharpen(deltas, i, fanOut, labels[indices[start + i]!]!) })
      result.outputs.set(outputs!, start * fanOut)
      result.predictions.set(said, start * size)
      result.activations.set(activations, start * fanIn)
      result.deltas.set(deltas, start * fanOut)
      result.losses.set(losses, start)
    })
    yield
  }
  return result!
}

/** Last-layer factors as the arrays of an index part. */
export function toLastPart ({ activations, deltas, fanIn, fanOut }: DenseFactors): NamedArrays {
  const n = deltas.length / fanOut
  return { activations: { shape: [n, fanIn], data: activations }, deltas: { shape: [n, fanOut], data: deltas } }
}

/**
 * Computes the factors of all layers of a network without convolutions, as the arrays of an index part:
 * `layer<k>.deltas`, and `layer<k>.activations` except where a layer reads the network's own input.
 */
export function * allDenseFactors (
  engine: Engine, network: Network, examples: Examples, indices: Int32Array, part: number
): Generator<void, NamedArrays> {
  const factorizer = factorizerOf(engine, network, 'all')
  const n = indices.length
  const arrays: NamedArrays = {}
  const put = (name: string, from: number, width: number, data: Float32Array) => {
    arrays[name] ??= { shape: [n, width], data: new Float32Array(n * width) }
    ;(arrays[name].data as Float32Array).set(data, from * width)
  }
  const store = (from: number) => ({ at, layers }: FactorBatch) => {
    for (const [k, { layer, fanIn, fanOut, activations, deltas }] of layers.entries()) {
      if (k > 0) put(`layer${layer}.activations`, from + at, fanIn, activations)
      put(`layer${layer}.deltas`, from + at, fanOut, deltas)
    }
  }
  for (let from = 0; from < n; from += part) {
    factorizer.run(examples, indices.subarray(from, from + part), store(from))
    yield
  }
  return arrays
}

const factorizers = new WeakMap<Network, Partial<Record<'last' | 'all', Factorizer>>>()

/** One per network: what a factorizer compiles lives as long as the network. */
function factorizerOf (engine: Engine, network: Network, layers: 'last' | 'all'): Factorizer {
  const made = factorizers.get(network) ?? {}
  factorizers.set(network, made)
  made[layers] ??= createFactorizer(engine, network, layers)
  return made[layers]
}

/**
 * Restores what float32 lost in softmax(z) - 1 of the label's class, where the probability is near 1: the deltas of
 * the other classes are exact probabilities, and all of them sum to zero. Scores of well-fitted examples would
 * otherwise be off by a per cent and more.
 */
function sharpen (deltas: Float32Array, row: number, classes: number, label: number): void {
  const start = row * classes
  let others = 0
  for (let c = 0; c < classes; c++) if (c !== label) others += deltas[start + c]!
  deltas[start + label] = -others
}
