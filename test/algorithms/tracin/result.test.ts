import assert from 'node:assert/strict'
import test from 'node:test'
import {
  compareMethods, concentrate, countByScore, judgePredictions, rankExamples, type Scored
} from '../../../src/algorithms/tracin/result.js'

/** Ten examples of class 0; 2 and 7 are told class 1. Scores put 7 first and 2 third. */
function makeScored (changes: Partial<Scored> = {}): Scored {
  const labels = new Int32Array(10)
  labels[2] = labels[7] = 1
  return {
    trueLabels: new Int32Array(10),
    labels,
    flipped: Int32Array.of(2, 7),
    last: Float64Array.of(1, 2, 50, 60, 3, 4, 5, 100, 6, 7),
    all: undefined,
    losses: Float32Array.of(1, 1, 9, 1, 1, 1, 1, 9, 1, 1),
    predictions: Int32Array.of(0, 0, 1, 1, 0, 0, 0, 0, 0, 0),
    random: Uint32Array.from({ length: 10 }, (_, i) => i),
    ...changes
  }
}

test('compareMethods: counts what every order finds', () => {
  const methods = compareMethods(makeScored())
  assert.deepEqual(methods.map(({ name }) => name), ['tracin-last', 'loss', 'random'])
  const [last, loss, random] = methods
  assert.deepEqual(last!.foundAt, { 5: 0, 10: 0.5, 20: 0.5, 30: 1 })
  assert.deepEqual(loss!.foundAt, { 5: 0, 10: 0.5, 20: 1, 30: 1 })
  assert.deepEqual(random!.foundAt, { 5: 0, 10: 0, 20: 0, 30: 0.5 })
  // found after ranks 1 .. 10: .5 .5 1 x 8 for the scores
  assert.ok(Math.abs(last!.auc - 0.9) < 1e-12)
})

test('compareMethods: all layers are a method of their own where they were scored', () => {
  const methods = compareMethods(makeScored({ all: new Float64Array(10) }))
  assert.deepEqual(methods.map(({ name }) => name), ['tracin-last', 'tracin-all', 'loss', 'random'])
})

test('compareMethods: without wrong labels there is nothing to find', () => {
  assert.deepEqual(compareMethods(makeScored({ flipped: new Int32Array(0) })), [])
})

test('rankExamples: the most self-influential first, with both labels', () => {
  const ranking = rankExamples(makeScored())
  assert.deepEqual(ranking.slice(0, 3), [
    { index: 7, label: 1, trueLabel: 0, score: 100 },
    { index: 3, label: 0, trueLabel: 0, score: 60 },
    { index: 2, label: 1, trueLabel: 0, score: 50 }
  ])
})

test('countByScore: every example is in exactly one bin of its group', () => {
  const { edges, clean, flipped } = countByScore(makeScored())
  const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0)
  assert.deepEqual([sum(clean), sum(flipped)], [8, 2])
  assert.equal(edges.length, clean.length + 1)
  assert.ok(Math.abs(edges[0]!) < 1e-12 && Math.abs(edges.at(-1)! - 2) < 1e-12) // log10 of 1 and of 100
})

test('countByScore: scores of zero and scores that are all equal do not break the bins', () => {
  for (const score of [0, 5]) {
    const { edges, clean } = countByScore(makeScored({ last: new Float64Array(10).fill(score), flipped: new Int32Array(0) }))
    assert.ok(edges.every(Number.isFinite))
    assert.equal(clean.reduce((a, b) => a + b, 0), 10)
  }
})

test('concentrate: is the share of the top tenth and its loss over the mean loss', () => {
  // example 7 has 100 of 238 and a loss of 9 where the mean is 2.6
  const { concentration, topLossRatio } = concentrate(makeScored())
  assert.ok(Math.abs(concentration - 100 / 238) < 1e-12)
  assert.ok(Math.abs(topLossRatio - 9 / 2.6) < 1e-6)
})

test('judgePredictions: tells agreement with told and own labels apart, and counts repeated wrong labels', () => {
  // right by the told labels: all but 3 and 7; right by the own: all but 2 and 3; of the wrong labels only 2 is repeated
  assert.deepEqual(judgePredictions(makeScored()), { trainGiven: 0.8, trainTrue: 0.8, memorised: 0.5 })
})
