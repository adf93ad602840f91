/** The inner maximisation in closed form against projected gradient steps of one point, one by one. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { reachOf } from '../../../src/algorithms/adversarial-bias/linear/inner.js'
import { radiusOf } from '../../../src/algorithms/adversarial-bias/radius.js'

const w = [0.7, -2, 0.1]
const radius = 0.6

/** Steepest step in the norm for a margin that shall fall, and the Euclidean projection into the ball. */
const balls = {
  2: {
    step: w.map(value => -value / Math.hypot(...w)),
    project: (delta: number[]) => delta.map(value => value * Math.min(1, radius / Math.hypot(...delta))),
    lost: Math.hypot(...w)
  },
  infinity: {
    step: w.map(value => -Math.sign(value)),
    project: (delta: number[]) => delta.map(value => Math.max(-radius, Math.min(radius, value))),
    lost: w.reduce((sum, value) => sum + Math.abs(value), 0)
  }
}

test('reachOf: as far as steps and projections come from the point', () => {
  for (const { step, project, lost } of Object.values(balls)) {
    for (const [steps, stepSize] of [[1, 0.25], [3, 0.25], [4, 0.25], [10, 0.25], [7, 0.1], [1, 3]] as const) {
      let delta = w.map(() => 0)
      for (let k = 0; k < steps; k++) delta = project(delta.map((value, j) => value + stepSize * radius * step[j]!))
      const fallen = -delta.reduce((sum, value, j) => sum + value * w[j]!, 0)
      const reach = reachOf({ type: 'projected-gradient', steps, stepSize }, radius)
      assert.ok(Math.abs(fallen - reach * lost) < 1e-12, `${steps} x ${stepSize}: ${fallen} is not ${reach * lost}`)
    }
  }
  assert.equal(reachOf({ type: 'exact' }, radius), radius)
})

test('radiusOf: a part of gamma, or one that comes nearer to it the longer the training', () => {
  assert.equal(radiusOf({ type: 'none' }, 2, 100), 0)
  assert.equal(radiusOf({ type: 'absolute', value: 0.3 }, 2, 100), 0.3)
  assert.equal(radiusOf({ type: 'fraction', of: 0.9 }, 2, 100), 1.8)
  // log 10,000 / 100 = 0.0921; of 10 steps it would be 0.728, and a half is taken
  assert.ok(Math.abs(radiusOf({ type: 'tuned' }, 2, 10_000) - 2 * (1 - 0.0921034)) < 1e-6)
  assert.equal(radiusOf({ type: 'tuned' }, 2, 10), 1)
  assert.equal(radiusOf({ type: 'fraction', of: 0.9 }, -1, 100), 0)
})
