import assert from 'node:assert/strict'
import test from 'node:test'
import { bootstrapMean } from '../../src/math/bootstrap.js'
import { openStream } from '../../src/math/random.js'

test('bootstrapMean: of one seed its interval is that of the normal law, whatever examples without a difference there are', () => {
  const random = openStream(1, 'test')
  const examples = 2000
  const differences = Array.from({ length: 400 }, (_, example) => [example, random.uniform() < 0.7 ? 1 : -1] as const)
  const { mean, low, high } = bootstrapMean([differences], examples)
  const sum = differences.reduce((total, [, difference]) => total + difference, 0)
  // A sum of Poisson weights of mean and variance 1: its deviation is the root of the sum of squares.
  const reach = 1.96 * Math.sqrt(400) / examples
  assert.equal(mean, sum / examples)
  for (const [got, wanted] of [[low, mean - reach], [high, mean + reach]] as const) assert.ok(Math.abs(got - wanted) < 0.1 * reach, `${got} for ${wanted}`)
})

test('bootstrapMean: seeds that differ widen it, the same numbers come again, and nothing is sure of nothing', () => {
  const some = Array.from({ length: 100 }, (_, example) => [example, 1] as const)
  const alike = bootstrapMean([some, some, some], 1000)
  const apart = bootstrapMean([some, [], []], 1000)
  assert.ok(Math.abs(alike.mean - 0.1) < 1e-12)
  assert.ok(Math.abs(alike.low - 0.08) < 0.004 && Math.abs(alike.high - 0.12) < 0.004, 'an example is the same one in all seeds, and weighs as often in each')
  assert.deepEqual([apart.low, apart.count], [0, 3], 'the one seed with differences is not drawn in 8 of 27 cases')
  assert.ok(apart.high > 0.06)
  assert.deepEqual(bootstrapMean([some, [], []], 1000), apart)
  assert.deepEqual(bootstrapMean([[], []], 1000), { mean: 0, low: 0, high: 0, count: 2 })
})
