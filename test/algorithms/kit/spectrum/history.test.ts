import assert from 'node:assert/strict'
import test from 'node:test'
import { firstPassage, isDue, learningOrder, type SpectralHistory } from '../../../../src/algorithms/kit/spectrum/history.js'
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

/** The order of bands whose errors these are. */
function orderOf (...errors: number[][]) {
  const history = historyOf(...errors)
  return learningOrder(bandsOf(errors.length), errors.map((_, band) => firstPassage(history, band, 0.2)))
}

const never = [1, 1, 1, 1]

test('learningOrder: from low to high', () => {
  const order = orderOf([1, 0.1, 0.1, 0.1, 0.1], [1, 1, 0.1, 0.1, 0.1], [1, 1, 1, 1, 0.1])
  assert.deepEqual([order.ordered, order.swaps, order.ratio, order.tau], [true, 0, 4, 1])
  assert.deepEqual(order.pairs, { concordant: 3, discordant: 0, tied: 0, censored: 0 })
})

test('learningOrder: neighbours that swapped, and a band that is not learned is after those that are', () => {
  const swapped = orderOf([1, 1, 0.1, 0.1], [1, 0.1, 0.1, 0.1], never)
  assert.deepEqual([swapped.ordered, swapped.swaps, swapped.ratio], [true, 1, null])
  near(swapped.tau!, 1 / 3, 1e-15)
  const reversed = orderOf(never, [1, 0.1, 0.1, 0.1])
  assert.deepEqual([reversed.ordered, reversed.swaps, reversed.ratio, reversed.tau], [false, 1, null, -1])
})

test('learningOrder: of bands that were not learned there is no order, not even that they are equal', () => {
  const nothing = orderOf(never, never)
  assert.deepEqual([nothing.ordered, nothing.swaps, nothing.ratio, nothing.tau], [null, 0, null, null])
  const one = orderOf([1, 0.1, 0.1, 0.1], never, never)
  assert.deepEqual([one.pairs, one.tau], [{ concordant: 2, discordant: 0, tied: 0, censored: 1 }, 1])
})

test('learningOrder: bands that are noise have no part in it', () => {
  const noisy = bandsOf(3).map((band, i) => ({ ...band, isNoise: i === 0 }))
  const passages = [30, 10, 20].map(step => ({ step, evaluations: step }))
  assert.deepEqual(learningOrder(noisy, passages).pairs, { concordant: 1, discordant: 0, tied: 0, censored: 0 })
  const alone = learningOrder(noisy.slice(0, 2), passages.slice(0, 2))
  assert.deepEqual([alone.ordered, alone.ratio, alone.tau], [null, null, null])
})

test('learningOrder: what is learned from the start counts as after one step in the ratio', () => {
  assert.equal(orderOf([0.1, 0.1, 0.1], [1, 1, 0.1]).ratio, 20)
})
