import assert from 'node:assert/strict'
import test from 'node:test'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { openClasses } from '../../src/datasets/classes.js'
import type { Dataset, TrainingView } from '../../src/datasets/dataset.js'
import { operations } from '../../src/influence/operations.js'
import { createResponder, type ModelBundle } from '../../src/influence/responder.js'
import {
  InfluenceRequest, InfluenceResponse, PredictRequest, PredictResponse, SelfInfluenceRequest, SelfInfluenceResponse
} from '../../src/influence/schemas.js'
import { openView } from '../../src/influence/view.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import { outputShapes, type Architecture } from '../../src/tensor/architecture.js'
import { createNetwork } from '../../src/tensor/network.js'
import { crossEntropy } from '../../src/tensor/ops.js'
import { describeClassified, toSplit } from '../helpers/descriptions.js'
import { cnn, makeExamples, mlp, openTestEngine } from '../tensor/helpers.js'
import { makeCheckpoints } from './checkpoints.js'

const engine = await openTestEngine()
const { tf } = engine
const responder = createResponder(engine)

/** A model that was trained on a stored data set. */
type Trained = ModelBundle & { dataset: Dataset, trainingView: TrainingView, preprocessing: { offset: number, scale: number } }

/** A stored model with two checkpoints and no index, over 40 training and 10 test examples, of which it saw 30. */
function makeBundle (architecture: Architecture): Trained {
  const { data, target, inputShape, preprocessing } = makeExamples(architecture, { count: 50 })
  const width = data.inputs.length / 50
  const split = (from: number, to: number) => toSplit({
    inputs: data.inputs.subarray(from * width, to * width), labels: target.subarray(from, to), count: to - from
  })
  const classes = outputShapes(architecture).at(-1)![0]!
  const labelNames = Array.from({ length: classes }, (_, c) => `class ${c}`)
  const description = describeClassified({ inputShape, dtype: 'uint8', labelNames, trainCount: 40, testCount: 10 })
  const dataset = { ...description, train: split(0, 40), test: split(40, 50) }
  const other = (index: number) => (target[index]! + 1) % classes
  const checkpoints = makeCheckpoints(engine, architecture)
  return {
    modelId: 'm',
    architecture,
    preprocessing,
    trainingView: { datasetId: 'd', split: 'train', count: 30, dropped: [2, 5], relabelled: { indices: [7, 11], labels: [other(7), other(11)] } },
    fields: dataset.fields,
    dataset,
    checkpoints,
    parts: []
  }
}

/** The same with its index built. */
async function makeIndexed (architecture: Architecture, layers: 'last' | 'all'): Promise<Trained> {
  const bundle = makeBundle(architecture)
  const steps = []
  for (const { step } of bundle.checkpoints) steps.push({ step, arrays: await responder.buildPart(bundle, layers, step) })
  responder.forget(bundle)
  return { ...bundle, parts: [{ layers, steps }] }
}

/** Gradient by automatic differentiation at one checkpoint: no formula of the code under test. */
function explicitGradient (
  bundle: Trained, c: number, split: 'train' | 'test', index: number, label: number, layers: 'last' | 'all'
): Float64Array {
  const { architecture, preprocessing: { offset, scale } } = bundle
  const dataset = openClasses(bundle.dataset)
  const network = createNetwork(engine, architecture, openStream(0, 'unused'))
  network.load(bundle.checkpoints[c]!.arrays)
  const used = layers === 'last' ? network.parameters.slice(-2) : network.parameters
  const width = dataset.train.inputs.length / dataset.train.count
  const input = Float32Array.from(dataset[split].inputs.subarray(index * width, (index + 1) * width), value => (value - offset) * scale)
  let gradient = new Float64Array(0)
  tf.tidy(() => {
    const x = tf.tensor(input, [1, ...dataset.inputShape])
    const loss = () => tf.sum(crossEntropy(engine, network.logits(x), tf.tensor1d([label], 'int32'))) as Scalar
    const { grads } = tf.variableGrads(loss, used.map(({ variable }) => variable))
    gradient = Float64Array.from(used.flatMap(({ variable }) => [...(grads[variable.name] as Tensor).dataSync()]))
  })
  network.dispose()
  return gradient
}

function dot (left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, i) => sum + value * right[i]!, 0)
}

/** TracInCP of all examples of the view on one test example, share by share. */
function bruteForce (
  bundle: Trained, testIndex: number, label: number, layers: 'last' | 'all'
): { index: number, shares: number[] }[] {
  const { indices, target } = openView(bundle.trainingView, bundle.dataset)
  const query = bundle.checkpoints.map((_, c) => explicitGradient(bundle, c, 'test', testIndex, label, layers))
  return Array.from(indices, index => ({
    index,
    shares: bundle.checkpoints.map(({ learningRate }, c) =>
      learningRate * dot(query[c]!, explicitGradient(bundle, c, 'train', index, target[index]!, layers)))
  }))
}

/** A prediction of a model of head classes. */
function classified<P extends { head: string }> (prediction: P): Extract<P, { head: 'classes' }> {
  assert.equal(prediction.head, 'classes')
  return prediction as Extract<P, { head: 'classes' }>
}

async function influence (bundle: ModelBundle, request: unknown): Promise<InfluenceResponse> {
  assert.deepEqual(compileCheck(InfluenceRequest)(structuredClone(request)), [])
  const response = await responder.answer(operations.influence, bundle, request) as InfluenceResponse
  assert.deepEqual(compileCheck(InfluenceResponse)(structuredClone(response)), [])
  return response
}

const networks = [['MLP', mlp, 'last'], ['MLP', mlp, 'all'], ['CNN', cnn, 'last'], ['CNN', cnn, 'all']] as const

for (const [name, architecture, layers] of networks) {
  test(`influence: proponents, opponents, scores and shares are those of explicit gradients (${name}, layers ${layers})`, async () => {
    const bundle = await makeIndexed(architecture, layers)
    const queries = [{ split: 'test', index: 3 }, { split: 'test', index: 8, label: 1 }]
    const { results, index } = await influence(bundle, { queries, layers, topK: 5 })
    const checkpoints = [{ step: 10, learningRate: 0.3, weight: 0.3 }, { step: 20, learningRate: 0.1, weight: 0.1 }]
    const { coverage: _, unit: __, notes: ___, ...used } = index
    assert.deepEqual(used, { layers, examples: 30, checkpoints, exact: true, weights: 'rate' })
    const trained = architecture.layers.flatMap(({ type }, layer) => type === 'dense' || type === 'conv' ? [{ layer, type, parameters: ['weight', 'bias'] }] : [])
    assert.deepEqual(index.coverage, layers === 'last' ? trained.slice(-1) : trained)
    for (const [q, testIndex] of [3, 8].entries()) {
      const { label, labelFrom, proponents, opponents } = results[q]!
      assert.equal(label, q === 0 ? openClasses(bundle.dataset).test.labels[3] : 1)
      assert.equal(labelFrom, q === 0 ? 'dataset' : 'request')
      const expected = bruteForce(bundle, testIndex, label!, layers)
        .map(entry => ({ ...entry, score: entry.shares[0]! + entry.shares[1]! }))
        .sort((a, b) => b.score - a.score)
      assert.deepEqual(proponents.map(entry => entry.index), expected.slice(0, 5).map(entry => entry.index))
      assert.deepEqual(opponents.map(entry => entry.index), expected.slice(-5).reverse().map(entry => entry.index))
      for (const entry of [...proponents, ...opponents]) {
        const same = expected.find(candidate => candidate.index === entry.index)!
        const scale = Math.max(...same.shares.map(Math.abs))
        // float32 gradients on both sides: about 1e-6 relative, more where products cancel
        assert.ok(Math.abs(entry.score - same.score) <= 1e-4 * scale, `${entry.score} is not ${same.score}`)
        entry.shares.forEach((share, c) => assert.ok(Math.abs(share - same.shares[c]!) <= 1e-4 * scale))
        assert.equal(entry.score, entry.shares[0]! + entry.shares[1]!)
      }
    }
    responder.forget(bundle)
  })
}

test('influence: checkpoints restrict the sum, and shares of separate questions add up', async () => {
  const bundle = await makeIndexed(mlp, 'last')
  const ask = async (checkpoints?: number[]) => {
    const request = { queries: [{ split: 'test', index: 0 }], topK: 30, ...(checkpoints ? { checkpoints } : {}) }
    return (await influence(bundle, request)).results[0]!.proponents
  }
  const [both, first, second] = [await ask(), await ask([10]), await ask([20])]
  for (const { index, shares } of both) {
    assert.deepEqual([first.find(entry => entry.index === index)!.score, second.find(entry => entry.index === index)!.score], shares)
  }
  responder.forget(bundle)
})

test('influence: says the training label, and the data set’s where they differ', async () => {
  const bundle = await makeIndexed(mlp, 'last')
  const { results } = await influence(bundle, { queries: [{ split: 'test', index: 0 }], topK: 30 })
  const entries = new Map(results[0]!.proponents.map(entry => [entry.index, entry]))
  assert.equal(entries.size, 30)
  assert.ok(!entries.has(2) && !entries.has(5), 'dropped examples have no influence')
  const { labels } = openClasses(bundle.dataset).train
  assert.equal(entries.get(7)!.label, bundle.trainingView.relabelled.labels[0])
  assert.equal(entries.get(7)!.trueLabel, labels[7])
  assert.equal(entries.get(6)!.label, labels[6])
  assert.equal(entries.get(6)!.trueLabel, undefined)
  responder.forget(bundle)
})

test('influence: a raw input gets what the same stored example gets, nested or flat, and the predicted class as label', async () => {
  const bundle = await makeIndexed(cnn, 'last')
  const flat = Array.from(openClasses(bundle.dataset).test.inputs.subarray(4 * 144, 5 * 144))
  const nested = Array.from({ length: 9 }, (_, i) => Array.from({ length: 8 }, (_, j) => flat.slice((i * 8 + j) * 2, (i * 8 + j) * 2 + 2)))
  const stored = await influence(bundle, { queries: [{ split: 'test', index: 4, label: 0 }], topK: 4 })
  for (const input of [flat, nested]) {
    const raw = await influence(bundle, { queries: [{ input, label: 0 }, { input }], topK: 4 })
    assert.deepEqual(raw.results[0]!.query, { input: 'raw' })
    // alone or beside another query, a network computes the same up to float32 rounding
    raw.results[0]!.proponents.forEach(({ index, score }, i) => {
      const expected = stored.results[0]!.proponents[i]!
      assert.equal(index, expected.index)
      assert.ok(Math.abs(score - expected.score) <= 1e-5 * Math.abs(expected.score))
    })
    assert.equal(raw.results[1]!.labelFrom, 'prediction')
    assert.equal(raw.results[1]!.label, classified(raw.results[1]!.prediction).label)
  }
  responder.forget(bundle)
})

test('influence: without an index it says which request builds it', async () => {
  const bundle = await makeIndexed(mlp, 'last')
  await assert.rejects(responder.answer(operations.influence, bundle, { queries: [{ split: 'test', index: 0 }], layers: 'all' }), {
    code: 'index_missing', extra: { remedy: { method: 'POST', path: '/v1/models/m/influence-indexes', body: { layers: 'all' } } }
  })
  responder.forget(bundle)
})

test('influence: topK beyond the training examples gives all of them, also by default', async () => {
  const bundle = await makeIndexed(mlp, 'last')
  const small = { ...bundle, trainingView: { ...bundle.trainingView, count: 8, dropped: [], relabelled: { indices: [], labels: [] } }, parts: [] as ModelBundle['parts'] }
  const steps = []
  for (const { step } of small.checkpoints) steps.push({ step, arrays: await responder.buildPart(small, 'last', step) })
  small.parts.push({ layers: 'last', steps })
  for (const topK of [{}, { topK: 1000 }]) {
    const { proponents, opponents } = (await influence(small, { queries: [{ split: 'test', index: 0 }], ...topK })).results[0]!
    assert.deepEqual(proponents.map(({ index }) => index).sort(), [0, 1, 2, 3, 4, 5, 6, 7])
    assert.deepEqual(opponents, proponents.toReversed())
  }
  responder.forget(bundle)
  responder.forget(small)
})

test('a model without checkpoints has nothing to say', async () => {
  const bundle = { ...makeBundle(mlp), checkpoints: [] }
  const queries = [{ split: 'test', index: 0 }]
  for (const [operation, request] of [['predict', { queries }], ['influence', { queries }], ['self-influence', {}]] as const) {
    await assert.rejects(responder.answer(operations[operation], bundle, request), { code: 'no_checkpoint' }, operation)
  }
  await assert.rejects(responder.buildPart(bundle, 'last', 10), { code: 'no_checkpoint' })
  responder.forget(bundle)
})

test('influence: what does not fit the model is refused by path, rule and what was got', async () => {
  const bundle = await makeIndexed(mlp, 'last')
  const refused = async (request: object, detail: RegExp) =>
    await assert.rejects(responder.answer(operations.influence, bundle, { queries: [{ split: 'test', index: 0 }], ...request }), error => {
      assert.equal((error as { code: string }).code, 'invalid_input')
      assert.match((error as { detail: string }).detail, detail)
      return true
    })
  await refused({ checkpoints: [10, 11] }, /^checkpoints\[1\] must be a step of a checkpoint \(10, 20\), got 11$/)
  await refused({ queries: [{ split: 'test', index: 10 }] }, /^queries\[0\]\.index must be < 10, .*got 10$/)
  const wrongLabel = { split: 'test', index: 0, label: 4 }
  await refused({ queries: [{ split: 'test', index: 0 }, wrongLabel] }, /^queries\[1\]\.label must be < 4, .*got 4$/)
  await refused({ queries: [{ split: 'test' }] }, /^queries\[0\] must have split and index, or input/)
  await refused({ queries: [{ input: [1], split: 'test', index: 0 }] }, /^queries\[0\] must have either input, or split and index/)
  await refused({ queries: [{ input: [1, 2] }] }, /^queries\[0\]\.input must be an array of 12, .*got "an array of 2"$/)
  await refused({ queries: [{ input: [...Array(11).fill(0), 'x'] }] }, /^queries\[0\]\.input\[11\] must be a number that is finite in float32, got "x"$/)
  responder.forget(bundle)
})

test('schemas: requests that cannot mean anything are refused before they reach a model', () => {
  const query = { split: 'test', index: 0 }
  const bad: [object, object][] = [
    [InfluenceRequest, { queries: [] }],
    [InfluenceRequest, { queries: [query], topK: 0 }],
    [InfluenceRequest, { queries: [query], topK: 1001 }],
    [InfluenceRequest, { queries: [query], method: 'leave-one-out' }],
    [InfluenceRequest, { queries: [query], layers: 'first' }],
    [InfluenceRequest, { queries: [query], checkpoints: [] }],
    [InfluenceRequest, { queries: [query], checkpoints: [5, 5] }],
    [InfluenceRequest, { queries: [{ ...query, indx: 3 }] }],
    [InfluenceRequest, { queries: [{ ...query, index: -1 }] }],
    [PredictRequest, { queries: [{ split: 'valid', index: 0 }] }],
    [SelfInfluenceRequest, { order: 'random' }],
    [SelfInfluenceRequest, { limit: 0 }]
  ]
  for (const [schema, request] of bad) assert.notDeepEqual(compileCheck(schema)(request), [], JSON.stringify(request))
})

test('inputs and outputs that are not finite are refused: no answer holds a NaN', async () => {
  // Without a layer that saturates, and scaled up, so that what float32 just holds no longer fits.
  const linear: Architecture = { inputShape: [12], layers: [{ type: 'dense', units: 4, activation: 'linear' }] }
  const bundle = { ...await makeIndexed(linear, 'last'), preprocessing: { offset: 0, scale: 1000 } }
  const ask = async (operation: 'predict' | 'influence', value: number) => await responder.answer(operations[operation], bundle, {
    queries: [{ split: 'test', index: 0 }, { input: Array.from({ length: 12 }, () => value) }], ...(operation === 'influence' ? { topK: 1 } : {})
  })
  for (const operation of ['predict', 'influence'] as const) {
    await assert.rejects(ask(operation, 1e308), {
      code: 'invalid_input', detail: 'queries[1].input[0] must be a number that is finite in float32, got 1e+308'
    })
    await assert.rejects(ask(operation, 3e38), { code: 'non_finite_output', detail: 'queries[1] must have finite probabilities, got NaN' })
  }
  responder.forget(bundle)
})

test('predict: gives probabilities of the asked checkpoint, the last by default', async () => {
  const bundle = makeBundle(mlp)
  const ask = async (request: object) => {
    const response = await responder.answer(operations.predict, bundle, { queries: [{ split: 'train', index: 9 }], ...request }) as PredictResponse
    assert.deepEqual(compileCheck(PredictResponse)(structuredClone(response)), [])
    return response
  }
  const { results, checkpoint } = await ask({})
  const { query } = results[0]!
  const { label, labelName, probabilities } = classified(results[0]!)
  assert.equal(checkpoint, 20)
  assert.deepEqual(query, { split: 'train', index: 9 })
  assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-6)
  assert.equal(label, probabilities.indexOf(Math.max(...probabilities)))
  assert.equal(labelName, `class ${label}`)
  const earlier = await ask({ checkpoint: 10 })
  assert.equal(earlier.checkpoint, 10)
  assert.notDeepEqual(earlier.results, results)
  responder.forget(bundle)
})

for (const [name, architecture, layers] of networks) {
  test(`self-influence: ranks by the squared norms of explicit gradients (${name}, layers ${layers})`, async () => {
    const bundle = await makeIndexed(architecture, layers)
    const { indices, target } = openView(bundle.trainingView, bundle.dataset)
    const expected = Array.from(indices, index => ({
      index,
      score: bundle.checkpoints.reduce((sum, { learningRate }, c) => {
        const gradient = explicitGradient(bundle, c, 'train', index, target[index]!, layers)
        return sum + learningRate * dot(gradient, gradient)
      }, 0)
    })).sort((a, b) => b.score - a.score)
    const response = await responder.answer(operations['self-influence'], bundle, { layers, limit: 30 }) as SelfInfluenceResponse
    assert.deepEqual(compileCheck(SelfInfluenceResponse)(structuredClone(response)), [])
    assert.deepEqual(response.items.map(({ index }) => index), expected.map(({ index }) => index))
    response.items.forEach(({ score, rank }, i) => {
      assert.equal(rank, i + 1)
      assert.ok(Math.abs(score - expected[i]!.score) <= 1e-5 * expected[i]!.score)
    })
    responder.forget(bundle)
  })
}

test('self-influence: pages join to the whole ranking in both orders', async () => {
  const bundle = await makeIndexed(mlp, 'last')
  for (const order of ['desc', 'asc']) {
    const whole = await responder.answer(operations['self-influence'], bundle, { limit: 100, order }) as SelfInfluenceResponse
    assert.equal(whole.nextOffset, null)
    assert.deepEqual(whole.items.map(({ rank }) => rank), Array.from({ length: 30 }, (_, i) => order === 'desc' ? i + 1 : 30 - i))
    const items = []
    for (let offset: number | null = 0; offset !== null;) {
      const page = await responder.answer(operations['self-influence'], bundle, { limit: 8, offset, order }) as SelfInfluenceResponse
      items.push(...page.items)
      offset = page.nextOffset
    }
    assert.deepEqual(items, whole.items)
  }
  responder.forget(bundle)
})

test('buildPart: a network that overflows is refused by name and place', async () => {
  const bundle = makeBundle(mlp)
  const broken = structuredClone(bundle.checkpoints[0]!.arrays)
  broken['layer0.bias']!.data[0] = NaN
  const bad = { ...bundle, checkpoints: [{ step: 10, learningRate: 0.1, arrays: broken }] }
  await assert.rejects(responder.buildPart(bad, 'last', 10), { code: 'non_finite' })
  responder.forget(bad)
})

test('forget: leaves no tensor behind, here and in all tests before', async () => {
  for (const layers of ['last', 'all'] as const) {
    for (const architecture of [mlp, cnn]) {
      const bundle = await makeIndexed(architecture, layers)
      await influence(bundle, { queries: [{ split: 'test', index: 1 }], layers })
      responder.forget(bundle)
    }
  }
  assert.equal(engine.tensorCount(), 0)
})
