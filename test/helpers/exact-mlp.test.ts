import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../src/math/random.js'
import { createMlp } from './exact-mlp.js'

test('createMlp: softmax regression with weights 0 loses log(classes), and its gradient is (p - onehot) x', () => {
  const mlp = createMlp({ sizes: [2, 4], activation: 'tanh' })
  const gradient = new Float64Array(mlp.parameterCount)
  const loss = mlp.addGradient(new Float64Array(mlp.parameterCount), [3, -1], 2, gradient)
  assert.ok(Math.abs(loss - Math.log(4)) < 1e-15)
  const delta = [0.25, 0.25, -0.75, 0.25]
  assert.deepEqual([...gradient].map(value => +value.toFixed(12)), [...delta.map(d => 3 * d), ...delta.map(d => -d), ...delta])
})

for (const activation of ['tanh', 'relu'] as const) {
  test(`createMlp: the gradient with ${activation} agrees with central differences`, () => {
    const stream = openStream(1, activation)
    const mlp = createMlp({ sizes: [5, 7, 6, 3], activation })
    const weights = Float64Array.from({ length: mlp.parameterCount }, () => stream.normal() / 2)
    const input = Float64Array.from({ length: 5 }, () => stream.normal())
    const gradient = new Float64Array(mlp.parameterCount)
    mlp.addGradient(weights, input, 1, gradient)
    // Error of a central difference: h² from the series, 2^-52 / h from rounding; both about 1e-10 at h = 1e-5.
    const h = 1e-5
    for (let i = 0; i < weights.length; i++) {
      const kept = weights[i]!
      weights[i] = kept + h
      const above = mlp.loss(weights, input, 1)
      weights[i] = kept - h
      const below = mlp.loss(weights, input, 1)
      weights[i] = kept
      assert.ok(Math.abs((above - below) / (2 * h) - gradient[i]!) < 1e-8, `weight ${i}`)
    }
  })
}

test('createMlp: logits of 1000 lose no precision', () => {
  const mlp = createMlp({ sizes: [1, 2], activation: 'relu' })
  assert.equal(mlp.loss(Float64Array.of(1000, 0, 0, 0), [1], 0), 0)
  assert.equal(mlp.loss(Float64Array.of(1000, 0, 0, 0), [1], 1), 1000)
})

test('addGradient: adds, so that a sum over examples needs no second array', () => {
  const mlp = createMlp({ sizes: [2, 3, 2], activation: 'tanh' })
  const weights = Float64Array.from({ length: mlp.parameterCount }, (_, i) => Math.sin(i))
  const once = new Float64Array(mlp.parameterCount)
  mlp.addGradient(weights, [1, 2], 0, once)
  const twice = once.slice()
  mlp.addGradient(weights, [1, 2], 0, twice)
  assert.deepEqual(twice, once.map(value => 2 * value))
})

test('createMlp: loss and gradient keep their digits where the probability is a rounding from 1', () => {
  const mlp = createMlp({ sizes: [1, 2], activation: 'relu' })
  const gradient = new Float64Array(mlp.parameterCount)
  const loss = mlp.addGradient(Float64Array.of(50, 0, 0, 0), [1], 0, gradient)
  // log(1 + e) = e - e^2/2 and e / (1 + e) = e - e^2, with e = exp(-50)
  const tiny = Math.exp(-50)
  for (const value of [loss, -gradient[0]!, gradient[1]!]) assert.ok(Math.abs(value - tiny) < 1e-15 * tiny, `${value} for ${tiny}`)
})
