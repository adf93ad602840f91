import assert from 'node:assert/strict'
import test from 'node:test'
import { firstPassage, isDue, kendallTau, learningOrder, type SpectralHistory } from '../../../../src/algorithms/kit/spectrum/history.js'
import { near } from './helpers.js'

/** Records at steps 0, 10, 20, … with twice as many evaluations. @param bands errors of one band after the other */
function historyOf (...bands: number[][]): SpectralHistory {
  const steps = bands[0]!.map((_, record) => 10 * record)
  return {
    steps,
    evaluations: steps.map(step => 2 * step),
    losses: steps.map(() => 1),
    errors: steps.map((_, record) => bands.map(band => band[record]!))
  }
}

const bandsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ key: `${i}`, label: `${i}`, frequency: 2 * i + 1, amplitude: 1 }))

test('isDue: is 0 and the integers nearest to equal factors', () => {
  const due = (perDecade: number, below: number) => Array.from({ length: below }, (_, step) => step).filter(step => isDue(step, perDecade))
  assert.deepEqual(due(4, 200), [0, 1, 2, 3, 6, 10, 18, 32, 56, 100, 178])
  for (const perDecade of [1, 3, 20, 40, 100]) {
    const expected = new Set([0, ...Array.from({ length: 4 * perDecade }, (_, k) => Math.round(10 ** (k / perDecade)))])
    assert.deepEqual(due(perDecade, 9000), [...expected].filter(step => step < 9000))
  }
  assert.ok([1, 10, 1000, 1e6, 1e9].every(step => isDue(step, 7)))
  assert.equal(isDue(-1, 4), false)
})

test('firstPassage: counts from where the error stays below, not from where it first was', () => {
  const history = historyOf([0.1, 0.5, 0.3, 0.1, 0.2, 0.1], [0.9, 0.1, 0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1, 0.1, 0.3])
  assert.deepEqual(firstPassage(history, 0, 0.2), { step: 50, evaluations: 100 }) // 0.2 itself is not below
  assert.deepEqual(firstPassage(history, 0, 0.25), { step: 30, evaluations: 60 })
  assert.deepEqual(firstPassage(history, 1, 0.2), { step: 10, evaluations: 20 })
  assert.equal(firstPassage(history, 2, 0.2), null)
  assert.deepEqual(firstPassage(history, 2, 0.4), { step: 0, evaluations: 0 })
  assert.equal(firstPassage(historyOf([0.1, NaN, NaN]), 0, 0.2), null)
  assert.equal(firstPassage(historyOf([]), 0, 0.2), null)
})

test('kendallTau: agrees with SciPy', () => {
  // scipy.stats.kendalltau(a, b).statistic of SciPy 1.17.1, 1e9 for Infinity
  const cases: [number[], number[], number][] = [
    [[1, 3, 5], [6, 10, 90], 1],
    [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.6],
    [[1, 2, 3, 4, 5], [1, 1, 2, Infinity, Infinity], 0.8944271909999159],
    [[1, 2, 3, 4], [4, 3, 2, 1], -1],
    [[12, 2, 1, 12, 2], [1, 4, 7, 1, 0], -0.4714045207910316]
  ]
  for (const [a, b, tau] of cases) near(kendallTau(a, b), tau, 1e-15)
})

test('kendallTau: is 0 without an order', () => {
  assert.equal(kendallTau([1, 2, 3], [Infinity, Infinity, Infinity]), 0)
  assert.equal(kendallTau([1], [1]), 0)
})

test('learningOrder: from low to high', () => {
  const history = historyOf([1, 0.1, 0.1, 0.1, 0.1], [1, 1, 0.1, 0.1, 0.1], [1, 1, 1, 1, 0.1])
  const order = learningOrder(bandsOf(3), history, 0.2)
  assert.deepEqual(order.passages.map(passage => passage?.step), [10, 20, 40])
  assert.deepEqual([order.ordered, order.swaps, order.ratio, order.tau], [true, 0, 4, 1])
})

test('learningOrder: neighbours that swapped, and a band that is never learned comes last', () => {
  const never = [1, 1, 1, 1]
  const swapped = learningOrder(bandsOf(3), historyOf([1, 1, 0.1, 0.1], [1, 0.1, 0.1, 0.1], never), 0.2)
  assert.deepEqual([swapped.ordered, swapped.swaps, swapped.ratio], [true, 1, null])
  near(swapped.tau, 1 / 3, 1e-15)
  const reversed = learningOrder(bandsOf(2), historyOf(never, [1, 0.1, 0.1, 0.1]), 0.2)
  assert.deepEqual([reversed.ordered, reversed.swaps, reversed.ratio, reversed.tau], [false, 1, null, -1])
  const nothing = learningOrder(bandsOf(2), historyOf(never, never), 0.2)
  assert.deepEqual([nothing.ordered, nothing.swaps, nothing.ratio, nothing.tau], [false, 0, null, 0])
})

test('learningOrder: what is learned from the start counts as after one step in the ratio', () => {
  assert.equal(learningOrder(bandsOf(2), historyOf([0.1, 0.1, 0.1], [1, 1, 0.1]), 0.2).ratio, 20)
})
