/**
 * Models of values whose inputs and targets are scaled column by column: everything that is asked and answered is in the
 * data set's units, and scores are dot products of the gradients that training had, computed here in Float64.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Dataset, TrainingView } from '../../src/datasets/dataset.js'
import type { Fields } from '../../src/datasets/description.js'
import { operations } from '../../src/influence/operations.js'
import { createResponder, type ModelBundle } from '../../src/influence/responder.js'
import {
  InfluenceRequest, InfluenceResponse, PredictRequest, PredictResponse, SelfInfluenceRequest, SelfInfluenceResponse,
  type Layers, type ModelQuery
} from '../../src/influence/schemas.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { openTestEngine } from '../tensor/helpers.js'
import { makeCheckpoints } from './checkpoints.js'

const engine = await openTestEngine()
const responder = createResponder(engine)
const COUNT = 12

type Trained = ModelBundle & { dataset: Dataset, trainingView: TrainingView }

const table: Fields = {
  inputs: {
    type: 'features',
    shape: [4],
    dtype: 'float32',
    columns: [{ name: 'rooms' }, { name: 'ocean=near' }, { name: 'ocean=far' }, { name: 'income', unit: 'USD' }],
    source: [
      { type: 'number', name: 'rooms', at: 0 },
      { type: 'category', name: 'ocean', at: 1, words: ['near', 'far'], coding: 'one-hot', other: false, missing: false },
      { type: 'number', name: 'median income', at: 3 }
    ]
  },
  target: { type: 'values', columns: [{ name: 'price', unit: 'USD' }, { name: 'age', unit: 'years' }] }
}

const preprocessing = {
  offset: [5, 0.5, 0.5, 40_000],
  scale: [1 / 2, 2, 2, 1 / 15_000],
  target: { offset: [200_000, 30], scale: [1 / 100_000, 1 / 12] }
}

/** Houses, some of which it was trained on. */
function makeBundle (loss: 'squared' | 'huber'): Trained {
  const architecture: Architecture = {
    inputShape: [4],
    layers: [{ type: 'dense', units: 5, activation: 'tanh' }, { type: 'dense', units: 2, activation: 'linear' }],
    head: { type: 'values', loss }
  }
  const stream = openStream(3, 'houses')
  const inputs = Float32Array.from({ length: COUNT }, () => stream.integer(2)).reduce<number[]>((rows, near) =>
    [...rows, 2 + stream.integer(7), near, 1 - near, Math.round(40_000 + 15_000 * stream.normal())], [])
  const target = Array.from({ length: COUNT }, () => [200_000 + 100_000 * stream.normal(), 5 + stream.integer(50)]).flat()
  const split = { count: COUNT, arrays: { inputs: Float32Array.from(inputs), target: Float32Array.from(target) } }
  return {
    modelId: 'm',
    architecture,
    preprocessing,
    fields: table,
    trainingView: { datasetId: 'd', split: 'train', count: COUNT - 2, dropped: [1], relabelled: { indices: [], labels: [] } },
    dataset: { id: 'd', fields: table, counts: { train: COUNT, test: COUNT }, train: split, test: split },
    checkpoints: makeCheckpoints(engine, architecture),
    parts: []
  }
}

/** What the network has of one example, in Float64: its outputs, and the gradients of its loss by the last layer and by all. */
interface Exact { outputs: number[], gradients: Record<Layers, number[]> }

function exactly (
  { architecture }: Trained, { arrays }: ModelBundle['checkpoints'][number], input: ArrayLike<number>, target: ArrayLike<number>
): Exact {
  const { offset, scale, target: { offset: targetOffset, scale: targetScale } } = preprocessing
  const dense = (layer: number, x: number[]): number[] => {
    const [weight, bias] = [arrays[`layer${layer}.weight`]!, arrays[`layer${layer}.bias`]!]
    return Array.from(bias.data, (b, j) => x.reduce((sum, value, i) => sum + value * weight.data[i * bias.data.length + j]!, b))
  }
  const x = Array.from(input, (value, k) => (value - offset[k]!) * scale[k]!)
  const hidden = dense(0, x).map(Math.tanh)
  const outputs = dense(1, hidden)
  const distances = outputs.map((output, k) => output - (target[k]! - targetOffset[k]!) * targetScale[k]!)
  const isHuber = architecture.head?.type === 'values' && architecture.head.loss === 'huber'
  const deltas = distances.map(d => (isHuber ? Math.max(-1, Math.min(1, d)) : 2 * d) / 2)
  const weight = arrays['layer1.weight']!.data
  const back = hidden.map((h, i) => (1 - h * h) * deltas.reduce((sum, delta, j) => sum + delta * weight[i * 2 + j]!, 0))
  const last = [...hidden.flatMap(h => deltas.map(delta => h * delta)), ...deltas]
  return {
    outputs: outputs.map((output, k) => output / targetScale[k]! + targetOffset[k]!),
    gradients: { last, all: [...x.flatMap(value => back.map(delta => value * delta)), ...back, ...last] }
  }
}

async function withIndexes (bundle: Trained): Promise<Trained> {
  const parts: ModelBundle['parts'] = []
  for (const layers of ['last', 'all'] as const) {
    const steps = []
    for (const { step } of bundle.checkpoints) steps.push({ step, arrays: await responder.buildPart(bundle, layers, step) })
    parts.push({ layers, steps })
  }
  responder.forget(bundle)
  return { ...bundle, parts }
}

async function ask<R> (schemas: [object, object], operation: keyof typeof operations, bundle: ModelBundle, request: object): Promise<R> {
  assert.deepEqual(compileCheck(schemas[0])(structuredClone(request)), [])
  const response = await responder.answer(operations[operation], bundle, request)
  assert.deepEqual(compileCheck(schemas[1])(structuredClone(response)), [])
  return response as R
}

const rowAt = ({ dataset }: Trained, index: number) => dataset.train.arrays.inputs!.subarray(index * 4, index * 4 + 4)
const targetAt = ({ dataset }: Trained, index: number) => dataset.train.arrays.target!.subarray(index * 2, index * 2 + 2)
const near = (got: number, wanted: number, size: number): void => assert.ok(Math.abs(got - wanted) <= 1e-5 * size, `${got} for ${wanted}`)

test('predict: values come in the units of their data set, alike for an example, its numbers and its row', async () => {
  const bundle = makeBundle('squared')
  const [rooms, isNear,, income] = rowAt(bundle, 5)
  const row = { rooms, ocean: isNear === 1 ? 'near' : 'far', 'median income': income }
  const queries: ModelQuery[] = [{ split: 'test', index: 5 }, { input: Array.from(rowAt(bundle, 5)) }, { input: row }]
  const { results } = await ask<PredictResponse>([PredictRequest, PredictResponse], 'predict', bundle, { queries })
  const { outputs } = exactly(bundle, bundle.checkpoints.at(-1)!, rowAt(bundle, 5), targetAt(bundle, 5))
  assert.ok(Math.abs(outputs[0]!) > 10_000, 'dollars')
  for (const result of results) {
    assert.equal(result.head, 'values')
    const { values } = result as Extract<typeof result, { head: 'values' }>
    assert.deepEqual(values.map(({ name, unit }) => [name, unit]), [['price', 'USD'], ['age', 'years']])
    values.forEach(({ value }, k) => near(value, outputs[k]!, [200_000, 30][k]!))
  }
  responder.forget(bundle)
})

for (const loss of ['squared', 'huber'] as const) {
  test(`influence: scores of ${loss} values are dot products of the gradients that training had, of all layers and of the last`, async () => {
    const bundle = await withIndexes(makeBundle(loss))
    const seen = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const asked = [123_000, 44]
    const input = { rooms: 6, ocean: 'far', 'median income': 52_000 }
    const queries: ModelQuery[] = [{ split: 'test', index: 5 }, { split: 'test', index: 5, target: asked }, { input, target: asked }]
    const inputs = [rowAt(bundle, 5), rowAt(bundle, 5), [6, 0, 1, 52_000]]
    const targets = [targetAt(bundle, 5), asked, asked]
    for (const layers of ['last', 'all'] as const) {
      const gradientsOf = (input: ArrayLike<number>, target: ArrayLike<number>) =>
        bundle.checkpoints.map(checkpoint => exactly(bundle, checkpoint, input, target).gradients[layers])
      const own = seen.map(index => gradientsOf(rowAt(bundle, index), targetAt(bundle, index)))
      const dot = (left: number[][], right: number[][]) => bundle.checkpoints.reduce((sum, { learningRate }, c) =>
        sum + learningRate * left[c]!.reduce((part, value, k) => part + value * right[c]![k]!, 0), 0)

      const request = { queries, layers, topK: COUNT, show: true }
      const { results } = await ask<InfluenceResponse>([InfluenceRequest, InfluenceResponse], 'influence', bundle, request)
      results.forEach(({ target, labelFrom, proponents, opponents }, q) => {
        assert.deepEqual([target, labelFrom], [Array.from(targets[q]!), q === 0 ? 'dataset' : 'request'])
        const query = gradientsOf(inputs[q]!, targets[q]!)
        const wanted = own.map(gradients => dot(gradients, query))
        const size = 10 * Math.max(...own.map(gradients => Math.sqrt(dot(gradients, gradients) * dot(query, query))))
        assert.deepEqual(proponents.map(({ index }) => index).sort((a, b) => a - b), seen)
        assert.deepEqual(opponents.map(({ index }) => index), proponents.map(({ index }) => index).reverse())
        for (const { index, score, target, example } of proponents) {
          near(score, wanted[seen.indexOf(index)]!, size)
          assert.deepEqual(target, Array.from(targetAt(bundle, index)), 'in the units of the data set')
          const [rooms, isNear,, income] = rowAt(bundle, index)
          assert.deepEqual(example, { row: { rooms, ocean: isNear === 1 ? 'near' : 'far', 'median income': income } })
        }
      })
      const ranking = await ask<SelfInfluenceResponse>(
        [SelfInfluenceRequest, SelfInfluenceResponse], 'self-influence', bundle, { layers, limit: COUNT })
      assert.equal(ranking.items.length, seen.length)
      for (const { index, score, example } of ranking.items) {
        const gradients = own[seen.indexOf(index)]!
        near(score, dot(gradients, gradients), 10 * dot(gradients, gradients))
        assert.equal(example, undefined, 'not asked for')
      }
    }
    responder.forget(bundle)
  })
}

test('queries: what a row gets wrong is told by its column, and a row is no input of numbers without names', async () => {
  const bundle = makeBundle('squared')
  const nameless: ModelBundle = { ...bundle, fields: { ...table, inputs: { type: 'features', shape: [4], dtype: 'float32' } } }
  const refusals: [ModelBundle, ModelQuery['input'], string][] = [
    [bundle, { rooms: '6', ocean: 'far', 'median income': 1 }, 'queries[0].input.rooms must be a number that is finite in float32, got "6"'],
    [bundle, { rooms: 6, ocean: 'sea', 'median income': 1 }, 'queries[0].input.ocean must be one of near, far, got "sea"'],
    [bundle, { rooms: 6, ocean: 'far' }, 'queries[0].input["median income"] is required: a row has 3 columns, got null'],
    [bundle, { rooms: 6, ocean: 'far', 'median income': 1, Rooms: 2 }, 'queries[0].input.Rooms is not a column of the table; did you mean rooms?, got 2'],
    [bundle, 'a house', 'queries[0].input must be numbers of shape [4], or a row of the table, for the model does not read text, got "a house"'],
    [nameless, { a: 1 }, 'queries[0].input must be an array of 4 numbers, for they have no names, got {"a":1}']
  ]
  for (const [bundle, input, detail] of refusals) {
    await assert.rejects(responder.answer(operations.predict, bundle, { queries: [{ input }] }), { code: 'invalid_input', detail })
  }
  const long = responder.answer(operations.predict, bundle, { queries: [{ input: 'x'.repeat(100_000) }] })
  await assert.rejects(long, ({ message }: Error) => message.length < 1000, 'what is long is not sent back')
  responder.forget(bundle)
})
