/**
 * A kind for tests, whose trial trains a network of values on a table, and stores it twice: with what it was trained on,
 * and alone. Importing it adds it to the registry.
 */
import { Type, type Static } from '../../src/schema/type.js'
import { closed } from '../../src/choices.js'
import { defineAlgorithm, type RunContext, type RunEvent, type TrialDefinition } from '../../src/algorithms/contract.js'
import { DataReference } from '../../src/algorithms/kit/data.js'
import { addAlgorithm } from '../../src/algorithms/registry.js'
import { allDenseFactors } from '../../src/influence/factors.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { evaluate } from '../../src/tensor/evaluate.js'
import { allOf } from '../../src/tensor/forward.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { bare } from './bare.js'

const Spec = Type.Object({ table: DataReference }, closed)
const Result = Type.Object({ loss: Type.Number() }, closed)

/** Epochs of steps on all examples; a checkpoint with its index part after each. */
const EPOCHS = 2
const STEPS = 20
const RATE = 0.05

export const preprocessing = { offset: 0, scale: 1 / 40 }
export const architecture: Architecture = {
  inputShape: [3],
  layers: [{ type: 'dense', units: 5, activation: 'tanh' }, { type: 'dense', units: 1, activation: 'linear' }],
  head: { type: 'values', loss: 'huber' }
}

export const regression = defineAlgorithm({
  ...bare,
  kind: 'regression',
  title: 'Regression',
  spec: Spec,
  result: Result,
  metrics: { loss: { description: 'Mean loss', unit: '1', better: 'lower' } },
  plan: spec => [{ arm: 'one', seed: 0, spec }],
  inputs: () => [{ path: 'spec.table', name: 'table', kind: 'data', accepts: { inputs: ['features'], target: ['values'] } }],
  needs: () => ({
    slots: 1, threads: 1, crew: 1, device: 'any', engine: 'tensor', deterministic: true, estimate: { steps: EPOCHS * STEPS, bytes: 0 }
  }),
  load: async () => ({ run })
})

async function * run (_: TrialDefinition, context: RunContext): AsyncGenerator<RunEvent, Static<typeof Result>> {
  const { fields, train: { count, arrays } } = context.data.table!
  const engine = await context.engine()
  const examples = { data: { inputs: arrays.inputs!, count }, inputShape: [3], preprocessing, target: arrays.target! }
  const network = createNetwork(engine, architecture, context.random('init'))
  const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd' }, batchSize: count })
  const announced = { type: 'model', network: architecture, preprocessing, descent: { type: 'sgd', momentum: 0 } } as const
  yield {
    ...announced,
    name: 'trained',
    trainingView: { data: 'table', split: 'train', count, dropped: [], relabelled: { indices: [], labels: [] } }
  }
  yield { ...announced, name: 'alone', fields: { inputs: fields.inputs, target: fields.target! } }
  let loss = 0
  for (let step = STEPS; step <= EPOCHS * STEPS; step += STEPS) {
    for (let i = 0; i < STEPS; i++) trainer.step(allOf(count), RATE)
    const arrays = network.save()
    const interval = { from: step - STEPS, to: step, weight: STEPS * RATE / count }
    for (const model of ['trained', 'alone']) yield { type: 'checkpoint', model, step, learningRate: RATE, interval, arrays }
    yield { type: 'influence', model: 'trained', step, layers: 'all', arrays: factors(allDenseFactors(engine, network, examples, allOf(count), count)) }
    loss = evaluate(engine, network, examples).losses.reduce((sum, value) => sum + value, 0) / count
    yield { type: 'metrics', step, values: { loss } }
    yield { type: 'progress', done: step, of: EPOCHS * STEPS }
  }
  trainer.dispose()
  network.dispose()
  return { loss }
}

function factors<T> (parts: Generator<void, T>): T {
  for (;;) {
    const { done, value } = parts.next()
    if (done) return value
  }
}

addAlgorithm(regression)
