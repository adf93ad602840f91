import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitLine, slope } from '../../src/math/least-squares.js'

test('slope is that of a line, and of points beside one by hand', () => {
  assert.equal(slope([1, 2, 3], [3, 1, -1]), -2)
  assert.equal(slope([0, 1, 2], [0, 1, 0]), 0)
  assert.equal(slope([0, 1, 2, 3], [0, 2, 1, 3]), 0.8)
})

test('fitLine: a line, and what it leaves of points beside it', () => {
  const { slope, intercept, residual } = fitLine([0, 1, 2, 3], [1 + 0.1, 3 - 0.1, 5 - 0.1, 7 + 0.1])
  for (const [value, expected] of [[slope, 2], [intercept, 1], [residual, 0.1]] as const) assert.ok(Math.abs(value - expected) < 1e-12)
})
