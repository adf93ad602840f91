/**
 * Asks a trained network for many rows. They go through it in blocks of one size, the last one filled up with zeros, so that what
 * is said of a row does not depend on how many are asked about: compiled steps of other sizes may round otherwise.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../../math/arrays.js'
import { outputShapes } from '../../../tensor/architecture.js'
import type { Engine } from '../../../tensor/engine.js'
import type { Network } from '../../../tensor/network.js'
import { prepare } from '../../../tensor/prepare.js'
import type { Runnable, Step } from '../../../tensor/step.js'
import type { Predictor } from '../initialisers/initialiser.js'

/** Rows that are computed at once. */
const BLOCK = 256

/** Makes a predictor over a network as it is now; what it compiles is closed with the network. */
export function createPredictor (engine: Engine, network: Network): Predictor {
  const { tf } = engine
  const { inputShape } = network.architecture
  const inputs = sizeOf(inputShape)
  const outputs = sizeOf(outputShapes(network.architecture).at(-1)!)
  const asks = {
    predict: (x: Tensor) => network.forward<Tensor>(x),
    inputGradients: (x: Tensor) => tf.grad(rows => tf.sum(network.forward<Tensor>(rows)))(x)
  }
  const made = new Map<keyof typeof asks, Runnable>()
  network.own({ close: () => { for (const runnable of made.values()) runnable.close() } })

  function runnableFor (name: keyof typeof asks): Runnable {
    const known = made.get(name)
    if (known) return known
    network.settle()
    const step: Step = ([x]) => ({ outputs: [asks[name](x!)] })
    const runnable = prepare(engine, step, {
      inputs: [{ type: 'float32', shape: [BLOCK, ...inputShape] }], state: network.arrays.map(({ variable }) => variable)
    })
    runnable.push()
    made.set(name, runnable)
    return runnable
  }

  function ask (name: keyof typeof asks, rows: Float32Array, count: number, width: number): Float32Array {
    const runnable = runnableFor(name)
    const all = new Float32Array(count * width)
    for (let at = 0; at < count; at += BLOCK) {
      const some = rows.subarray(at * inputs, Math.min(count, at + BLOCK) * inputs)
      const block = some.length === BLOCK * inputs ? some : new Float32Array(BLOCK * inputs)
      if (block !== some) block.set(some)
      const [found] = runnable.run([block])
      all.set((found as Float32Array).subarray(0, (count - at) * width), at * width)
    }
    return all
  }

  return {
    predict: (rows, count) => ask('predict', rows, count, outputs),
    inputGradients: (rows, count) => ask('inputGradients', rows, count, inputs)
  }
}
