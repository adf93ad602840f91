/**
 * Per-example gradients without the gradients. The gradient of one example's loss by a dense layer's weight is the
 * outer product a δᵀ of the layer's input a and δ = dloss / d(weighted sums), by its bias δ itself. For a convolution
 * it is the sum of such products over positions, with the patch for a.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { AppError } from '../errors.js'
import { sizeOf, type NumericArray } from '../math/arrays.js'
import type { Batch, Examples } from './batches.js'
import type { Engine } from './engine.js'
import { allOf, createPass } from './forward.js'
import { openHead } from './heads/index.js'
import { learnedLossOf } from './losses.js'
import { isTrainable, type LiveLayer, type Network } from './network.js'
import { wire } from './wiring.js'

/** Factors of one layer for n examples; arrays by rows. The loss is not averaged over the batch. */
export interface LayerFactors {
  /** the layer's position in the architecture: parameters `layer<index>.weight` and `.bias` */
  layer: number
  type: LiveLayer['layer']['type']
  /** 1 for a dense layer */
  positions: number
  /** length of an activation: fanIn, or kernel·kernel·channels */
  fanIn: number
  /** length of a delta: units, or filters */
  fanOut: number
  /** [n, fanIn], or [n, positions, fanIn] of patches */
  activations: Float32Array
  /** [n, fanOut], or [n, positions, fanOut] */
  deltas: Float32Array
}

export interface FactorBatch {
  /** position of the first example in the asked indices */
  at: number
  count: number
  losses: Float32Array
  /** in the order of the layers */
  layers: LayerFactors[]
  /** of the network, [n, units]; only where the last layer alone was wanted */
  outputs?: Float32Array
}

export interface Factorizer {
  /**
   * Computes the factors of examples, batch by batch.
   * @param indices  positions in the data, in the order wanted
   * @param onBatch  gets new arrays, which are its own
   */
  run (examples: Examples, indices: Int32Array, onBatch: (batch: FactorBatch) => void): void
  /** Computes the factors of examples at once; all examples of the data by default. */
  compute (examples: Examples, indices?: Int32Array): Omit<FactorBatch, 'at'>
}

/** 'all' of a CNN holds patches: 250 examples of a 28 x 28 x 32 input with kernel 3 would be 225 MB. */
const batchSizes = { last: 250, all: 50 }

/**
 * Makes what computes factors. Make one per network and keep it: what it compiles stays until the network's dispose().
 * @param layers  last: the last dense layer only; all: every dense and convolution layer
 */
export function createFactorizer (engine: Engine, network: Network, layers: 'last' | 'all'): Factorizer {
  const { head, kind } = openHead(network.architecture.head)
  if (layers === 'last' && !kind.hasLastFactors) {
    throw new AppError('invalid_input', `influence over the last layer must be of a head with a dense last layer, got ${head.type}: ask for all layers`)
  }
  const described = weighted(network, layers)
  const compute = layers === 'last' ? lastLayer : allLayers
  const pass = createPass(engine, network, batchSizes[layers], batch => compute(engine, network, batch))

  function run (examples: Examples, indices: Int32Array, onBatch: (batch: FactorBatch) => void): void {
    pass.run(examples, indices, ([losses, ...outputs], at) => {
      const count = losses!.length
      const factors = described.map((layer, index) => factorsOf(layer, outputs, index, count))
      const further = layers === 'last' ? { outputs: outputs.at(-1) as Float32Array } : {}
      onBatch({ at, count, losses: losses as Float32Array, layers: factors, ...further })
    })
  }

  return {
    run,
    compute (examples, indices = allOf(examples.data.count)) {
      const batches: FactorBatch[] = []
      run(examples, indices, batch => { batches.push(batch) })
      return joinBatches(batches, indices.length)
    }
  }
}

function joinBatches (batches: FactorBatch[], count: number): Omit<FactorBatch, 'at'> {
  if (batches.length === 1) return batches[0]!
  const join = (arrays: Float32Array[]): Float32Array => {
    const whole = new Float32Array(arrays.reduce((length, array) => length + array.length, 0))
    let at = 0
    for (const array of arrays) {
      whole.set(array, at)
      at += array.length
    }
    return whole
  }
  const layers = (batches[0]?.layers ?? []).map((layer, index) => ({
    ...layer,
    activations: join(batches.map(batch => batch.layers[index]!.activations)),
    deltas: join(batches.map(batch => batch.layers[index]!.deltas))
  }))
  return { count, losses: join(batches.map(batch => batch.losses)), layers }
}

type Weighted = Pick<LayerFactors, 'layer' | 'type' | 'fanIn' | 'fanOut'>

/** @throws invalid_input naming the layer, where a gradient by its weight is no sum of products of two factors */
function weighted ({ layers }: Network, which: 'last' | 'all'): Weighted[] {
  const trained = layers.filter(isTrainable)
  return (which === 'last' ? trained.slice(-1) : trained).map(({ index, layer, kind, path, parameters: [weight] }): Weighted => {
    if (!kind.influence?.activations) throw new AppError('invalid_input', `${path} must have gradients of two factors, got ${layer.type}`)
    return { layer: index, type: layer.type, fanIn: sizeOf(weight!.shape.slice(0, -1)), fanOut: weight!.shape.at(-1)! }
  })
}

function factorsOf (layer: Weighted, outputs: NumericArray[], index: number, count: number): LayerFactors {
  const deltas = outputs[2 * index + 1] as Float32Array
  return {
    ...layer,
    positions: deltas.length / (count * layer.fanOut),
    activations: outputs[2 * index] as Float32Array,
    deltas
  }
}

/**
 * [losses, activations, deltas, outputs] of the last layer. It is linear, so the derivative of the loss by the outputs is
 * that by its sums: nothing goes back through the network.
 */
function lastLayer (engine: Engine, network: Network, { x, target, further }: Batch): Tensor[] {
  const { tf } = engine
  let input: Tensor = x
  let kept: Tensor | undefined // out of the scope that tf.grad clears
  const outputs = network.forward(x, { probe: { input: (_, tensor) => { input = tensor } } })
  const deltas = tf.grad(z => {
    const losses = learnedLossOf(network)(engine, z, target, further)
    kept = tf.keep(tf.clone(losses))
    return tf.sum(losses)
  })(outputs)
  const losses = tf.clone(kept!) // back into the caller's scope
  kept!.dispose()
  return [losses, input, deltas, outputs]
}

/** [losses, activations and deltas of each layer]. */
function allLayers (engine: Engine, network: Network, batch: Batch): Tensor[] {
  const { losses, layers } = inputsAndDeltas(engine, network, batch)
  return [losses, ...layers.flatMap(({ live: { index, layer, kind }, input, delta }) =>
    [kind.influence!.activations!(layer, input, { engine, index, training: undefined }), delta])]
}

/**
 * What layers with trainable arrays got, and the derivative of the losses by their sums, as tensors, for steps that go on
 * computing with them. The network is as in evaluation: what layers know of other examples is constant.
 * @param which  last: the last of them alone, so that nothing goes back through those before it
 */
export function inputsAndDeltas (
  engine: Engine, network: Network, { x, target, further }: Batch, which: 'last' | 'all' = 'all'
): { losses: Tensor, layers: { live: LiveLayer, input: Tensor, delta: Tensor }[] } {
  const { tf } = engine
  const layers = network.layers.filter(isTrainable).slice(which === 'last' ? -1 : 0)
  const shapes = wire({ inputShape: x.shape.slice(1), layers: network.architecture.layers }).map(({ shape }) => shape)
  const zeros = layers.map(({ index }) => tf.zeros([x.shape[0]!, ...shapes[index]!]))

  const kept: Tensor[] = [] // the layers' inputs, then the losses, out of the scope that tf.grads clears
  // The derivatives by zeros that are added to the sums.
  const deltas = tf.grads((...added: Tensor[]) => {
    const placeOf = (layer: number) => layers.findIndex(({ index }) => index === layer)
    const outputs = network.forward(x, {
      probe: {
        input: (layer, input) => { if (placeOf(layer) >= 0) kept.push(tf.keep(tf.clone(input))) },
        sums: (layer, z) => placeOf(layer) < 0 ? z : tf.add(z, added[placeOf(layer)]!)
      }
    })
    const losses = learnedLossOf(network)(engine, outputs, target, further)
    kept.push(tf.keep(tf.clone(losses)))
    return tf.sum(losses)
  })(zeros)

  const [losses, ...inputs] = [kept.pop()!, ...kept].map(tensor => {
    const copy = tf.clone(tensor) // back into the caller's scope
    tensor.dispose()
    return copy
  })
  return { losses: losses!, layers: layers.map((live, i) => ({ live, input: inputs[i]!, delta: deltas[i]! })) }
}
