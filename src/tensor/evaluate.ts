/** What a network says of examples: loss, prediction, probabilities. */
import { argMax, softmax } from '../math/softmax.js'
import type { Examples } from './batches.js'
import type { Engine } from './engine.js'
import { allOf, createPass, type Pass } from './forward.js'
import { requireClasses } from './heads/index.js'
import type { Network } from './network.js'
import { crossEntropy } from './ops.js'

/** A CNN on 28 x 28 was slower with 500 and more (out of the cache), an MLP with 100 and less (overhead). */
const batchSize = 250

export interface EvaluateOptions extends Examples {
  /** positions in the data, in the order wanted; all by default */
  indices?: Int32Array
  /** also compute the probabilities */
  probabilities?: boolean
}

export interface Evaluation {
  /** softmax cross-entropy of every example against its label, [n] */
  losses: Float32Array
  /** most probable class, the lowest of equals, [n] */
  predictions: Int32Array
  /** [n, classes] by rows */
  probabilities?: Float32Array
}

const passes = new WeakMap<Network, Pass>()

/** Evaluates a network of head classes on examples, in batches. @throws invalid_input for another head */
export function evaluate (engine: Engine, network: Network, { indices, probabilities, ...examples }: EvaluateOptions): Evaluation {
  requireClasses(network.architecture, 'evaluate()')
  const wanted = indices ?? allOf(examples.data.count)
  const losses = new Float32Array(wanted.length)
  const predictions = new Int32Array(wanted.length)
  let all: Float32Array | undefined

  passFor(engine, network).run(examples, wanted, ([batchLosses, logits], at) => {
    const count = batchLosses!.length
    const classes = logits!.length / count
    losses.set(batchLosses!, at)
    if (probabilities) all ??= new Float32Array(wanted.length * classes)
    for (let i = 0; i < count; i++) {
      const row = logits!.subarray(i * classes, (i + 1) * classes) as Float32Array
      predictions[at + i] = argMax(row)
      all?.set(softmax(row), (at + i) * classes)
    }
  })
  return { losses, predictions, ...(all ? { probabilities: all } : {}) }
}

function passFor (engine: Engine, network: Network): Pass {
  let pass = passes.get(network)
  if (!pass) {
    pass = createPass(engine, network, batchSize, ({ x, labels }) => {
      const logits = network.forward(x)
      return [crossEntropy(engine, logits, labels), logits]
    })
    passes.set(network, pass)
  }
  return pass
}
