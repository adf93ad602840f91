import assert from 'node:assert/strict'
import test from 'node:test'
import { countPairs, kendallTau } from '../../src/math/kendall.js'

test('kendallTau: agrees with SciPy where every time is known', () => {
  // scipy.stats.kendalltau(a, b).statistic of SciPy 1.17.1
  const cases: [number[], number[], number][] = [
    [[1, 3, 5], [6, 10, 90], 1],
    [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.6],
    [[1, 2, 3, 4], [4, 3, 2, 1], -1],
    [[1, 2, 3, 4, 5], [1, 1, 2, 7, 7], 0.8944271909999159]
  ]
  for (const [order, times, tau] of cases) {
    const found = kendallTau(countPairs(order, times))!
    assert.ok(Math.abs(found - tau) < 1e-15, `${found} is not ${tau}`)
  }
})

test('countPairs: a time beyond the end is after every known one, and no pair with another such', () => {
  assert.deepEqual(countPairs([1, 2, 3, 4], [5, null, 2, null]), { concordant: 3, discordant: 2, tied: 0, censored: 1 })
  assert.deepEqual(countPairs([1, 2, 2], [5, 5, 7]), { concordant: 1, discordant: 0, tied: 1, censored: 0 })
})

test('kendallTau: censored pairs change nothing, and it is null where nothing else is', () => {
  assert.equal(kendallTau(countPairs([1, 2, 3], [4, null, null])), 1)
  assert.equal(kendallTau(countPairs([1, 2, 3], [null, null, null])), null)
  assert.equal(kendallTau(countPairs([1], [1])), null)
  assert.equal(kendallTau(countPairs([1, 2, 3], [4, 4, 4])), 0)
})
