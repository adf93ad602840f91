import assert from 'node:assert/strict'
import test from 'node:test'
import { pearson, ranksOf, spearman } from '../../src/math/correlation.js'

const list = (...values: number[]) => Float64Array.from(values)

test('pearson: is what the definition gives, and 1 or -1 for straight lines', () => {
  // deviations -2 -1 0 1 2 and -1.2 -0.2 -1.2 0.8 1.8: products sum to 7, squares to 10 and 6.8
  const value = pearson(list(1, 2, 3, 4, 5), list(1, 2, 1, 3, 4))!
  assert.ok(Math.abs(value - 7 / Math.sqrt(10 * 6.8)) < 1e-15, `${value}`)
  assert.equal(pearson(list(1, 2, 4), list(12, 14, 18)), 1)
  assert.equal(pearson(list(1, 2, 4), list(-12, -14, -18)), -1)
})

test('pearson: numbers far from 0 lose no digits, and what does not vary correlates with nothing', () => {
  assert.ok(Math.abs(pearson(list(1e9 + 1, 1e9 + 2, 1e9 + 4), list(1, 2, 4))! - 1) < 1e-12)
  assert.equal(pearson(list(3, 3, 3), list(1, 2, 4)), null)
})

test('ranksOf: equals share the mean of the ranks that they take together', () => {
  assert.deepEqual([...ranksOf(list(10, 30, 20, 30, 5))], [2, 4.5, 3, 4.5, 1])
  assert.deepEqual([...ranksOf(list(7, 7, 7))], [2, 2, 2])
  assert.deepEqual([...ranksOf(list(0, -0, -1))], [2.5, 2.5, 1])
})

test('spearman: only the order counts', () => {
  assert.equal(spearman(list(1, 2, 3, 4), list(1, 10, 1000, 1e6)), 1)
  // without ties 1 - 6 sum d² / (n (n² - 1)): d = 1, -1, 0, 0
  assert.ok(Math.abs(spearman(list(1, 2, 3, 4), list(2, 1, 3, 4))! - (1 - 6 * 2 / (4 * 15))) < 1e-15)
})
