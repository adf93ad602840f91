/** What a network says of examples, as its head reads it: losses, predictions, probabilities. */
import { sizeOf } from '../math/arrays.js'
import type { FieldArray } from '../datasets/dataset.js'
import type { Examples } from './batches.js'
import type { Engine } from './engine.js'
import { allOf, createPass, type Pass } from './forward.js'
import { openHead } from './heads/index.js'
import { lossOf } from './losses.js'
import type { Network } from './network.js'
import { wire } from './wiring.js'

/** A CNN on 28 x 28 was slower with 500 and more (out of the cache), an MLP with 100 and less (overhead). */
const usualBatch = 250
/** Outputs of a batch: only maps of many pixels and classes have more, and take smaller batches. */
const batchOutputs = 2 ** 24

export interface EvaluateOptions extends Examples {
  /** positions in the data, in the order wanted; all by default */
  indices?: Int32Array
  /** also compute the probabilities */
  probabilities?: boolean
}

/** Predictions: Int32Array of a head of classes or of a class map, Float32Array of values, Uint8Array of yes or no. */
export interface Evaluation<Predictions extends FieldArray = Int32Array> {
  /** loss of every example by the head, [n] */
  losses: Float32Array
  /** as the head predicts, [n], or [n, numbers] by rows: the most probable class, the lowest of equals */
  predictions: Predictions
  /** of every logit, by rows: [n, classes]; none for values */
  probabilities?: Float32Array
}

/** By what they compute, and the size of their batches. */
const passes = new WeakMap<Network, Map<string, Pass>>()

/** Evaluates a network on examples, in batches. */
export function evaluate<Predictions extends FieldArray = Int32Array> (
  engine: Engine, network: Network, options: EvaluateOptions
): Evaluation<Predictions> {
  const { shape, wanted, evaluation, take } = collect<Predictions>(network, options)
  const losses = new Float32Array(wanted.length)
  passFor(engine, network, shape, 'losses').run(options, wanted, ([batchLosses, outputs], at) => {
    losses.set(batchLosses!, at)
    take(outputs as Float32Array, at)
  })
  return { losses, ...evaluation }
}

/** The same without asking how good it is: of a large class map in half of the memory. */
export function evaluateOutputs<Predictions extends FieldArray = Int32Array> (
  engine: Engine, network: Network, options: EvaluateOptions
): Omit<Evaluation<Predictions>, 'losses'> {
  const { shape, wanted, evaluation, take } = collect<Predictions>(network, options)
  passFor(engine, network, shape, 'outputs').run(options, wanted, ([outputs], at) => { take(outputs as Float32Array, at) })
  return evaluation
}

/** What is made of the outputs of examples, batch by batch. */
function collect<Predictions extends FieldArray> (
  { architecture }: Network, { indices, probabilities, data, inputShape }: EvaluateOptions
): { shape: number[], wanted: Int32Array, evaluation: Omit<Evaluation<Predictions>, 'losses'>, take (outputs: Float32Array, at: number): void } {
  const { kind } = openHead(architecture.head)
  const { shape } = wire({ ...architecture, inputShape }).at(-1)!
  const wanted = indices ?? allOf(data.count)
  const size = kind.targetSize(shape)
  const predictions = arrayLike(kind.predict(new Float32Array(0), shape), wanted.length * size)
  const all = probabilities && kind.probabilities ? new Float32Array(wanted.length * sizeOf(shape)) : undefined
  return {
    shape,
    wanted,
    evaluation: { predictions: predictions as Predictions, ...(all ? { probabilities: all } : {}) },
    take (outputs, at) {
      predictions.set(kind.predict(outputs, shape), at * size)
      all?.set(kind.probabilities!(outputs, shape), at * sizeOf(shape))
    }
  }
}

/** The probabilities alone, as evaluate() has them, without asking how good they are: [n, ...shape of the outputs] */
export function evaluateProbabilities (engine: Engine, network: Network, { indices, ...examples }: Omit<EvaluateOptions, 'probabilities'>): Float32Array {
  const { kind } = openHead(network.architecture.head)
  const { shape } = wire({ ...network.architecture, inputShape: examples.inputShape }).at(-1)!
  const wanted = indices ?? allOf(examples.data.count)
  const all = new Float32Array(wanted.length * sizeOf(shape))
  passFor(engine, network, shape, 'outputs').run(examples, wanted, ([outputs], at) => {
    all.set(kind.probabilities!(outputs as Float32Array, shape), at * sizeOf(shape))
  })
  return all
}

function arrayLike (some: FieldArray, length: number): FieldArray {
  return new (some.constructor as new (length: number) => FieldArray)(length)
}

/** A pass that gives the outputs, after the losses where they are wanted. @param shape of the outputs of one example */
function passFor (engine: Engine, network: Network, shape: readonly number[], wanted: 'losses' | 'outputs'): Pass {
  const batchSize = Math.max(1, Math.min(usualBatch, Math.floor(batchOutputs / sizeOf(shape))))
  const ofNetwork = passes.get(network) ?? new Map<string, Pass>()
  passes.set(network, ofNetwork)
  const key = `${wanted} ${batchSize}`
  const losses = lossOf(network)
  const made = ofNetwork.get(key) ?? createPass(engine, network, batchSize, ({ x, target, further }) => {
    const outputs = network.forward(x)
    return wanted === 'losses' ? [losses(engine, outputs, target, further), outputs] : [outputs]
  })
  ofNetwork.set(key, made)
  return made
}
