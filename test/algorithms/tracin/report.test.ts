import assert from 'node:assert/strict'
import test from 'node:test'
import type { FinishedTrial } from '../../../src/algorithms/contract.js'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import { methodNames, type MethodName } from '../../../src/algorithms/tracin/methods.js'
import type { Prediction } from '../../../src/algorithms/tracin/predictions/schema.js'
import type { TracinResult, TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import { draw } from '../../../src/figures/draw.js'
import { fillSpec } from '../../helpers/drive.js'

const spec = fillSpec<TracinSpec>(tracin, { data: { generator: { type: 'blobs' } }, seeds: [0, 1] })
const clean = { ...spec, labelNoise: { kind: 'none' as const, fraction: 0.1 } }

/** What the orders found in the first 10 %, and their areas. */
type Found = Partial<Record<MethodName, [at10: number, auc: number]>>

function makeMethod (name: MethodName, at10: number, auc: number): TracinResult['methods'][number] {
  return { name, foundAt: { 5: at10 / 2, 10: at10, 20: auc, 30: auc }, auc, curve: [[0, 0], [0.1, at10], [0.2, auc], [1, 1]] }
}

function makeTrial (seed: number, found: Found, changes: Partial<TracinResult> = {}): FinishedTrial<TracinSpec, TracinResult> {
  const result: TracinResult = {
    trainExamples: 100,
    testExamples: 10,
    parameters: 5,
    checkpoints: [{ epoch: 2, step: 8, learningRate: 0.1 }],
    accuracy: { trainGiven: 1, trainTrue: 0.9, test: 0.8, cleanTest: 0.9 },
    memorised: 1,
    flipped: Array.from({ length: 10 }, (_, i) => i),
    methods: [...Object.entries(found).map(([name, [at10, auc]]) => makeMethod(name as MethodName, at10, auc)), makeMethod('random', 0.1, 0.5)],
    concentration: 0.6,
    topLossRatio: 3,
    topLossNull: 1.2,
    histogram: { edges: [-1, 0, 1], clean: [80, 10], flipped: [2, 8] },
    ranking: [{ index: 4, label: 1, trueLabel: 0, score: 3 }],
    classNames: ['zero', 'one'],
    ...changes
  }
  const curve = { steps: [4, 8], values: [1, 0.5] }
  return {
    id: `t${seed}`,
    definition: { arm: 'a', seed, spec },
    state: 'succeeded',
    result,
    metrics: { trainLoss: curve, testLoss: curve, trainAccuracy: curve, testAccuracy: curve }
  }
}

/** Five seeds, which scatter all orders by the same; one more by a hundredth of it, so that differences have a width. */
function makeTrials (found: Found, seeds = 5, changes: Partial<TracinResult> = {}): FinishedTrial<TracinSpec, TracinResult>[] {
  return Array.from({ length: seeds }, (_, seed) => makeTrial(seed, Object.fromEntries(Object.entries(found).map(([name, [at10, auc]], m) =>
    [name, [at10 + 0.02 * seed + 0.002 * m * (seed % 2), auc + 0.01 * seed + 0.001 * m * (seed % 2)]])), changes))
}

const good: Found = { 'tracin-last': [0.6, 0.9], 'mean-loss': [0.4, 0.8], loss: [0.2, 0.6] }
const verdictOf = (found: Found, seeds?: number) => tracin.report(spec, makeTrials(found, seeds)).verdict

test('report: TracInCP must be ahead of the best baseline by both measures; behind by one it fails, else nothing is decided', () => {
  assert.equal(verdictOf(good).holds, true)
  assert.equal(verdictOf({ ...good, 'mean-loss': [0.7, 0.8] }).holds, false) // behind in the first 10 %
  assert.equal(verdictOf({ ...good, loss: [0.2, 0.91] }).holds, false) // behind in the area, and of another baseline
  assert.equal(verdictOf({ ...good, 'mean-loss': [0.5995, 0.8] }).holds, null) // level in the first 10 %
  assert.equal(verdictOf(good, 4).holds, null) // too few seeds
  assert.equal(tracin.report(spec, [...makeTrials(good), { ...makeTrial(5, good), state: 'failed' as const }]).verdict.holds, null)
})

test('report: the evidence has the best baseline, the difference with its interval, and what averaging the loss does', () => {
  // seeds scatter by the same 0 .. 8 points, the mean loss by .2 more in two of five: difference 20 - .08, +- t .05
  assert.match(verdictOf(good).evidence, /TracInCP \(last layer\): 64 % in the first 10 %; the best baseline, mean loss: 44\.1 % in the first 10 %; difference 19\.9 points \(95 % interval 19\.8 to 20\.1 over 5 seeds\), TracInCP is ahead/)
  assert.match(verdictOf(good).evidence, /the gradients find more than averaging the loss/)
  const level = verdictOf({ ...good, 'mean-loss': [0.5995, 0.8] }).evidence
  assert.match(level, /includes 0: the baseline does as well/)
  assert.match(level, /averaging the loss over the same checkpoints does as well/)
  assert.match(verdictOf({ ...good, 'mean-loss': [0.7, 0.9] }).evidence, /averaging the loss over the same checkpoints does as well or better/)
  assert.match(verdictOf(good, 1).evidence, /no interval with fewer than 5 seeds/)
  assert.match(verdictOf({ ...good, 'mean-loss': [0.7, 0.8] }).evidence, /mean loss: 74.1 %.*TracInCP is behind/)
})

test('report: predictions of a spec are what the verdict says and checks, each of them', () => {
  const judge = (predictions: Prediction[], trials = makeTrials(good)) => tracin.report({ ...spec, predictions }, trials).verdict
  const level = (atLeast: number, atMost = 1, more: Partial<Prediction> = {}): Prediction => ({ measure: 'found10', atLeast, atMost, ...more })
  assert.equal(judge([level(0.63)]).holds, true) // the mean is .64
  assert.equal(judge([level(0.65)]).holds, false)
  assert.equal(judge([level(0, 0.63)]).holds, false)
  assert.equal(judge([level(0.63), level(0.12, 0.28, { method: 'random' })]).holds, false) // .1 by chance
  // a prediction that holds does not hide that a baseline does better
  const better = judge([level(0.1)], makeTrials({ ...good, representer: [0.8, 0.95] }))
  assert.equal(better.holds, true)
  assert.match(better.evidence, /the best baseline, representer points: .* TracInCP is behind/)
  const ahead = (atLeast: number): Prediction => ({ measure: 'found10', over: 'loss', atLeast, atMost: 1 })
  assert.equal(judge([ahead(0.39)]).holds, true) // .4 ahead
  assert.equal(judge([ahead(0.41)]).holds, false)
  assert.equal(judge([ahead(0.39)], makeTrials(good, 4)).holds, null)
  assert.equal(judge([level(0.63), level(0.1, 1, { method: 'representer' })]).holds, null)
  assert.match(judge([level(0.1, 1, { method: 'representer' })]).evidence, /nothing of representer points/)
  assert.equal(judge([level(0.12, 0.28, { method: 'random' }), ahead(0.1)]).predicts,
    'random order finds at least 12 % and at most 28 % of the wrong labels within the first 10 %; ' +
    'TracInCP (last layer) is ahead of loss at the end within the first 10 %, by at least 10 points, and by the 95 % interval of the paired difference over at least 5 seeds')
})

test('presets: predict what their verdict checks', () => {
  for (const { name, predicts, spec: preset } of tracin.presets) {
    const { verdict } = tracin.report(preset, makeTrials(good, 5, { labelNoise: preset.labelNoise.kind as 'none' }))
    assert.equal(verdict.predicts, predicts, name)
  }
})

test('report: results of before there were other baselines are read as well', () => {
  const { baselines: _, ...old } = spec
  const { verdict, tables, figures } = tracin.report(old as TracinSpec, makeTrials({ 'tracin-last': [0.6, 0.9], loss: [0.2, 0.6] }))
  assert.equal(verdict.holds, true)
  assert.doesNotMatch(verdict.evidence, /mean loss|undefined|NaN/)
  assert.ok(figures.some(({ name }) => name === 'fraction-found'))
  assert.equal(tables.some(({ name }) => name === 'left-out'), false)
})

test('report: lists mean and seeds of every order, the paired differences, and what was left out with the reason', () => {
  const { tables } = tracin.report(spec, makeTrials(good, 5, { leftOut: [{ name: 'influence-function', reason: 'too large' }] }))
  const rowsOf = (table: string, method: string) => tables.find(({ name }) => name === table)!.rows.filter(([first]) => first === method)
  const found = rowsOf('fraction-found', 'TracInCP (last layer)').map(row => [row[1], row[3]])
  assert.deepEqual(found, [['mean', 0.64], [0, 0.6], [1, 0.62], [2, 0.64], [3, 0.66], [4, 0.68]])
  const [row] = rowsOf('differences', 'mean loss')
  assert.deepEqual([row![1], row![4], row![8]], [0.1992, 'best baseline', 'best baseline'])
  assert.ok(row![2] as number < 0.1992 && row![3] as number > 0.1992)
  assert.deepEqual(rowsOf('left-out', 'influence function')[0], ['influence function', 0, 'too large'])
})

test('report: without noise the top tenth’s loss is judged against tenths by chance, with every seed', () => {
  const nothing = { flipped: [], methods: [], memorised: null }
  const judge = (...changes: Partial<TracinResult>[]) =>
    tracin.report(clean, changes.map((change, seed) => makeTrial(seed, {}, { ...nothing, ...change }))).verdict
  assert.equal(judge({}).holds, true)
  assert.match(judge({}).claim, /hard/)
  assert.equal(judge({}, { topLossRatio: 1.1 }).holds, false)
  const { topLossNull: _, ...old } = makeTrial(0, {}).result!
  assert.equal(tracin.report(clean, [{ ...makeTrial(0, {}), result: { ...old, ...nothing } }]).verdict.holds, null)
})

const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=='

test('report: the contact sheet is the first trial’s artifact', () => {
  const { figures } = tracin.report(spec, [makeTrial(0, good, { contactSheet: 8 }), makeTrial(1, good, { contactSheet: 8 })])
  assert.deepEqual(figures.at(-1), {
    name: 'contact-sheet', title: 'The most self-influential examples', artifact: { trial: 't0', name: 'contact-sheet', step: 8 }
  })
})

test('report: figures have their data inside and can be drawn, one seed or several, noise or none, with the pictures of old results', async () => {
  const ranking = [{ index: 4, label: 1, trueLabel: 0, score: 3, picture }, { index: 20, label: 1, trueLabel: 1, score: 2, picture }]
  const cases = [
    tracin.report(spec, makeTrials(Object.fromEntries(methodNames.filter(name => name !== 'random').map((name, m) => [name, [0.5 - 0.02 * m, 0.8]])), 5, { ranking })),
    tracin.report(clean, [makeTrial(0, good, { flipped: [], methods: [], memorised: null })])
  ]
  assert.deepEqual(cases.map(({ figures }) => figures.map(({ name }) => name)), [
    ['fraction-found', 'learning', 'self-influence', 'contact-sheet'], ['learning', 'self-influence']
  ])
  for (const figure of cases.flatMap(({ figures }) => figures)) {
    const { name } = figure
    assert.ok('vegaLite' in figure, name)
    const svg = new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' }))
    assert.match(svg, /^<svg/, name)
    assert.doesNotMatch(svg, /NaN|undefined/, name)
    if (name === 'contact-sheet') assert.equal(svg.match(/<image /g)!.length, 2)
  }
})
