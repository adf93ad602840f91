/** Test examples that a trial explains: their proponents and opponents are those that the stored model answers with. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { decode } from 'fast-png'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { addInfluences, explain, explainedOf } from '../../../src/algorithms/tracin/explained/influences.js'
import { drawExplained } from '../../../src/algorithms/tracin/explained/sheet.js'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import type { TracinResult, TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import { draw } from '../../../src/figures/draw.js'
import { operations } from '../../../src/influence/operations.js'
import { createResponder } from '../../../src/influence/responder.js'
import type { InfluenceResponse } from '../../../src/influence/schemas.js'
import { openStream } from '../../../src/math/random.js'
import { drive, fillSpec, generate } from '../../helpers/drive.js'
import { describeClassified } from '../../helpers/descriptions.js'
import { makeTexts } from '../../helpers/texts.js'
import { openTestEngine } from '../../tensor/helpers.js'

const engine = await openTestEngine()
const algorithm = tracin as unknown as Parameters<typeof fillSpec>[0]
const generator = { type: 'glyphs' as const, classes: 4, train: 60, test: 20, noise: 0.05, seed: 1 }

function makeSpec (changes: object = {}): TracinSpec {
  return fillSpec<TracinSpec>(algorithm, {
    data: { generator },
    network: { type: 'mlp', hidden: [12] },
    optimizer: { learningRate: 0.2 },
    epochs: 6,
    batchSize: 20,
    checkpoints: { type: 'every', epochs: 2 },
    labelNoise: { kind: 'random' },
    ...changes
  })
}

async function run (spec: TracinSpec, data = generate(generator)): Promise<{ events: RunEvent[], result: TracinResult }> {
  const { events, result } = await drive(algorithm, algorithm.plan(spec)[0]!, { engine, data: { data } })
  return { events, result: result as TracinResult }
}

function only<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

test('addInfluences: weight times the dot product of the gradients, bias included', () => {
  const stream = openStream(1, 'factors')
  const [fanIn, fanOut] = [3, 2]
  const draws = (count: number) => Float64Array.from({ length: count }, () => stream.normal())
  const factors = (count: number) => ({ activations: draws(count * fanIn), deltas: draws(count * fanOut), fanIn, fanOut })
  const [tests, train] = [factors(2), factors(5)]
  const gradient = ({ activations, deltas }: typeof tests, i: number): number[] => [0, 1].flatMap(row =>
    [...activations.subarray(i * fanIn, (i + 1) * fanIn), 1].map(input => input * deltas[i * fanOut + row]!))
  const scores = new Float64Array(10).fill(1)
  addInfluences(scores, tests, train, 0.5)
  scores.forEach((score, at) => {
    const [left, right] = [gradient(tests, Math.floor(at / 5)), gradient(train, at % 5)]
    assert.ok(Math.abs(score - 1 - 0.5 * left.reduce((sum, value, k) => sum + value * right[k]!, 0)) < 1e-12)
  })
})

test('explain: lists those of the right sign alone, the strongest first, with both of their labels', () => {
  const [explained] = explain({
    tests: Int32Array.of(3),
    scores: Float64Array.of(0.5, -1, 2, 0),
    predictions: [1],
    testLabels: Int32Array.of(9, 9, 9, 2),
    labels: Int32Array.of(0, 1, 2, 3),
    trueLabels: Int32Array.of(0, 1, 5, 3)
  })
  assert.deepEqual(explained, {
    index: 3,
    label: 2,
    prediction: 1,
    proponents: [{ index: 2, label: 2, trueLabel: 5, score: 2 }, { index: 0, label: 0, trueLabel: 0, score: 0.5 }],
    opponents: [{ index: 1, label: 1, trueLabel: 1, score: -1 }]
  })
})

test('explainedOf: those that the spec names, else the first four, or as many as there are', () => {
  const positions = [explainedOf({ explain: [7, 2] }, 9), explainedOf({}, 9), explainedOf({}, 2)]
  assert.deepEqual(positions.map(some => [...some]), [[7, 2], [0, 1, 2, 3], [0, 1]])
})

test('check: a test example to be explained is one of those that are tested', () => {
  const data = describeClassified({ inputShape: [8, 8, 1], classes: 10, trainCount: 100, testCount: 20 })
  const check = (changes: object) => tracin.check!(makeSpec(changes), { data: { data }, models: {}, artifacts: {} }).map(({ path }) => path)
  assert.deepEqual([check({ explain: [19] }), check({ explain: [3, 20] }), check({ explain: [8], testExamples: 8 })], [
    [], ['spec.explain[1]'], ['spec.explain[0]']
  ])
})

test('run: what is explained is what the stored model answers', async () => {
  const { events, result } = await run(makeSpec({ explain: [11, 4] }))
  const [model] = only(events, 'model')
  const dataset = generate(generator)
  const responder = createResponder(engine)
  const { results } = await responder.answer(operations.influence, {
    modelId: 'm',
    architecture: model!.network,
    preprocessing: model!.preprocessing,
    trainingView: { ...model!.trainingView!, datasetId: 'generated' },
    fields: dataset.fields,
    dataset,
    descent: model!.descent,
    checkpoints: only(events, 'checkpoint'),
    parts: [{ layers: 'last', steps: only(events, 'influence') }]
  }, { queries: [{ split: 'test', index: 11 }, { split: 'test', index: 4 }], topK: 5 }) as InfluenceResponse
  responder.close()
  assert.deepEqual(result.explained!.map(({ index }) => index), [11, 4])
  result.explained!.forEach(({ label, prediction, proponents, opponents }, i) => {
    const answer = results[i]!
    assert.deepEqual([label, prediction], [answer.label, (answer.prediction as { label: number }).label])
    for (const [ours, theirs] of [[proponents, answer.proponents], [opponents, answer.opponents]] as const) {
      assert.equal(ours.length, 5)
      assert.deepEqual(ours.map(({ index }) => index), theirs.map(({ index }) => index))
      ours.forEach(({ score }, k) => assert.ok(Math.abs(score - theirs[k]!.score) <= 1e-5 * Math.abs(score), `${score}, ${theirs[k]!.score}`))
    }
  })
  const [sheet] = only(events, 'artifact').filter(({ name }) => name === 'explained-sheet')
  assert.equal(sheet!.step, result.explainedSheet)
  const svg = new TextDecoder().decode(sheet!.bytes)
  assert.equal(svg.match(/<image /g)!.length, 2 * 11)
  const { width, height } = decode(await draw({ svg, format: 'png' }))
  assert.ok(width > 600 && height > 200)
})

test('run: none that is explained draws no sheet; texts are shown as texts', async () => {
  const without = await run(makeSpec({ explain: [], epochs: 2 }))
  assert.deepEqual([without.result.explained, without.result.explainedSheet], [[], undefined])
  const texts = await run(makeSpec({ network: { type: 'embedding', dimensions: 6 }, optimizer: { learningRate: 5 }, explain: [1] }), makeTexts({ train: 80, test: 40 }))
  const [sheet] = only(texts.events, 'artifact').filter(({ name }) => name === 'explained-sheet')
  const svg = new TextDecoder().decode(sheet!.bytes)
  assert.ok(svg.includes('the model says') && svg.includes('+</text>') && svg.includes('−</text>'))
})

test('drawExplained: says how a test example was read, and marks wrong labels', () => {
  const some = (index: number, score: number) => ({ index, label: [index], trueLabel: [index], score })
  const result = { checkpoints: [], classNames: [], flipped: [2] }
  const svg = new TextDecoder().decode(drawExplained(result, [
    { index: 8, label: [1.5], prediction: [2], proponents: [some(1, 3)], opponents: [some(2, -4)] }
  ], { words: (split, index) => ({ row: [['split', split], ['at', String(index)], ['none', '']] }) }, 0))
  const words = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(match => match[1])
  for (const expected of ['#8', 'the model says 2', 'split: test, at: 8, none: –', 'split: train, at: 1, none: –']) assert.ok(words.includes(expected), expected)
  assert.match(svg, /fill="#e4572e">-4</)
})
