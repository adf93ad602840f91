import assert from 'node:assert/strict'
import test from 'node:test'
import { AppError } from '../../src/errors.js'
import { openStream } from '../../src/math/random.js'
import { createNetwork } from '../../src/tensor/network.js'
import { crossEntropy } from '../../src/tensor/ops.js'
import { createMlp } from '../helpers/exact-mlp.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { cnn, flatten, mlp, openTestEngine } from './helpers.js'

const engine = await openTestEngine()
const { tf } = engine

const tanhNetwork: Architecture = {
  inputShape: [5],
  layers: [
    { type: 'dense', units: 7, activation: 'tanh' },
    { type: 'dense', units: 6, activation: 'tanh' },
    { type: 'dense', units: 3, activation: 'linear' }
  ]
}

test('createNetwork: the same stream gives the same weights, another seed others', () => {
  const saved = [1, 1, 2].map(seed => {
    const network = createNetwork(engine, cnn, openStream(seed, 'init'))
    const arrays = network.save()
    network.dispose()
    return arrays
  })
  assert.deepEqual(saved[0], saved[1])
  assert.notDeepEqual(saved[0]!['layer0.weight'], saved[2]!['layer0.weight'])
})

test('createNetwork: weights have the variance of He before relu and of Glorot otherwise, biases are 0', () => {
  const network = createNetwork(engine, {
    inputShape: [400],
    layers: [{ type: 'dense', units: 300, activation: 'relu' }, { type: 'dense', units: 200, activation: 'linear' }]
  }, openStream(1, 'init'))
  const arrays = network.save()
  network.dispose()
  const variance = (name: string) => {
    const values = Array.from(arrays[name]!.data)
    return values.reduce((sum, value) => sum + value ** 2, 0) / values.length
  }
  // The variance of n draws scatters by sqrt(2 / n) at most: 0.4 % of it for 120,000 weights, 0.6 % for 60,000.
  assert.ok(Math.abs(variance('layer0.weight') / (2 / 400) - 1) < 0.02)
  assert.ok(Math.abs(variance('layer1.weight') / (2 / 500) - 1) < 0.02)
  assert.deepEqual(new Set(arrays['layer0.bias']!.data), new Set([0]))
})

test('Network: loss and gradient are those of the Float64 network', () => {
  const network = createNetwork(engine, tanhNetwork, openStream(4, 'init'))
  const weights = flatten(network.save())
  const exact = createMlp({ sizes: [5, 7, 6, 3], activation: 'tanh' })
  const input = [0.3, -1.2, 0.8, 0.1, 2]
  const expected = new Float64Array(exact.parameterCount)
  const expectedLoss = exact.addGradient(weights, input, 1, expected)

  const { value, grads } = tf.variableGrads(() =>
    tf.sum(crossEntropy(engine, network.forward(tf.tensor2d([input])), tf.tensor1d([1], 'int32'))))
  const gradient = network.parameters.flatMap(({ variable }) => [...grads[variable.name]!.dataSync()])
  // float32 has 24 bits, 6e-8; a few dozen operations in a row.
  assert.ok(Math.abs(value.dataSync()[0]! - expectedLoss) < 1e-6)
  assert.ok(gradient.every((g, i) => Math.abs(g - expected[i]!) < 1e-6))
  tf.dispose([value, grads])
  network.dispose()
})

test('Network: a convolution is the sum over its patches, with the padding of TensorFlow', () => {
  const network = createNetwork(engine, {
    inputShape: [2, 2, 1],
    layers: [
      { type: 'conv', filters: 1, kernel: 2, stride: 1, padding: 'same', activation: 'linear' },
      { type: 'flatten' },
      { type: 'dense', units: 4, activation: 'linear' }
    ]
  }, openStream(1, 'init'))
  const identity = Float32Array.from({ length: 16 }, (_, i) => i % 5 === 0 ? 1 : 0)
  network.load({
    'layer0.weight': { shape: [2, 2, 1, 1], data: Float32Array.of(1, 10, 100, 1000) },
    'layer0.bias': { shape: [1], data: Float32Array.of(0.5) },
    'layer2.weight': { shape: [4, 4], data: identity },
    'layer2.bias': { shape: [4], data: new Float32Array(4) }
  })
  const logits = tf.tidy(() => network.logits(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1])).dataSync())
  // Zeros to the right and below: 1 + 20 + 300 + 4000, 2 + 400, 3 + 40, 4; plus the bias.
  assert.deepEqual([...logits], [4321.5, 402.5, 43.5, 4.5])
  network.dispose()
})

test('Network: save and load are bit for bit inverse, and load copies', () => {
  const network = createNetwork(engine, mlp, openStream(1, 'init'))
  const other = createNetwork(engine, mlp, openStream(2, 'init'))
  const arrays = network.save()
  other.load(arrays)
  const kept = other.save()
  assert.deepEqual(kept, arrays)
  arrays['layer0.bias']!.data.fill(9)
  assert.deepEqual(other.save(), kept)
  network.dispose()
  other.dispose()
})

test('Network: load refuses a missing array, a wrong shape and an unknown name', () => {
  const network = createNetwork(engine, mlp, openStream(1, 'init'))
  const arrays = network.save()
  const { 'layer0.bias': _, ...fewer } = arrays
  const invalid = (error: unknown) => error instanceof AppError && error.code === 'invalid_input'
  assert.throws(() => network.load(fewer), invalid)
  assert.throws(() => network.load({ ...arrays, 'layer0.bias': { shape: [3, 3], data: new Float32Array(9) } }), invalid)
  assert.throws(() => network.load({ ...arrays, 'layer9.bias': arrays['layer0.bias']! }), invalid)
  network.dispose()
})

test('Network: dispose frees everything', () => {
  const before = engine.tensorCount()
  const network = createNetwork(engine, cnn, openStream(1, 'init'))
  tf.tidy(() => network.logits(tf.zeros([2, 9, 8, 2])).dataSync())
  network.save()
  network.dispose()
  assert.equal(engine.tensorCount(), before)
})
