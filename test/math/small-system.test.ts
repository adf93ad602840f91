import assert from 'node:assert/strict'
import test from 'node:test'
import { solveSmall } from '../../src/math/small-system.js'

test('solveSmall: equations whose first pivot is 0, and none where there is no one answer', () => {
  const x = solveSmall([[0, 2, 1], [1, -1, 0], [3, 0, -2]], [7, -1, -3])
  for (const [i, value] of [1, 2, 3].entries()) assert.ok(Math.abs(x[i]! - value) < 1e-14, `${x[i]} for ${value}`)
  assert.ok(!solveSmall([[1, 1], [1, 1]], [1, 2]).every(Number.isFinite))
})
