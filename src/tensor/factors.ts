/**
 * Per-example gradients without the gradients. The gradient of one example's loss by a dense layer's weight is the
 * outer product a δᵀ of the layer's input a and δ = dloss / d(weighted sums), by its bias δ itself. For a convolution
 * it is the sum of such products over positions, with the patch for a.
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { sizeOf, type NumericArray } from '../math/arrays.js'
import { outputShapes, type Layer } from './architecture.js'
import type { Batch, Examples } from './batches.js'
import type { Engine } from './engine.js'
import { allOf, createPass } from './forward.js'
import type { Network } from './network.js'
import { crossEntropy, lossesAndDeltas } from './ops.js'
import { patchesOf } from './patches.js'

/** Factors of one layer for n examples; arrays by rows. The loss is not averaged over the batch. */
export interface LayerFactors {
  /** the layer's position in the architecture: parameters `layer<index>.weight` and `.bias` */
  layer: number
  type: 'dense' | 'conv'
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
  const described = weighted(network, layers)
  const compute = layers === 'last' ? lastLayer : allLayers
  const pass = createPass(engine, network, batchSizes[layers], batch => compute(engine, network, batch))

  function run (examples: Examples, indices: Int32Array, onBatch: (batch: FactorBatch) => void): void {
    pass.run(examples, indices, ([losses, ...outputs], at) => {
      const count = losses!.length
      const factors = described.map((layer, index) => factorsOf(layer, outputs, index, count))
      onBatch({ at, count, losses: losses as Float32Array, layers: factors })
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

function weighted ({ architecture, parameters }: Network, layers: 'last' | 'all'): Weighted[] {
  const all = parameters.filter(({ name }) => name.endsWith('.weight')).map(({ name, shape }): Weighted => {
    const layer = Number(/^layer(\d+)/.exec(name)![1])
    const type = architecture.layers[layer]!.type as 'dense' | 'conv'
    return { layer, type, fanIn: sizeOf(shape.slice(0, -1)), fanOut: shape.at(-1)! }
  })
  return layers === 'last' ? all.slice(-1) : all
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

/** [losses, activations, deltas] of the last layer: softmax(z) - onehot(label) needs no backward pass. */
function lastLayer (engine: Engine, network: Network, { x, labels }: Batch): Tensor[] {
  let input: Tensor = x
  const logits = network.forward(x, { input: (_, tensor) => { input = tensor } })
  const [losses, deltas] = lossesAndDeltas(engine, logits, labels)
  return [losses, input, deltas]
}

/**
 * Factors of every layer as tensors, for steps that go on computing with them.
 * @returns [losses, then activations and deltas of each layer], new tensors; the deltas are the derivatives by zeros
 *          added to the weighted sums
 */
export function allLayers (engine: Engine, network: Network, { x, labels }: Batch): Tensor[] {
  const { tf } = engine
  const { architecture } = network
  const layers = [...architecture.layers.entries()].filter(([, layer]) => layer.type === 'dense' || layer.type === 'conv')
  const shapes = outputShapes(architecture)
  const zeros = layers.map(([index]) => tf.zeros([x.shape[0]!, ...shapes[index]!]))

  const kept: Tensor[] = [] // the layers' inputs, then the losses, out of the scope that tf.grads clears
  const deltas = tf.grads((...added: Tensor[]) => {
    let position = 0
    const logits = network.forward(x, {
      input: (_, input) => { kept.push(tf.keep(tf.clone(input))) },
      sums: (_, z) => tf.add(z, added[position++]!)
    })
    const losses = crossEntropy(engine, logits, labels)
    kept.push(tf.keep(tf.clone(losses)))
    return tf.sum(losses)
  })(zeros)

  const [losses, ...inputs] = [kept.pop()!, ...kept].map(tensor => {
    const copy = tf.clone(tensor) // back into the caller's scope
    tensor.dispose()
    return copy
  })
  return [losses!, ...layers.flatMap(([, layer], position) =>
    [activationsOf(engine, layer, inputs[position]!), deltas[position]!])]
}

function activationsOf ({ tf }: Engine, layer: Layer, input: Tensor): Tensor {
  return layer.type === 'conv' ? patchesOf(tf, input as Tensor4D, layer) : input
}
