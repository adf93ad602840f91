/** Random streams against the published vectors of Philox and against what their distributions must show. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream, philox } from '../../src/math/random.js'

test('philox: gives the known answers of Random123', () => {
  // kat_vectors of Random123 for philox4x32 with 10 rounds: counter, key, result
  const vectors: [number[], [number, number], number[]][] = [
    [[0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]]
  ]
  for (const [counter, key, expected] of vectors) {
    const block = Uint32Array.from(counter)
    philox(block, ...key)
    assert.deepEqual([...block], expected)
  }
})

test('openStream: is a function of seed, purpose and keys alone', () => {
  const draw = (...args: Parameters<typeof openStream>): number[] => {
    const stream = openStream(...args)
    return Array.from({ length: 8 }, () => stream.uniform())
  }
  assert.deepEqual(draw(1, 'init', 2), draw(1, 'init', 2))
  const others = [draw(2, 'init', 2), draw(1, 'order', 2), draw(1, 'init', 3), draw(1, 'init')]
  for (const other of others) assert.notDeepEqual(other, draw(1, 'init', 2))
})

test('uniform: has the mean and variance of [0, 1)', () => {
  const stream = openStream(7, 'test')
  const values = Array.from({ length: 100_000 }, () => stream.uniform())
  const mean = values.reduce((sum, value) => sum + value) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  // standard errors: sqrt(1/12/1e5) = 0.0009 and about 0.0002; five of them
  assert.ok(Math.abs(mean - 0.5) < 0.0046, `mean ${mean}`)
  assert.ok(Math.abs(variance - 1 / 12) < 0.0012, `variance ${variance}`)
  assert.ok(values.every(value => value >= 0 && value < 1))
})

test('normal: has mean 0, variance 1 and the tails of the normal distribution', () => {
  const stream = openStream(7, 'test')
  const values = Array.from({ length: 100_000 }, () => stream.normal())
  const mean = values.reduce((sum, value) => sum + value) / values.length
  const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length
  const beyondTwo = values.filter(value => Math.abs(value) > 2).length / values.length
  // five standard errors: 1/sqrt(1e5) = 0.0032, sqrt(2/1e5) = 0.0045, sqrt(0.0455 * 0.9545 / 1e5) = 0.00066
  assert.ok(Math.abs(mean) < 0.016, `mean ${mean}`)
  assert.ok(Math.abs(variance - 1) < 0.023, `variance ${variance}`)
  assert.ok(Math.abs(beyondTwo - 0.0455) < 0.0033, `beyond two ${beyondTwo}`)
})

test('permutation: holds every index once, and all six orders of three come up equally often', () => {
  assert.deepEqual([...openStream(1, 'order').permutation(1000)].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, i) => i))
  const counts = new Map<string, number>()
  for (let key = 0; key < 6000; key++) {
    const order = openStream(1, 'order', key).permutation(3).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  assert.equal(counts.size, 6)
  // expected 1000 each, standard deviation sqrt(6000 * 1/6 * 5/6) = 29; five of them
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 145, `count ${count}`)
})
