import assert from 'node:assert/strict'
import test from 'node:test'
import { argMax, crossEntropy, softmax } from '../../src/math/softmax.js'

test('softmax: is exp(z) / sum exp(z) and keeps its argument, also where exp(z) is no number', () => {
  const z = Float64Array.of(Math.log(1), Math.log(2), Math.log(5))
  softmax(z).forEach((p, i) => assert.ok(Math.abs(p - [1 / 8, 2 / 8, 5 / 8][i]!) < 1e-15))
  assert.deepEqual([...z], [Math.log(1), Math.log(2), Math.log(5)])
  assert.deepEqual([...softmax(Float32Array.of(5000, 5000, -5000))], [0.5, 0.5, 0])
})

test('crossEntropy: is -log softmax(z)[label], also where the probability is 0 or 1 as a number', () => {
  const z = Float64Array.of(0.3, -1.2, 2.5)
  z.forEach((_, label) => assert.ok(Math.abs(crossEntropy(z, label) + Math.log(softmax(z)[label]!)) < 1e-15))
  assert.equal(crossEntropy(Float32Array.of(3000, 0), 1), 3000)
  assert.equal(crossEntropy(Float32Array.of(3000, 0), 0), 0)
  const tiny = Math.exp(-50) // log(1 + tiny) is tiny to all digits
  assert.ok(Math.abs(crossEntropy(Float64Array.of(50, 0), 0) - tiny) < 1e-15 * tiny)
})

test('argMax: is the first of equals', () => {
  assert.equal(argMax(Float32Array.of(-3, 2, 1, 2)), 1)
  assert.equal(argMax(Float64Array.of(-3)), 0)
})
