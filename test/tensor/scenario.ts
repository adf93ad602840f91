/** One small training whose numbers both backends must give; run by wasm.test.ts here and in a thread. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { openStream } from '../../src/math/random.js'
import { dropout } from '../../src/tensor/dropout.js'
import type { Engine } from '../../src/tensor/engine.js'
import { openEngine } from '../../src/tensor/open-engine.js'
import { evaluate } from '../../src/tensor/evaluate.js'
import { createFactorizer } from '../../src/tensor/factors.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { cnn, flatten, makeBatches, makeExamples, mlp } from './helpers.js'

/** Named arrays of numbers that are the same on every backend to float32 accuracy. */
export type Outcome = Record<string, ArrayLike<number>>

export function runScenario (engine: Engine): Outcome {
  const outcome: Outcome = {}
  for (const [name, architecture] of Object.entries({ mlp, cnn })) {
    const network = createNetwork(engine, architecture, openStream(3, 'init'))
    const examples = makeExamples(architecture)
    const factors = createFactorizer(engine, network, 'all').compute(examples, Int32Array.of(1, 2))
    for (const { layer, activations, deltas } of factors.layers) {
      outcome[`${name} activations ${layer}`] = activations
      outcome[`${name} deltas ${layer}`] = deltas
    }
    for (const optimizer of [{ type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 }, { type: 'adam' }] as const) {
      const trainer = createTrainer(engine, network, { ...examples, optimizer, batchSize: 8 })
      // Few steps: where two sums in a window of the pool nearly tie, rounding decides, and from there on runs part.
      outcome[`${name} ${optimizer.type}`] = makeBatches(40, 8, 5).map(batch => trainer.step(batch, 0.01))
      trainer.dispose()
    }
    outcome[`${name} weights`] = flatten(network.save())
    outcome[`${name} losses`] = evaluate(engine, network, examples).losses
    network.dispose()
  }
  const { tf } = engine
  for (const key of [[5, 6], [-1, 70000]]) {
    outcome[`dropout ${key}`] = tf.tidy(() => dropout(engine, tf.ones([41]), 0.5, tf.tensor1d(key, 'int32')).dataSync())
  }
  return outcome
}

if (!isMainThread) {
  const { backend, loadLock } = workerData as { backend: 'tensorflow' | 'wasm', loadLock: SharedArrayBuffer }
  const engine = await openEngine({ backend, threads: 2, loadLock })
  parentPort!.postMessage(runScenario(engine))
}
