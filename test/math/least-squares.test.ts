import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slope } from '../../src/math/least-squares.js'

test('slope is that of a line, and of points beside one by hand', () => {
  assert.equal(slope([1, 2, 3], [3, 1, -1]), -2)
  assert.equal(slope([0, 1, 2], [0, 1, 0]), 0)
  assert.equal(slope([0, 1, 2, 3], [0, 2, 1, 3]), 0.8)
})
