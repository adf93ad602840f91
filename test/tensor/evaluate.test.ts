import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../src/math/random.js'
import { evaluate, evaluateProbabilities } from '../../src/tensor/evaluate.js'
import { createMlp } from '../helpers/exact-mlp.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { flatten, makeBatches, makeExamples, mlp, openTestEngine } from './helpers.js'

const engine = await openTestEngine()

const architecture: Architecture = {
  inputShape: [6],
  layers: [{ type: 'dense', units: 5, activation: 'tanh' }, { type: 'dense', units: 3, activation: 'linear' }]
}

test('evaluate: losses, predictions and probabilities are those of the Float64 network', () => {
  const network = createNetwork(engine, architecture, openStream(2, 'init'))
  const examples = makeExamples(architecture, { type: 'float32', count: 30 })
  const { losses, predictions, probabilities } = evaluate(engine, network, { ...examples, probabilities: true })
  const exact = createMlp({ sizes: [6, 5, 3], activation: 'tanh' })
  const weights = flatten(network.save())
  for (let i = 0; i < 30; i++) {
    const input = examples.data.inputs.subarray(i * 6, i * 6 + 6)
    const logits = [...exact.logits(weights, input)]
    assert.ok(Math.abs(losses[i]! - exact.loss(weights, input, examples.target[i]!)) < 1e-6) // float32
    assert.equal(predictions[i], logits.indexOf(Math.max(...logits)))
    const sum = logits.reduce((total, z) => total + Math.exp(z), 0)
    logits.forEach((z, j) => assert.ok(Math.abs(probabilities![i * 3 + j]! - Math.exp(z) / sum) < 1e-6))
  }
  const indices = Int32Array.of(4, 29, 4)
  const { probabilities: some } = evaluate(engine, network, { ...examples, indices, probabilities: true })
  assert.deepEqual(evaluateProbabilities(engine, network, { ...examples, indices }), some)
  network.dispose()
})

test('evaluate: takes the examples asked for, in their order, and other labels', () => {
  const network = createNetwork(engine, mlp, openStream(2, 'init'))
  const examples = makeExamples(mlp)
  const all = evaluate(engine, network, examples)
  const some = evaluate(engine, network, { ...examples, indices: Int32Array.of(7, 7, 3) })
  assert.deepEqual([...some.predictions], [7, 7, 3].map(i => all.predictions[i]))
  for (const [i, index] of [7, 7, 3].entries()) {
    assert.ok(Math.abs(some.losses[i]! - all.losses[index]!) < 1e-6) // float32, another batch size
  }
  const target = examples.target.map(label => (label + 1) % 4)
  assert.notDeepEqual(evaluate(engine, network, { ...examples, target }).losses, all.losses)
  assert.deepEqual(evaluate(engine, network, { ...examples, indices: new Int32Array(0) }).losses, new Float32Array(0))
  network.dispose()
})

test('evaluate: many examples run compiled, with the newest weights each time', () => {
  const before = engine.tensorCount()
  const network = createNetwork(engine, mlp, openStream(2, 'init'))
  const examples = makeExamples(mlp, { count: 4300 })
  const few = { ...examples, indices: Int32Array.from({ length: 500 }, (_, i) => 1000 + i) }
  const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd' }, batchSize: 16 })
  for (const batch of makeBatches(4300, 16, 3)) {
    const eager = createNetwork(engine, mlp, openStream(2, 'init'))
    trainer.step(batch, 0.1)
    const { losses } = evaluate(engine, network, examples)
    eager.load(network.save())
    assert.deepEqual(losses.subarray(1000, 1500), evaluate(engine, eager, few).losses)
    eager.dispose()
  }
  trainer.dispose()
  network.dispose()
  assert.equal(engine.tensorCount(), before)
})
