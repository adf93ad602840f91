/** What can be asked of models whose outputs are no classes: predictions as their heads say, influence by all layers. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { decode } from 'fast-png'
import type { Dataset, FieldArray, TrainingView } from '../../src/datasets/dataset.js'
import type { Field } from '../../src/datasets/description.js'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { operations } from '../../src/influence/operations.js'
import { createResponder, type ModelBundle } from '../../src/influence/responder.js'
import {
  InfluenceRequest, InfluenceResponse, PredictRequest, PredictResponse, SelfInfluenceResponse, type Prediction
} from '../../src/influence/schemas.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { lossOf } from '../../src/tensor/losses.js'
import { createNetwork } from '../../src/tensor/network.js'
import { openTestEngine } from '../tensor/helpers.js'
import { makeCheckpoints } from './checkpoints.js'

const engine = await openTestEngine()
const { tf } = engine
const responder = createResponder(engine)
const COUNT = 8

type Trained = ModelBundle & { dataset: Dataset, trainingView: TrainingView }

/** A model of two checkpoints over eight examples, which are its test examples too. */
function makeBundle (architecture: Architecture, target: Field, values: FieldArray): Trained {
  const stream = openStream(6, 'inputs')
  const { inputShape } = architecture
  const inputs = Float32Array.from({ length: COUNT * inputShape.reduce((a, b) => a * b) }, () => stream.normal())
  const [height, width, channels] = inputShape
  const field: Field = width === undefined
    ? { type: 'features', shape: [height!], dtype: 'float32' }
    : { type: 'image', shape: [height!, width, channels!], dtype: 'float32' }
  const split = { count: COUNT, arrays: { inputs, target: values } }
  const dataset = { id: 'd', fields: { inputs: field, target }, counts: { train: COUNT, test: COUNT }, train: split, test: split }
  const checkpoints = makeCheckpoints(engine, architecture)
  return {
    modelId: 'm',
    architecture,
    preprocessing: { offset: 0, scale: 1 },
    fields: dataset.fields,
    trainingView: { datasetId: 'd', split: 'train', count: COUNT, dropped: [], relabelled: { indices: [], labels: [] } },
    dataset,
    checkpoints,
    parts: []
  }
}

const stream = openStream(7, 'targets')
const segmenter = makeBundle({
  inputShape: [4, 5, 2],
  layers: [
    { type: 'conv', filters: 4, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
    { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5 },
    { type: 'conv', filters: 3, kernel: 1, stride: 1, padding: 'same', activation: 'linear' }
  ],
  head: { type: 'class-map' }
}, { type: 'classMap', shape: [4, 5], names: ['sky', 'road', 'car'] },
Uint8Array.from({ length: COUNT * 20 }, () => stream.integer(4)).map(label => label === 3 ? UNLABELLED : label))

const binary = makeBundle({
  inputShape: [6],
  layers: [{ type: 'dense', units: 5, activation: 'tanh' }, { type: 'dense', units: 2, activation: 'linear' }],
  head: { type: 'binary' }
}, { type: 'values', columns: [{ name: 'rain' }, { name: 'wind' }] }, Float32Array.from({ length: COUNT * 2 }, () => stream.integer(2)))

async function ask<R> (schemas: [object, object], operation: keyof typeof operations, bundle: ModelBundle, request: object): Promise<R> {
  assert.deepEqual(compileCheck(schemas[0] as typeof PredictRequest)(structuredClone(request)), [])
  const response = await responder.answer(operations[operation], bundle, request)
  assert.deepEqual(compileCheck(schemas[1] as typeof PredictResponse)(structuredClone(response)), [])
  return response as R
}
const predict = async (bundle: ModelBundle, request: object) => await ask<PredictResponse>([PredictRequest, PredictResponse], 'predict', bundle, request)
const influence = async (bundle: ModelBundle, request: object) => await ask<InfluenceResponse>([InfluenceRequest, InfluenceResponse], 'influence', bundle, request)

/** Outputs of the last checkpoint for one example. */
function outputsFor ({ architecture, checkpoints, dataset }: Trained, index: number): number[] {
  const network = createNetwork(engine, architecture, openStream(0, 'unused'))
  network.load(checkpoints.at(-1)!.arrays)
  const values = tf.tidy(() => Array.from(network.logits<Tensor>(inputAt(dataset, index)).dataSync()))
  network.dispose()
  return values
}

function inputAt ({ fields, train }: Dataset, index: number): Tensor {
  const { shape } = fields.inputs as { shape: number[] }
  const width = shape.reduce((a, b) => a * b)
  return tf.tensor(train.arrays.inputs!.slice(index * width, (index + 1) * width), [1, ...shape])
}

/** Gradient of one example's loss by all trained arrays, by automatic differentiation. */
function gradientAt (
  { architecture, dataset }: Trained, { arrays }: ModelBundle['checkpoints'][number], index: number, target: ArrayLike<number>
): number[] {
  const network = createNetwork(engine, architecture, openStream(0, 'unused'))
  network.load(arrays)
  const variables = network.parameters.map(({ variable }) => variable)
  const gradient = tf.tidy(() => {
    const wanted = tf.tensor(Array.from(target), [1, target.length], 'int32')
    const losses = () => lossOf(network)(engine, network.forward<Tensor>(inputAt(dataset, index)), wanted)
    const { grads } = tf.variableGrads(() => tf.sum(losses()) as Scalar, variables)
    return variables.flatMap(variable => [...grads[variable.name]!.dataSync()])
  }) as number[]
  network.dispose()
  return gradient
}

async function withIndex (bundle: Trained): Promise<Trained> {
  const steps = []
  for (const { step } of bundle.checkpoints) steps.push({ step, arrays: await responder.buildPart(bundle, 'all', step) })
  responder.forget(bundle)
  return { ...bundle, parts: [{ layers: 'all', steps }] }
}

for (const [name, bundle, layers] of [['class-map', segmenter, [['conv', 2], ['batch-norm', 2], ['conv', 2]]], ['binary', binary, [['dense', 2], ['dense', 2]]]] as const) {
  test(`${name}: influence and self-influence over all layers are those of whole gradients, every layer named`, async () => {
    const indexed = await withIndex(bundle)
    const size = bundle.dataset.train.arrays.target!.length / COUNT
    const targetAt = (index: number) => bundle.dataset.train.arrays.target!.slice(index * size, (index + 1) * size)
    const gradients = bundle.checkpoints.map(checkpoint =>
      Array.from({ length: COUNT }, (_, index) => gradientAt(bundle, checkpoint, index, targetAt(index))))
    const scoreOf = (i: number, query: number[][]) => bundle.checkpoints.reduce((sum, { learningRate }, c) =>
      sum + learningRate * gradients[c]![i]!.reduce((dot, value, k) => dot + value * query[c]![k]!, 0), 0)

    const given = Array.from({ length: size }, (_, i) => i % 2)
    const { results, index } = await influence(indexed, {
      queries: [{ split: 'test', index: 3 }, { split: 'test', index: 3, target: given }], layers: 'all', topK: COUNT
    })
    assert.deepEqual(index.coverage.map(({ type, parameters }) => [type, parameters.length]), layers)
    for (const [q, target] of [targetAt(3), given].entries()) {
      const query = bundle.checkpoints.map(checkpoint => gradientAt(bundle, checkpoint, 3, target))
      const largest = Math.max(...gradients.flatMap((_, c) => query[c]!.map(Math.abs)))
      assert.equal(results[q]!.labelFrom, q === 0 ? 'dataset' : 'request')
      assert.equal(results[q]!.prediction.head, name)
      assert.deepEqual(results[q]!.target, name === 'binary' ? Array.from(target) : undefined)
      for (const { index, score, label } of results[q]!.proponents) {
        assert.equal(label, undefined)
        const wanted = scoreOf(index, query)
        assert.ok(Math.abs(score - wanted) < 1e-4 * (largest + Math.abs(wanted)), `${score} for ${wanted}`)
      }
    }
    const ranking = await responder.answer(operations['self-influence'], indexed, { layers: 'all', limit: COUNT }) as SelfInfluenceResponse
    assert.deepEqual(compileCheck(SelfInfluenceResponse)(structuredClone(ranking)), [])
    for (const { index, score } of ranking.items) {
      const wanted = scoreOf(index, gradients.map(ofCheckpoint => ofCheckpoint[index]!))
      assert.ok(Math.abs(score - wanted) < 1e-4 * wanted, `${score} for ${wanted}`)
    }
    await assert.rejects(responder.answer(operations.attack, indexed, { examples: { split: 'test' }, radius: 1 }), { detail: `an attack must get a network of head classes, got ${name}` })
    responder.forget(indexed)
    responder.forget(bundle)
  })
}

test('binary: influence over the last layer is that of the last layer’s part of whole gradients', async () => {
  const steps = []
  for (const { step } of binary.checkpoints) steps.push({ step, arrays: await responder.buildPart(binary, 'last', step) })
  const indexed = { ...binary, parts: [{ layers: 'last' as const, steps }] }
  const lastOf = (checkpoint: ModelBundle['checkpoints'][number], index: number) =>
    gradientAt(binary, checkpoint, index, binary.dataset.train.arrays.target!.slice(index * 2, index * 2 + 2)).slice(-12)
  const { results: [result] } = await influence(indexed, { queries: [{ split: 'test', index: 3 }], topK: COUNT })
  assert.equal(result!.proponents.length, COUNT)
  for (const { index, score } of result!.proponents) {
    const parts = binary.checkpoints.map(checkpoint => {
      const [own, query] = [lastOf(checkpoint, index), lastOf(checkpoint, 3)]
      return checkpoint.learningRate * own.reduce((dot, value, k) => dot + value * query[k]!, 0)
    })
    const wanted = parts.reduce((a, b) => a + b)
    assert.ok(Math.abs(score - wanted) < 1e-5 * (1 + Math.abs(wanted)), `${score} for ${wanted}`)
  }
  responder.forget(indexed)
  responder.forget(binary)
})

test('predict: a class map is a class per pixel, the most probable, and a picture whose pixels are the classes', async () => {
  const { results: [result] } = await predict(segmenter, { queries: [{ split: 'test', index: 5 }] })
  const { head, labels, labelNames } = result as Extract<Prediction, { head: 'class-map' }>
  const outputs = outputsFor(segmenter, 5)
  const wanted = Array.from({ length: 20 }, (_, pixel) => {
    const logits = outputs.slice(pixel * 3, pixel * 3 + 3)
    return logits.indexOf(Math.max(...logits))
  })
  assert.deepEqual([head, labels.length, labels.flat(), labelNames], ['class-map', 4, wanted, ['sky', 'road', 'car']])
  const png = await responder.answer(operations.predict, segmenter, { queries: [{ split: 'test', index: 5 }] }, 'image/png') as Uint8Array
  const { width, height, data } = decode(png)
  assert.deepEqual([width, height, [...data]], [5, 4, wanted])
  const two = { queries: [{ split: 'test', index: 5 }, { split: 'test', index: 6 }] }
  await assert.rejects(responder.answer(operations.predict, segmenter, two, 'image/png'), { code: 'invalid_input', detail: 'queries must be one for a picture, got 2' })
  await assert.rejects(responder.answer(operations.predict, binary, { queries: [{ split: 'test', index: 5 }] }, 'image/png'), { code: 'not_acceptable' })
  responder.forget(segmenter)
  responder.forget(binary)
})

test('predict: a binary model says yes or no per output, by the names of the columns', async () => {
  const { results: [result] } = await predict(binary, { queries: [{ split: 'test', index: 1 }] })
  const { outputs } = result as Extract<Prediction, { head: 'binary' }>
  outputsFor(binary, 1).forEach((logit, i) => {
    const { name, value, probability } = outputs[i]!
    assert.deepEqual([name, value], [['rain', 'wind'][i], Number(logit > 0)])
    assert.ok(Math.abs(probability - 1 / (1 + Math.exp(-logit))) < 1e-6)
  })
  responder.forget(binary)
})

test('queries: a target of another head is refused by name, each number of it by its rule', async () => {
  const input = Array.from({ length: 40 }, (_, i) => i / 40)
  const map = Array.from({ length: 4 }, () => [0, 1, 2, UNLABELLED, 0])
  const { results } = await influence(await withIndex(segmenter), { queries: [{ input, target: map }, { input }], layers: 'all' })
  assert.deepEqual(results.map(({ labelFrom }) => labelFrom), ['request', 'prediction'])
  const refusals = [
    [segmenter, { input, label: 1 }, 'queries[0].label must be target for a model of head class-map, got 1'],
    [segmenter, { input, target: Array(20).fill(3) }, 'queries[0].target must be a class, 0 .. 2, or 255 where a pixel has no label at position 0, got 3'],
    [segmenter, { input, target: [1] }, 'queries[0].target must be an array of 20, for targets have shape [4,5], got "an array of 1"'],
    [binary, { input: input.slice(0, 6), target: [1, 2] }, 'queries[0].target must be 0 or 1 at position 1, got 2']
  ] as const
  for (const [bundle, query, detail] of refusals) {
    await assert.rejects(responder.answer(operations.predict, bundle, { queries: [query] }), { code: 'invalid_input', detail })
  }
  responder.forget(segmenter)
  responder.forget(binary)
})
