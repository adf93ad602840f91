/** What a trial of one network takes of its lane. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { architectureOf, type NetworkSpec } from '../../../src/algorithms/kit/network.js'
import { numberedClasses } from '../../../src/datasets/classes.js'
import { takeSlots } from '../../../src/algorithms/kit/slots.js'
import type { Layer } from '../../../src/tensor/architecture.js'

const data = {
  inputs: { type: 'image' as const, shape: [28, 28, 1], dtype: 'uint8' as const }, target: numberedClasses(10)
}
const mlp = (...hidden: number[]): NetworkSpec => ({ type: 'mlp', hidden, activation: 'relu' })
const conv = (filters: number, kernel: number): Layer => ({ type: 'conv', filters, kernel, stride: 1, padding: 'same', activation: 'relu' })
const pool: Layer = { type: 'max-pool', size: 2 }
const dense = (units: number): Layer => ({ type: 'dense', units, activation: 'relu' })

for (const [name, network, batchSize, slots] of [
  ['softmax regression', { type: 'softmax' }, 64, 1],
  ['an MLP of 200,000 weights', mlp(256), 64, 1],
  ['the same on large batches', mlp(256), 1024, 'all'],
  ['LeNet', { type: 'cnn', layers: [conv(6, 5), pool, conv(16, 5), pool, dense(120), dense(84)] }, 64, 1],
  ['an MLP of a million weights', mlp(784, 512), 64, 1],
  ['a CNN 32-64-128', { type: 'cnn', layers: [conv(32, 3), pool, conv(64, 3), pool, dense(128)] }, 64, 'all'],
  ['the same on small batches', { type: 'cnn', layers: [conv(32, 3), pool, conv(64, 3), pool, dense(128)] }, 32, 'all']
] satisfies [string, NetworkSpec, number, number | 'all'][]) {
  test(`takeSlots: ${name}, batches of ${batchSize}: auto is ${slots}`, () => {
    assert.deepEqual(takeSlots('auto', architectureOf(network, data), batchSize), { slots, threads: slots, crew: 1 })
  })
}

test('takeSlots: what a spec says goes before', () => {
  for (const slots of ['all', 1, 7] as const) {
    assert.deepEqual(takeSlots(slots, architectureOf(mlp(2000, 2000), data), 512), { slots, threads: slots, crew: 1 })
  }
})
