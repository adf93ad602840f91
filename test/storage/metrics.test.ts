/** Thinning of curves: extremes must survive it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { thin } from '../../src/storage/metrics.js'

const curve = (length: number, value: (i: number) => number): [number, number][] => Array.from({ length }, (_, i) => [i, value(i)])

test('thin: leaves a short curve as it is', () => {
  const points = curve(10, i => i)
  assert.equal(thin(points, 10), points)
})

test('thin: keeps first, last, and a single spike up and down, within maxPoints and in order', () => {
  const points = curve(10_000, i => i === 4321 ? 99 : i === 8765 ? -99 : Math.sin(i / 500))
  const kept = thin(points, 100)
  assert.ok(kept.length <= 100)
  assert.deepEqual(kept[0], points[0])
  assert.deepEqual(kept.at(-1), points.at(-1))
  assert.ok(kept.some(([step, value]) => step === 4321 && value === 99))
  assert.ok(kept.some(([step, value]) => step === 8765 && value === -99))
  assert.ok(kept.every(([step], i) => i === 0 || step > kept[i - 1]![0]))
})

test('thin: gives the same points at every call', () => {
  const points = curve(5000, i => (i * 7919) % 101)
  assert.deepEqual(thin(points, 50), thin(points, 50))
})

test('thin: does not hide a NaN', () => {
  const kept = thin(curve(1000, i => i === 500 ? NaN : 1), 20)
  assert.ok(kept.some(([step, value]) => step === 500 && Number.isNaN(value)))
})
