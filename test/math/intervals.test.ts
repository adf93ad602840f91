import assert from 'node:assert/strict'
import test from 'node:test'
import { meanInterval, studentQuantile } from '../../src/math/intervals.js'

test('studentQuantile: is that of the printed tables, for even and odd degrees of freedom', () => {
  for (const [probability, freedom, t] of [
    [0.975, 1, 12.7062047], [0.975, 2, 4.30265273], [0.975, 3, 3.18244631], [0.975, 4, 2.77644511], [0.975, 9, 2.26215716],
    [0.975, 30, 2.04227246], [0.95, 4, 2.13184679], [0.995, 5, 4.03214298], [0.975, 1000, 1.96233908]
  ] as const) {
    assert.ok(Math.abs(studentQuantile(probability, freedom) - t) < 1e-7, `${probability} ${freedom} ${studentQuantile(probability, freedom)}`)
    assert.ok(Math.abs(studentQuantile(1 - probability, freedom) + t) < 1e-7)
  }
  assert.equal(studentQuantile(0.5, 7), 0)
})

test('meanInterval: is mean and t times the standard error, and nothing of a single number', () => {
  // 1 .. 5: mean 3, s = sqrt(2.5), t of 4 degrees 2.776445
  const { mean, low, high, count } = meanInterval([1, 2, 3, 4, 5])!
  assert.deepEqual([mean, count], [3, 5])
  assert.ok(Math.abs(high - (3 + 2.77644511 * Math.sqrt(2.5 / 5))) < 1e-7)
  assert.ok(Math.abs(low + high - 6) < 1e-12)
  assert.equal(meanInterval([1]), undefined)
  assert.deepEqual(meanInterval([2, 2]), { mean: 2, low: 2, high: 2, count: 2 })
})
