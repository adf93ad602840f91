import assert from 'node:assert/strict'
import test from 'node:test'
import { normalBelow, normalQuantile, partInterval } from '../../src/math/normal.js'

test('normalBelow: values of tables, to the last digit that they have', () => {
  // Abramowitz, Stegun 1964, table 26.1
  const table = [[0, 0.5], [0.5, 0.691462461274013], [1, 0.841344746068543], [1.96, 0.975002104851780], [3, 0.998650101968370]] as const
  for (const [z, p] of table) {
    assert.ok(Math.abs(normalBelow(z) - p) < 1e-14, `${z}`)
    assert.ok(Math.abs(normalBelow(-z) - (1 - p)) < 1e-14, `${-z}`)
  }
  assert.deepEqual([normalBelow(-40), normalBelow(40)], [0, 1])
})

test('normalBelow: its slope is the density', () => {
  for (const z of [-6, -2.5, -0.3, 0.1, 1.7, 4]) {
    const slope = (normalBelow(z + 1e-5) - normalBelow(z - 1e-5)) / 2e-5
    assert.ok(Math.abs(slope - Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI)) < 1e-9, `${z}`)
  }
})

test('normalQuantile: takes normalBelow back', () => {
  for (const p of [1e-6, 0.025, 0.5, 0.9, 0.995]) assert.ok(Math.abs(normalBelow(normalQuantile(p)) - p) < 1e-12)
})

test('partInterval: at its ends the part is z deviations away, which is what Wilson asks', () => {
  for (const [part, count] of [[0.3, 50], [0.02, 1000], [0.9, 7]] as const) {
    const { low, high } = partInterval(part, count)
    for (const end of [low, high]) assert.ok(Math.abs(Math.abs(part - end) / Math.sqrt(end * (1 - end) / count) - 1.959963984540054) < 1e-6)
  }
  assert.deepEqual([partInterval(0, 20).low, partInterval(1, 20).high], [0, 1])
  assert.ok(partInterval(0.5, 100, 0.99).low < partInterval(0.5, 100).low)
})
