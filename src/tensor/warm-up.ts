/**
 * Small trainings that use the kernels that real ones do: on a GPU each kernel is loaded when it is first used, and for
 * a card that is newer than TensorFlow's kernels it is compiled then. Nobody looks at the numbers.
 */
import { openStream } from '../math/random.js'
import type { Architecture } from './architecture.js'
import type { Engine } from './engine.js'
import { evaluate } from './evaluate.js'
import { createNetwork } from './network.js'
import type { OptimizerSpec } from './optimizers.js'
import { createTrainer } from './trainer.js'

export interface WarmUpStep {
  /** in words, for the log */
  name: string
  /** Does it; what it made is freed. */
  run (engine: Engine): void
}

const BATCH = 64

const mlp: Architecture = {
  inputShape: [784],
  layers: [{ type: 'dense', units: 128, activation: 'relu' }, { type: 'dense', units: 64, activation: 'tanh' }, { type: 'dense', units: 10, activation: 'linear' }]
}

const cnn: Architecture = {
  inputShape: [28, 28, 1],
  layers: [
    { type: 'conv', filters: 32, kernel: 3, stride: 1, padding: 'same', activation: 'relu' }, { type: 'max-pool', size: 2 },
    { type: 'conv', filters: 64, kernel: 3, stride: 1, padding: 'same', activation: 'relu' }, { type: 'max-pool', size: 2 },
    { type: 'flatten' }, { type: 'dense', units: 128, activation: 'relu' }, { type: 'dense', units: 10, activation: 'linear' }
  ]
}

/** In the order in which they are made. */
export const warmUpSteps: readonly WarmUpStep[] = [
  { name: 'dense layers with SGD', run: engine => { train(engine, mlp, { type: 'sgd' }) } },
  { name: 'dense layers with momentum', run: engine => { train(engine, mlp, { type: 'sgd', momentum: 0.9 }) } },
  { name: 'dense layers with Adam', run: engine => { train(engine, mlp, { type: 'adam' }) } },
  { name: 'convolutions', run: engine => { train(engine, cnn, { type: 'sgd', momentum: 0.9 }) } }
]

function train (engine: Engine, architecture: Architecture, optimizer: OptimizerSpec): void {
  const stream = openStream(0, 'warm-up')
  const examples = {
    data: { inputs: Uint8Array.from({ length: BATCH * 784 }, () => stream.integer(256)), count: BATCH },
    inputShape: architecture.inputShape,
    preprocessing: { offset: 0, scale: 1 / 255 },
    target: Int32Array.from({ length: BATCH }, () => stream.integer(10))
  }
  const network = createNetwork(engine, architecture, stream)
  const trainer = createTrainer(engine, network, { ...examples, optimizer, batchSize: BATCH })
  trainer.step(Int32Array.from({ length: BATCH }, (_, i) => i), 0.01)
  evaluate(engine, network, examples)
  trainer.dispose()
  network.dispose()
}
