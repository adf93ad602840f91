import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import {
  compareMethods, concentrate, countByScore, judgeAccuracy, judgeErrors, judgeMemory, rankExamples, type Scored
} from '../../../src/algorithms/tracin/result.js'

const losses = Float32Array.of(1, 1, 9, 1, 1, 1, 1, 9, 1, 1)

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
    losses,
    baselines: [['loss', losses]],
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

test('concentrate: is the share of the top tenth and its loss over the mean loss, beside that of tenths by chance', () => {
  // example 7 has 100 of 238 and a loss of 9 where the mean is 2.6; one tenth in five has a loss of 9, so the 95th percentile does
  const { concentration, topLossRatio, topLossNull } = concentrate(makeScored(), openStream(0, 'tenths'))
  assert.ok(Math.abs(concentration - 100 / 238) < 1e-12)
  assert.ok(Math.abs(topLossRatio - 9 / 2.6) < 1e-6)
  assert.equal(topLossNull, topLossRatio)
})

test('concentrate: tenths by chance have the mean loss, give or take what chance does', () => {
  // 1000 examples, losses 0 and 2 in turn: the mean of 100 of them is 1 with a deviation of .095; 95 % stay below 1.16
  const last = new Float64Array(1000).map((_, i) => i)
  const losses = Float32Array.from(last, i => 2 * (i % 2))
  const { topLossNull } = concentrate(makeScored({ last, losses }), openStream(0, 'tenths'))
  assert.ok(topLossNull! > 1.12 && topLossNull! < 1.2, String(topLossNull))
})

test('judgeAccuracy, judgeMemory: tell agreement with told and own labels apart, and count repeated wrong labels', () => {
  // right by the told labels: all but 3 and 7; right by the own: all but 2 and 3; of the wrong labels only 2 is repeated
  assert.deepEqual(judgeAccuracy(makeScored()), { trainGiven: 0.8, trainTrue: 0.8 })
  assert.equal(judgeMemory(makeScored()), 0.5)
  assert.equal(judgeMemory(makeScored({ flipped: new Int32Array(0) })), null)
})

/** Four examples of two values each; 1 and 3 are told another's. */
const values: Scored = {
  trueLabels: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40),
  labels: Float32Array.of(1, 10, 4, 40, 3, 30, 2, 20),
  flipped: Int32Array.of(1, 3),
  last: undefined,
  all: Float64Array.of(1, 5, 2, 4),
  losses: Float32Array.of(1, 2, 1, 2),
  baselines: [['loss', Float32Array.of(1, 2, 1, 2)]],
  // 1 is seen near its wrong values, 3 near its own
  predictions: Float32Array.of(1, 10, 3.9, 39, 3, 30, 3.8, 39),
  random: Uint32Array.of(0, 1, 2, 3)
}

test('judgeMemory: of wrong values counts those that the model comes nearer to than to the own ones', () => {
  assert.equal(judgeMemory(values), 0.5)
})

test('judgeErrors: root mean squared errors by column, in its unit, beside the deviation of who says the mean', () => {
  const columns = [{ name: 'a', unit: 'm' }, { name: 'b' }]
  const [a, b] = judgeErrors(values, columns, [7, 8], Float32Array.of(1, 10, 3, 10))
  const close = (value: number, expected: number) => assert.ok(Math.abs(value - expected) < 1e-6, `${value} ${expected}`)
  assert.deepEqual([a!.name, a!.unit, a!.test, a!.deviation, b!.name, b!.test, b!.deviation], ['a', 'm', 7, 1, 'b', 8, 0])
  close(a!.trainGiven, Math.sqrt((0.1 ** 2 + 1.8 ** 2) / 4))
  close(a!.trainTrue, Math.sqrt((1.9 ** 2 + 0.2 ** 2) / 4))
  close(b!.trainTrue, Math.sqrt((19 ** 2 + 1) / 4))
})

test('rankExamples, compareMethods: values stand as rows, and every example is one', () => {
  const [first] = rankExamples(values)
  assert.deepEqual(first, { index: 1, label: [4, 40], trueLabel: [2, 20], score: 5 })
  assert.deepEqual(compareMethods(values).map(({ name, foundAt }) => [name, foundAt[30]]), [['tracin-all', 0.5], ['loss', 0.5], ['random', 0]])
  const { clean, flipped } = countByScore(values)
  assert.deepEqual([clean, flipped].map(counts => counts.reduce((a, b) => a + b)), [2, 2])
})
