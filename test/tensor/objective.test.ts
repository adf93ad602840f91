import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import type { Engine } from '../../src/tensor/engine.js'
import { createMlp } from '../helpers/exact-mlp.js'
import type { Loss } from '../../src/tensor/losses.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTensorObjective, flatWeights, loadFlat, type TensorObjectiveOptions } from '../../src/tensor/objective.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { cnn, makeExamples, mlp, openTestEngine } from './helpers.js'

const engine = await openTestEngine(process.env.TENSOR_BACKEND === 'wasm' ? 'wasm' : 'tensorflow')

const losses: Loss[] = ['softmax-cross-entropy', 'squared']

const small: Architecture = {
  inputShape: [4],
  layers: [{ type: 'dense', units: 5, activation: 'tanh' }, { type: 'dense', units: 3, activation: 'linear' }]
}

/** Value and gradient at fresh weights. */
function evaluate (architecture: Architecture, options: Partial<TensorObjectiveOptions> = {}, on: Engine = engine) {
  const network = createNetwork(on, architecture, openStream(3, 'init'))
  const theta = flatWeights(network)
  const objective = createTensorObjective(on, network, { ...makeExamples(architecture), ...options })
  const gradient = new Float64Array(objective.size).fill(7) // gradient() must not add to what lies there
  const result = { theta, value: objective.value(theta), valueToo: objective.gradient(theta, gradient), gradient }
  objective.dispose()
  network.dispose()
  return result
}

function assertNear (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length)
  const largest = Math.max(...Array.from(expected, Math.abs))
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance * largest, `${actual[i]} instead of ${expected[i]} at ${i}`)
  }
}

test('createTensorObjective: cross-entropy and its gradient are those of the Float64 network', () => {
  const examples = makeExamples(small, { type: 'float32', count: 23 })
  const { theta, value, valueToo, gradient } = evaluate(small, { ...examples, chunk: 10 })
  const exact = createMlp({ sizes: [4, 5, 3], activation: 'tanh' })
  const sums = new Float64Array(exact.parameterCount)
  let loss = 0
  for (let i = 0; i < 23; i++) {
    loss += exact.addGradient(theta, examples.data.inputs.subarray(i * 4, i * 4 + 4), examples.target[i]!, sums)
  }
  assertNear([value, valueToo], [loss / 23, loss / 23], 1e-6)
  assertNear(gradient, sums.map(sum => sum / 23), 1e-5)
})

test('createTensorObjective: squared loss is the mean of (logit - one-hot)² over examples and outputs', () => {
  const examples = makeExamples(small, { type: 'float32', count: 23 })
  const { theta, value } = evaluate(small, { ...examples, loss: 'squared', chunk: 10 })
  const exact = createMlp({ sizes: [4, 5, 3], activation: 'tanh' })
  let sum = 0
  for (let i = 0; i < 23; i++) {
    exact.logits(theta, examples.data.inputs.subarray(i * 4, i * 4 + 4))
      .forEach((logit, k) => { sum += (logit - (k === examples.target[i] ? 1 : 0)) ** 2 })
  }
  assertNear([value], [sum / 69], 1e-6)
})

for (const loss of losses) {
  for (const [name, architecture] of Object.entries({ MLP: mlp, CNN: cnn })) {
    test(`gradient: of the ${name} with ${loss} agrees with central differences along random directions`, () => {
      const network = createNetwork(engine, architecture, openStream(3, 'init'))
      const theta = flatWeights(network)
      const objective = createTensorObjective(engine, network, { ...makeExamples(architecture), loss, chunk: 16 })
      const gradient = new Float64Array(objective.size)
      objective.gradient(theta, gradient)
      const stream = openStream(4, 'directions')
      for (let i = 0; i < 4; i++) {
        const direction = gradient.map(component => component + 0.1 * stream.normal())
        const length = Math.hypot(...direction)
        const along = (t: number) => objective.value(theta.map((weight, j) => weight + t * direction[j]! / length))
        const slope = gradient.reduce((sum, component, j) => sum + component * direction[j]! / length, 0)
        const t = 1e-3 // float32 values: rounding 1e-7 / t against curvature t², kinks of relu beside
        assert.ok(Math.abs((along(t) - along(-t)) / (2 * t) - slope) < 0.01 * Math.abs(slope) + 1e-3)
      }
      objective.dispose()
      network.dispose()
    })
  }

  test(`createTensorObjective: with ${loss}, chunks of any size give the same to float32 accuracy, a repetition the same bits`, () => {
    const whole = evaluate(cnn, { loss })
    for (const chunk of [1, 7, 20, 40]) {
      const parts = evaluate(cnn, { loss, chunk })
      assertNear([parts.value, parts.valueToo], [whole.value, whole.value], 1e-6)
      assertNear(parts.gradient, whole.gradient, 1e-5)
      assert.deepEqual(evaluate(cnn, { loss, chunk }), parts)
    }
  })

  test(`createTrainer: one full-batch step of SGD with ${loss} goes along the objective's gradient`, () => {
    const examples = makeExamples(mlp)
    const { theta, value, gradient } = evaluate(mlp, { loss })
    const network = createNetwork(engine, mlp, openStream(3, 'init'))
    const trainer = createTrainer(engine, network, { ...examples, loss, optimizer: { type: 'sgd' }, batchSize: 40 })
    assertNear([trainer.step(Int32Array.from({ length: 40 }, (_, i) => i), 0.5)], [value], 1e-6)
    assertNear(flatWeights(network), theta.map((weight, i) => weight - 0.5 * gradient[i]!), 1e-6)
    trainer.dispose()
    network.dispose()
  })
}

test('createTrainer: compiled steps on squared loss are those of the eager run, bit for bit', () => {
  const train = (mode: 'compiled' | 'eager') => {
    const network = createNetwork(engine, cnn, openStream(3, 'init'))
    const trainer = createTrainer(engine, network, {
      ...makeExamples(cnn), loss: 'squared', optimizer: { type: 'adam' }, batchSize: 8, mode
    })
    const indices = Int32Array.of(0, 3, 5, 7, 9, 30, 31, 39)
    const result = { losses: Array.from({ length: 10 }, () => trainer.step(indices, 0.01)), weights: flatWeights(network) }
    trainer.dispose()
    network.dispose()
    return result
  }
  assert.deepEqual(train('compiled'), train('eager'))
})

test('loadFlat: puts back what flatWeights gave, and gradient leaves the weights that it was asked for', () => {
  const network = createNetwork(engine, mlp, openStream(3, 'init'))
  const before = network.save()
  const theta = flatWeights(network)
  const objective = createTensorObjective(engine, network, makeExamples(mlp))
  objective.gradient(theta.map(weight => 2 * weight), new Float64Array(theta.length))
  assert.deepEqual(flatWeights(network), theta.map(weight => 2 * weight))
  loadFlat(network, theta)
  assert.deepEqual(network.save(), before)
  objective.dispose()
  network.dispose()
})

test('dispose: evaluations leave nothing behind, and dispose leaves nothing at all', () => {
  const before = engine.tensorCount()
  const network = createNetwork(engine, cnn, openStream(3, 'init'))
  const theta = flatWeights(network)
  const objective = createTensorObjective(engine, network, { ...makeExamples(cnn), loss: 'squared', chunk: 16 })
  const gradient = new Float64Array(objective.size)
  objective.gradient(theta, gradient)
  objective.value(theta)
  const running = engine.tensorCount()
  for (let i = 0; i < 20; i++) {
    objective.gradient(theta, gradient)
    objective.value(theta)
  }
  assert.equal(engine.tensorCount(), running)
  objective.dispose()
  network.dispose()
  assert.equal(engine.tensorCount(), before)
})
