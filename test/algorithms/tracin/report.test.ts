import assert from 'node:assert/strict'
import test from 'node:test'
import type { FinishedTrial } from '../../../src/algorithms/contract.js'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import type { MethodName, TracinResult, TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import { draw } from '../../../src/figures/draw.js'
import { fillSpec } from '../../helpers/drive.js'

const spec = fillSpec<TracinSpec>(tracin, { data: { generator: { type: 'blobs' } }, seeds: [0, 1] })
const clean = { ...spec, labelNoise: { kind: 'none' as const, fraction: 0.1 } }

function makeMethod (name: MethodName, at10: number, at20: number): TracinResult['methods'][number] {
  return { name, foundAt: { 5: at10 / 2, 10: at10, 20: at20, 30: at20 }, auc: 0.9, curve: [[0, 0], [0.1, at10], [0.2, at20], [1, 1]] }
}

interface Found { last: [number, number], loss: [number, number], memorised: number }

function makeTrial (
  seed: number, { last, loss, memorised }: Found, changes: Partial<TracinResult> = {}
): FinishedTrial<TracinSpec, TracinResult> {
  const result: TracinResult = {
    trainExamples: 100,
    testExamples: 10,
    parameters: 5,
    checkpoints: [{ epoch: 2, step: 8, learningRate: 0.1 }],
    accuracy: { trainGiven: 1, trainTrue: 0.9, test: 0.8, cleanTest: 0.9 },
    memorised,
    flipped: Array.from({ length: 10 }, (_, i) => i),
    methods: [makeMethod('tracin-last', ...last), makeMethod('loss', ...loss), makeMethod('random', 0.1, 0.2)],
    concentration: 0.6,
    topLossRatio: 3,
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

const good: Found = { last: [0.8, 0.95], loss: [0.5, 0.7], memorised: 1 }

test('report: holds when the scores find enough, and sooner than the loss where labels are memorised', () => {
  const holds = (found: Partial<Found>) => tracin.report(spec, [makeTrial(0, { ...good, ...found })]).verdict.holds
  assert.equal(holds({}), true)
  assert.equal(holds({ last: [0.8, 0.89] }), false) // less than 90 % of all within 20 %
  assert.equal(holds({ loss: [0.75, 0.9] }), false) // memorised, but only 5 points ahead
  assert.equal(holds({ loss: [0.75, 0.9], memorised: 0.5 }), true) // not memorised: the loss may be as good
})

test('report: thresholds are parts of the best possible where more is flipped than is checked', () => {
  const flipped = Array.from({ length: 40 }, (_, i) => i) // within 20 % at most half of 40 % can be found
  const trial = (at20: number) => makeTrial(0, { last: [0.25, at20], loss: [0.1, 0.3], memorised: 1 }, { flipped })
  assert.equal(tracin.report(spec, [trial(0.46)]).verdict.holds, true)
  assert.equal(tracin.report(spec, [trial(0.44)]).verdict.holds, false)
})

test('report: judges the mean of the seeds and lists mean and seeds', () => {
  const { verdict, tables } = tracin.report(spec, [makeTrial(0, { ...good, last: [0.8, 1] }), makeTrial(1, { ...good, last: [0.8, 0.84] })])
  assert.equal(verdict.holds, true) // mean 0.92
  assert.match(verdict.evidence, /92 %.*mean of 2 seeds/)
  const rows = tables.find(({ name }) => name === 'fraction-found')!.rows.filter(([method]) => method === 'TracInCP, last layer')
  assert.deepEqual(rows.map(row => [row[1], row[4]]), [['mean', 0.92], [0, 1], [1, 0.84]])
})

test('report: without noise another claim is judged', () => {
  const nothing = { flipped: [], methods: [], memorised: null }
  const holds = (changes: Partial<TracinResult>) => tracin.report(clean, [makeTrial(0, good, { ...nothing, ...changes })]).verdict
  assert.equal(holds({}).holds, true)
  assert.match(holds({}).claim, /hard/)
  assert.equal(holds({ concentration: 0.4 }).holds, false)
  assert.equal(holds({ topLossRatio: 1.5 }).holds, false)
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
    tracin.report(spec, [makeTrial(0, good, { ranking }), makeTrial(1, good)]),
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
