/** The statistics that layers keep of batches, such as batch-norm's, found anew: after weights were averaged or mixed. */
import type { Scalar } from '@tensorflow/tfjs-core'
import { createFed, type Examples } from './batches.js'
import type { Engine } from './engine.js'
import { allOf } from './forward.js'
import type { Network } from './network.js'
import { interpret, type Step } from './step.js'

/**
 * Puts the mean over batches of the examples, weighted by their sizes, in place of every statistic of a network. The
 * batches go through as in training, without what is random there. Does nothing where no layer keeps statistics.
 * @param batchSize  of the training: a variance over fewer examples is smaller
 */
export function reestimateStatistics (engine: Engine, network: Network, examples: Examples, batchSize: number): void {
  const parts = reestimateInParts(engine, network, examples, batchSize)
  while (!parts.next().done);
}

/** The same with a yield after every batch; until the last one the statistics are those of a part. */
export function * reestimateInParts (engine: Engine, network: Network, examples: Examples, batchSize: number): Generator<void, void> {
  if (network.statistics.length === 0) return
  network.settle()
  const source = createFed(engine, examples)
  const state = network.arrays.map(array => array.variable)
  const step: Step = fed => {
    const share = fed.at(-1) as Scalar
    network.forward(source.batch(fed).x, { training: { share } })
    return { outputs: [] }
  }
  const all = allOf(examples.data.count)
  for (let at = 0; at < all.length; at += batchSize) {
    const indices = all.subarray(at, at + batchSize)
    const share = indices.length / (at + indices.length) // the first batch replaces what was there
    const runnable = interpret(engine, step, { inputs: [...source.inputs(indices.length), { type: 'float32', shape: [] }], state })
    runnable.run([...source.feed(indices), Float32Array.of(share)])
    yield
  }
  network.load(network.save()) // whoever holds a copy elsewhere sees that it is out of date
}
