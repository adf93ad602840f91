/**
 * A picture as the last layer with weights sees it, pixel by pixel. What follows that layer is linear, does the same to each
 * channel and keeps what is constant (pixelwise.ts), so it can as well be applied to the patches that the layer multiplies:
 *
 *   outputs z_p = f_p W + b,   f = what follows, applied to the patches
 *
 * Pictures run one at a time and compiled: their numbers do not depend on what was asked with them or before, and stay in the cache.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { FieldArray, Preprocessing } from '../../datasets/dataset.js'
import type { Engine } from '../../tensor/engine.js'
import { isTrainable, type Network } from '../../tensor/network.js'
import { prepare } from '../../tensor/prepare.js'
import { preprocess } from '../../tensor/preprocess.js'
import type { Runnable } from '../../tensor/step.js'

/** Of one picture. */
export interface Pixels {
  /** z, [pixels, classes] */
  logits: Float32Array
  /** f, [pixels, fanIn] */
  features: Float32Array
  classes: number
  /** whether there is a b */
  hasBias: boolean
}

const runnables = new WeakMap<Network, Runnable>()

/**
 * Reads pictures by a network's present weights, until they change.
 * @returns what reads one, given in the data set's units: [...inputShape]
 */
export function pixelReader (engine: Engine, network: Network, preprocessing: Preprocessing): (inputs: FieldArray) => Pixels {
  const runnable = runnables.get(network) ?? prepareFor(engine, network, preprocessing)
  runnables.set(network, runnable)
  const { shape, parameters } = network.layers.findLast(isTrainable)!
  const [classes, hasBias] = [shape.at(-1)!, parameters.some(({ name }) => name === 'bias')]
  network.settle()
  runnable.push()
  return inputs => {
    const [logits, features] = runnable.run([new Float32Array(inputs)]) as [Float32Array, Float32Array]
    return { logits, features, classes, hasBias }
  }
}

/** Closed with the network. */
function prepareFor (engine: Engine, network: Network, preprocessing: Preprocessing): Runnable {
  const shape = [1, ...network.architecture.inputShape]
  const runnable = prepare(engine, ([x]) => ({ outputs: logitsAndFeatures(engine, network, preprocess(engine, x!, preprocessing)) }), {
    inputs: [{ type: 'float32', shape }], state: network.arrays.map(({ variable }) => variable)
  })
  network.own(runnable)
  return runnable
}

function logitsAndFeatures (engine: Engine, network: Network, x: Tensor): [Tensor, Tensor] {
  const { tf } = engine
  const { layers } = network
  const last = layers.findLast(isTrainable)!
  const passOf = (index: number) => ({ engine, index, training: undefined })
  let input = x
  const logits = network.forward(x, { probe: { input: (_, tensor) => { input = tensor } } })
  const patches = last.kind.influence!.activations!(last.layer, input, passOf(last.index))
  const features: Tensor[] = []
  features[last.index] = tf.reshape(patches, [1, ...last.shape.slice(0, 2), -1])
  for (const { index, kind, layer, variables, sources, inputs } of layers.slice(last.index + 1)) {
    const others = inputs.slice(1).map(shape => tf.zeros([1, ...shape])) // whose size alone is taken
    features[index] = kind.forward(layer, [features[sources[0]!]!, ...others], variables, passOf(index))
  }
  return [logits, features.at(-1)!]
}
