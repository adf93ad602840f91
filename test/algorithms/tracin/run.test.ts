import assert from 'node:assert/strict'
import test from 'node:test'
import { openClasses } from '../../../src/datasets/classes.js'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import { baselinesFor } from '../../../src/algorithms/tracin/baselines/names.js'
import type { TracinResult, TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import { areaUnder, discover, rankDescending } from '../../../src/influence/ranking.js'
import type { NamedArray } from '../../../src/math/arrays.js'
import { operations } from '../../../src/influence/operations.js'
import { createResponder } from '../../../src/influence/responder.js'
import type { SelfInfluenceResponse } from '../../../src/influence/schemas.js'
import { bundleOf } from '../../helpers/bundle.js'
import { fingerprint, drive, fillSpec, generate, generateData } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'

const engine = await openTestEngine()
const algorithm = tracin as unknown as Parameters<typeof fillSpec>[0]

/** A spec that trains in a few hundred milliseconds. */
function makeSpec (changes: object = {}): TracinSpec {
  return fillSpec<TracinSpec>(algorithm, {
    data: { generator: { type: 'blobs', classes: 4, features: 6, train: 150, test: 40, spread: 0.25 } },
    network: { type: 'mlp', hidden: [12] },
    optimizer: { learningRate: 0.2, schedule: { type: 'cosine' } },
    epochs: 6,
    batchSize: 20,
    checkpoints: { type: 'every', epochs: 2 },
    labelNoise: { kind: 'random' },
    ...changes
  })
}

async function runTrial (spec: TracinSpec): Promise<{ events: RunEvent[], result: TracinResult }> {
  const trial = algorithm.plan(spec)[0]!
  const { events, result } = await drive(algorithm, trial, { engine, data: generateData(algorithm, trial) })
  return { events, result: result as TracinResult }
}

function only<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

test('run: checkpoints come after the epochs of the schedule with the rate of their last step', async () => {
  const { events, result } = await runTrial(makeSpec())
  const checkpoints = only(events, 'checkpoint')
  // 150 examples in batches of 20 are 8 steps an epoch
  assert.deepEqual(checkpoints.map(({ step }) => step), [16, 32, 48])
  const rate = (step: number) => 0.2 * (0.01 + 0.99 * (1 + Math.cos(Math.PI * (step - 1) / 48)) / 2)
  checkpoints.forEach(({ step, learningRate }) => assert.ok(Math.abs(learningRate - rate(step)) < 1e-12))
  checkpoints.forEach(({ interval, counted }, i) => {
    assert.deepEqual([interval!.from, interval!.to, counted], [16 * i, 16 * (i + 1), true])
    const rates = Array.from({ length: 16 }, (_, s) => rate(16 * i + s + 1)).reduce((a, b) => a + b, 0)
    assert.ok(Math.abs(interval!.weight - rates / 150) < 1e-12)
  })
  assert.deepEqual(result.checkpoints, checkpoints.map(({ step, learningRate, interval, counted }) => (
    { epoch: step / 8, step, learningRate, interval, counted })))
  assert.deepEqual(only(events, 'model')[0]!.descent, { type: 'sgd', momentum: 0 })
})

test('run: checkpoints at the start of their intervals count the first weights, and not the last, which are stored and indexed', async () => {
  const { events, result } = await runTrial(makeSpec({ checkpoints: { type: 'even', count: 3, at: 'start' }, labelNoise: { kind: 'hardest' } }))
  const stored = only(events, 'checkpoint').filter(({ model }) => model === 'trained')
  assert.deepEqual(stored.map(({ step, counted, interval }) => [step, counted, interval?.from, interval?.to]), [
    [0, true, 0, 16], [16, true, 16, 32], [32, true, 32, 48], [48, false, undefined, undefined]
  ])
  assert.deepEqual(only(events, 'influence').map(({ step }) => step), [0, 16, 32, 48])
  assert.deepEqual(result.checkpoints.map(({ epoch, counted }) => [epoch, counted]), [[0, true], [2, true], [4, true], [6, false]])
  assert.ok(only(events, 'metrics').some(({ step, values }) => step === 0 && values.testLoss! > 0), 'what counts is measured')
  const [clean] = only(events, 'checkpoint')
  assert.deepEqual([clean!.model, clean!.step, clean!.counted, clean!.interval], ['clean', 48, true, undefined])
})

test('run: weights=rate sums by the rates that the paper writes', async () => {
  const scoresOf = async (changes: object) => (await runTrial(makeSpec(changes))).result.ranking[0]!.score
  // one checkpoint, so that both orders are one: interval counts 48 steps over 150 examples where rate counts once
  const one = { checkpoints: { type: 'even', count: 1 }, optimizer: { learningRate: 0.2 }, selfInfluence: ['all'] }
  const [interval, rate] = [await scoresOf(one), await scoresOf({ ...one, weights: 'rate' })]
  assert.ok(Math.abs(interval / rate - 48 / 150) < 1e-12)
})

test('run: the index parts and scores are those that the responder computes from the stored weights', async () => {
  const { events, result } = await runTrial(makeSpec({ selfInfluence: ['last'] }))
  const dataset = generate((makeSpec().data as { generator: Parameters<typeof generate>[0] }).generator)
  const parts = [{ layers: 'last' as const, steps: only(events, 'influence').map(({ step, arrays }) => ({ step, arrays })) }]
  const bundle = { ...bundleOf(events, dataset), parts }
  const responder = createResponder(engine)
  for (const { step, arrays } of parts[0]!.steps) {
    assert.equal(fingerprint(await responder.buildPart(bundle, 'last', step)), fingerprint(arrays))
  }
  const { items } = await responder.answer(operations['self-influence'], bundle, { limit: 20 }) as SelfInfluenceResponse
  items.forEach(({ index, score, label }, i) => {
    const ranked = result.ranking[i]!
    assert.deepEqual([index, label], [ranked.index, ranked.label])
    // the same products, summed in another order
    assert.ok(Math.abs(score - ranked.score) <= 1e-12 * score)
  })
  responder.close()
})

test('run: random wrong labels are never the own ones, stand in the training view, and the rest is untouched', async () => {
  const { events, result } = await runTrial(makeSpec())
  const { relabelled, count } = only(events, 'model')[0]!.trainingView!
  assert.equal(count, 150)
  assert.equal(relabelled.indices.length, 15)
  assert.deepEqual(relabelled.indices, result.flipped)
  const { labels } = openClasses(generate((makeSpec().data as { generator: Parameters<typeof generate>[0] }).generator)).train
  relabelled.indices.forEach((index, i) => assert.notEqual(relabelled.labels[i], labels[index]))
  for (const { index, label, trueLabel } of result.ranking) {
    assert.equal(trueLabel, labels[index])
    assert.equal(label !== trueLabel, result.flipped.includes(index))
  }
})

test('run: hardest wrong labels need a clean model first, which is stored too and saw no wrong label', async () => {
  const { events, result } = await runTrial(makeSpec({ labelNoise: { kind: 'hardest' } }))
  const [clean, trained] = only(events, 'model')
  assert.deepEqual([clean!.name, trained!.name], ['clean', 'trained'])
  assert.deepEqual(clean!.trainingView!.relabelled, { indices: [], labels: [] })
  assert.equal(trained!.trainingView!.relabelled.indices.length, 15)
  const stored = only(events, 'checkpoint').map(({ model, step }) => [model, step])
  assert.deepEqual(stored, [['clean', 48], ['trained', 16], ['trained', 32], ['trained', 48]])
  assert.ok(only(events, 'influence').every(({ model }) => model === 'trained'))
  assert.ok(result.accuracy!.cleanTest! > 0.5)
})

test('run: without label noise nothing is flipped and nothing is compared', async () => {
  const { events, result } = await runTrial(makeSpec({ labelNoise: { kind: 'none' } }))
  assert.deepEqual([result.flipped, result.methods, result.memorised, result.accuracy!.cleanTest], [[], [], null, null])
  assert.equal(only(events, 'model').length, 1)
  assert.equal(result.accuracy!.trainGiven, result.accuracy!.trainTrue)
})

test('run: limits take the first examples', async () => {
  const { events, result } = await runTrial(makeSpec({ trainExamples: 60, testExamples: 10, epochs: 2 }))
  assert.deepEqual([result.trainExamples, result.testExamples], [60, 10])
  assert.ok(only(events, 'influence').every(({ arrays }) => arrays.deltas!.shape[0] === 60))
  assert.ok(result.ranking.every(({ index }) => index < 60))
})

test('run: a CNN on pictures scores by all its layers and shows its most influential examples', async () => {
  const { events, result } = await runTrial(makeSpec({
    data: { generator: { type: 'glyphs', train: 40, test: 10 } },
    network: { type: 'cnn', layers: [{ type: 'conv', filters: 3, stride: 2 }, { type: 'max-pool' }] },
    epochs: 1,
    selfInfluence: ['all']
  }))
  assert.deepEqual(result.methods.map(({ name }) => name), ['tracin-all', ...baselinesFor('classes'), 'random'])
  const [sheet, ...others] = only(events, 'artifact')
  assert.deepEqual([sheet!.name, sheet!.step, sheet!.mediaType, others.length], ['contact-sheet', result.contactSheet, 'image/svg+xml', 0])
  const svg = new TextDecoder().decode(sheet!.bytes)
  assert.equal(svg.match(/<image /g)!.length, 40)
})

test('run: softmax regression works, with a batch larger than the data', async () => {
  const changes = { network: { type: 'softmax' }, batchSize: 500, epochs: 2, checkpoints: { type: 'log', count: 2 } }
  const { events } = await runTrial(makeSpec(changes))
  assert.deepEqual(only(events, 'checkpoint').map(({ step }) => step), [1, 2])
})

test('run: averages are over the checkpoints and the rest is of the last one, as their factors say', async () => {
  const { events, result } = await runTrial(makeSpec({ selfInfluence: ['last'] }))
  const parts = only(events, 'influence').map(({ arrays }) => arrays)
  const lengthsOf = ({ shape: [count, width], data }: NamedArray, more: number[]) =>
    Float64Array.from({ length: count! }, (_, i) => Math.hypot(...more, ...data.subarray(width! * i, width! * (i + 1))))
  const deltaNorms = parts.map(({ deltas }) => lengthsOf(deltas!, []))
  const inputNorms = lengthsOf(parts.at(-1)!.activations!, [1]) // with that of the bias
  const gradientNorms = deltaNorms.at(-1)!.map((norm, i) => norm * inputNorms[i]!)
  const marked = new Uint8Array(150)
  for (const index of result.flipped) marked[index] = 1
  for (const [name, scores] of [
    ['el2n', deltaNorms[0]!.map((_, i) => deltaNorms.reduce((sum, norms) => sum + norms[i]!, 0))], ['gradient-norm', gradientNorms]
  ] as const) {
    const { auc } = result.methods.find(method => method.name === name)!
    assert.equal(auc, areaUnder(discover(rankDescending(scores), marked)), name)
  }
  const areas = new Set(result.methods.map(({ auc }) => auc))
  assert.ok(areas.size > 5, 'orders of their own')
  assert.deepEqual(result.leftOut, [])
})

test('run: taken up after the last checkpoint, the baselines are what they were', async () => {
  const trial = algorithm.plan(makeSpec())[0]!
  const options = { engine, data: generateData(algorithm, trial) }
  const whole = await drive(algorithm, trial, { ...options, keep: Array.from({ length: 500 }, (_, i) => i) })
  const { state } = whole.snapshots.get(whole.boundaries - 1)! // scoring all layers: what is said at the end has been computed
  assert.ok(state.arrays['baselines/end/representer'] && state.arrays['baselines/averages/probabilities'], Object.keys(state.arrays).join())
  const { result } = await drive(algorithm, trial, { ...options, resume: state })
  assert.equal(fingerprint(result), fingerprint(whole.result))
})

test('run: only the baselines of the spec are compared, and one that is too large says why', async () => {
  const { result } = await runTrial(makeSpec({ network: { type: 'mlp', hidden: [500] }, epochs: 1, baselines: { methods: ['loss', 'influence-function'] } }))
  assert.deepEqual(result.methods.map(({ name }) => name), ['tracin-last', 'tracin-all', 'loss', 'random'])
  assert.match(result.leftOut!.map(({ name, reason }) => `${name}: ${reason}`).join(), /^influence-function: the last layer has 2004 parameters/)
})
