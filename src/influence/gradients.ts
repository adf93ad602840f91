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
import type { ExampleGradients, WeightGradient } from '../tensor/layers/layer.js'
import { assignArrays, type Network, type Parameter } from '../tensor/network.js'
import type { Preconditioner } from './preconditioner.js'

/** Device memory that the patches and gradients of one batch may take. */
const batchBytes = 2 ** 26

/** The least that float32 holds with all its digits. */
const leastNumber = 2 ** -126

/**
 * Computes |gradient|^2 over all parameters for every example, biases included; gᵀ D g with a preconditioner D.
 * @param indices  examples by position in the data, in the order wanted
 * @param part     examples between two yields
 * @returns        [indices.length]
 */
export function * gradientSquares (
  engine: Engine, network: Network, examples: Examples, indices: Int32Array, part: number, preconditioner?: Preconditioner
): Generator<void, Float64Array> {
  const squares = new Float64Array(indices.length)
  const { pass, use } = preconditioner ? measuredPass(engine, network) : plainPass(engine, network)
  for (let from = 0; from < indices.length; from += part) {
    use?.(preconditioner!)
    pass.run(examples, indices.subarray(from, from + part), ([values, sizes], at) => {
      values!.forEach((value, i) => { squares[from + at + i] = value * sizes![i]! ** 2 })
    })
    yield
  }
  return squares
}

/** use: puts a preconditioner in place for the runs to come. */
interface SquaresPass { pass: Pass, use?: (preconditioner: Preconditioner) => void }

const plainPasses = new WeakMap<Network, SquaresPass>()
const measuredPasses = new WeakMap<Network, SquaresPass>()

function plainPass (engine: Engine, network: Network): SquaresPass {
  const made = plainPasses.get(network) ?? { pass: createSquaresPass(engine, network, []) }
  plainPasses.set(network, made)
  return made
}

function measuredPass (engine: Engine, network: Network): SquaresPass {
  const made = measuredPasses.get(network)
  if (made) return made
  const { tf } = engine
  const measure = network.parameters.map(({ name, shape }): Parameter => {
    const zeros = tf.zeros(shape)
    const variable = tf.variable(zeros, false)
    zeros.dispose()
    return { name, shape, variable }
  })
  network.own({ close: () => { for (const { variable } of measure) variable.dispose() } })
  const fresh = {
    pass: createSquaresPass(engine, network, measure),
    use: (preconditioner: Preconditioner) => { assignArrays(engine, measure, preconditioner, 'moments') }
  }
  measuredPasses.set(network, fresh)
  return fresh
}

/** @param measure  D by the names of the parameters; empty: the identity */
function createSquaresPass (engine: Engine, network: Network, measure: readonly Parameter[]): Pass {
  const { tf } = engine
  return createPass(engine, network, batchSizeOf(network.architecture), batch => {
    const { layers, sizes } = layerGradients(engine, network, batch)
    const squares = layers.flatMap(({ index, weight, bias }) => {
      const of = (name: string) => measure.find(({ name: own }) => own === `layer${index}.${name}`)?.variable
      return [squaresOfWeight(engine, weight, of('weight')), ...(bias === undefined ? [] : [squaresOf(engine, bias, of('bias'))])]
    })
    return [tf.addN(squares), sizes]
  }, measure.map(({ variable }) => variable))
}

/** Sum of the squares of every example's numbers, each times its number of D, [n]. */
function squaresOf ({ tf }: Engine, x: Tensor, measure?: Tensor): Tensor {
  const squares = tf.square(x)
  return tf.sum(measure ? tf.mul(squares, tf.reshape(measure, [1, ...x.shape.slice(1)])) : squares, axesOf(x))
}

function squaresOfWeight (engine: Engine, weight: WeightGradient, measure?: Tensor): Tensor {
  const { tf } = engine
  if (weight.length === 1) return squaresOf(engine, weight[0], measure)
  const [a, delta] = weight
  if (!measure) return tf.mul(squaresOf(engine, a), squaresOf(engine, delta))
  return tf.sum(tf.mul(tf.matMul(tf.square(a) as Tensor2D, measure as Tensor2D), tf.square(delta)), 1)
}

function axesOf (x: Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, i) => i + 1)
}

/** With the layer's position in the architecture. */
type LayerGradients = ExampleGradients & { index: number }

/**
 * Gradients of single examples in units of their largest delta, for float32 holds a delta of 1e-30 but not its square.
 * @returns with these units, `sizes` [n]
 */
function layerGradients (engine: Engine, network: Network, batch: Batch): { layers: LayerGradients[], sizes: Tensor1D } {
  const { tf } = engine
  const { layers } = inputsAndDeltas(engine, network, batch)
  const largest = layers.map(({ delta }) => tf.max(tf.abs(delta), axesOf(delta)))
  const sizes = largest.reduce((a, b) => tf.maximum(a, b), tf.fill(largest[0]!.shape, leastNumber)) as Tensor1D
  const gradients = layers.map(({ live: { index, layer, kind, variables }, input, delta }) => {
    const unit = tf.reshape(sizes, [-1, ...axesOf(delta).map(() => 1)])
    return { index, ...kind.influence!.gradients(layer, input, tf.div(delta, unit), variables, { engine, index, training: undefined }) }
  })
  return { layers: gradients, sizes }
}

/** Gradients of a few query examples, kept on the device. Belongs to whoever made it, who closes it. */
export interface QueryGradients {
  /** Dot products of the examples' gradients with those of the queries. @returns [examples, queries] */
  dot (batch: Batch): Float64Array
  close (): void
}

/** Forms the gradients of query examples at the network's present weights. @param preconditioner  D, for products g'ᵀ D g */
export function openQueryGradients (
  engine: Engine, network: Network, queries: Batch, preconditioner?: Preconditioner
): QueryGradients {
  const { tf } = engine
  network.settle()
  const { kept, sizes: ofQueries } = tf.tidy(() => {
    const { layers, sizes } = layerGradients(engine, network, queries)
    const kept = layers.map(({ index, weight, bias }) => {
      const of = (name: string, shape: number[]) => tf.reshape(tf.tensor(preconditioner![`layer${index}.${name}`]!.data), shape)
      const measured = (x: Tensor, name: string) => preconditioner ? tf.mul(x, of(name, [1, ...x.shape.slice(1)])) : x
      const [first, second] = weight
      const factors = second === undefined ? [measured(first, 'weight')] : [first, second]
      const measure = second !== undefined && preconditioner ? of('weight', [first.shape[1]!, second.shape[1]!]) : undefined
      return {
        weight: factors.map(part => tf.keep(tf.clone(part))),
        measure: measure && tf.keep(measure),
        bias: bias && tf.keep(tf.clone(measured(bias, 'bias')))
      }
    })
    return { kept, sizes }
  })
  const units = read(ofQueries)
  const dots = (own: Tensor, query: Tensor): Tensor => {
    const flat = (gradient: Tensor): Tensor2D => tf.reshape(gradient, [gradient.shape[0]!, -1])
    return tf.matMul(flat(own), flat(query), false, true) // [n, queries]
  }
  /** Query by query: sum over the units of (a Q) o delta, Q = D o (a'ᵀ delta'). */
  const measuredDots = ([a, delta]: Tensor[], [a2, delta2]: Tensor[], measure: Tensor): Tensor =>
    tf.stack(Array.from(units, (_, q) => {
      const row = (x: Tensor) => tf.slice(x, [q, 0], [1, -1])
      const product = tf.mul(measure, tf.matMul(row(a2!), row(delta2!), true)) as Tensor2D
      return tf.sum(tf.mul(tf.matMul(a as Tensor2D, product), delta!), 1)
    }), 1)
  return {
    dot (batch) {
      const { scores: scaled, sizes } = tf.tidy(() => {
        const { layers, sizes } = layerGradients(engine, network, batch)
        const scores = tf.addN(layers.map(({ weight, bias }, layer) => {
          const query = kept[layer]!
          const byWeight = query.measure
            ? measuredDots(weight, query.weight, query.measure)
            : weight.map((part, i) => dots(part, query.weight[i]!)).reduce((a, b) => tf.mul(a, b))
          return bias === undefined ? byWeight : tf.add(byWeight, dots(bias, query.bias!))
        }))
        return { scores, sizes }
      })
      const [scores, ofExamples] = [read(scaled), read(sizes)]
      return Float64Array.from(scores, (score, i) =>
        score * ofExamples[Math.floor(i / units.length)]! * units[i % units.length]!)
    },
    close () {
      for (const { weight, measure, bias } of kept) tf.dispose([...weight, ...(measure ? [measure] : []), ...(bias ? [bias] : [])])
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
