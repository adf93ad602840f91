/**
 * Adam's checkpoints: scores of a driven training and of questions to its model, against D-weighted products of Float64
 * gradients; and against what they are for, the change of a test loss.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import type { TracinResult, TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import type { ModelBundle } from '../../../src/influence/bundle.js'
import { preprocessRows } from '../../../src/influence/open-model.js'
import { operations } from '../../../src/influence/operations.js'
import { preconditionerOf } from '../../../src/influence/preconditioner.js'
import { createResponder } from '../../../src/influence/responder.js'
import type { InfluenceResponse, PredictResponse, SelfInfluenceResponse } from '../../../src/influence/schemas.js'
import { openView } from '../../../src/influence/view.js'
import { bundleOf, indexed } from '../../helpers/bundle.js'
import { drive, fillSpec, generateData } from '../../helpers/drive.js'
import { createMlp } from '../../helpers/exact-mlp.js'
import { openTestEngine } from '../../tensor/helpers.js'

const engine = await openTestEngine()
const responder = createResponder(engine)
const algorithm = tracin as unknown as Parameters<typeof fillSpec>[0]
const features = 6
const classes = 4
const hidden = 5

/** Trains by adam on blobs, some of them with wrong labels. */
async function train (changes: object, n: number) {
  const spec = fillSpec<TracinSpec>(algorithm, {
    data: { generator: { type: 'blobs', classes, features, train: n, test: 6, spread: 0.5 } },
    optimizer: { type: 'adam', learningRate: 0.01 },
    labelNoise: { kind: 'random' },
    ...changes
  })
  const trial = algorithm.plan(spec)[0]!
  const data = generateData(algorithm, trial)
  const { events, result } = await drive(algorithm, trial, { engine, data })
  const bundle = bundleOf(events, data.data!)
  return { bundle, result: result as unknown as TracinResult }
}

/** Sum over the numbers of D g g', checkpoint by checkpoint, from Float64 gradients, and weighed. */
function openOracle (bundle: ModelBundle, isBiased: boolean) {
  const mlp = createMlp({ sizes: [features, hidden, classes], activation: 'tanh' })
  const { dataset, trainingView, preprocessing } = bundle
  const view = openView(trainingView!, dataset!)
  const rowsOf = (split: 'train' | 'test', indices: Int32Array) =>
    preprocessRows(dataset![split].arrays.inputs!, features, indices, preprocessing)
  const [own, asked] = [rowsOf('train', view.indices), rowsOf('test', Int32Array.of(0, 1, 2, 3, 4, 5))]
  const fromLast = (features + 1) * hidden
  const names = ['layer0.weight', 'layer0.bias', 'layer1.weight', 'layer1.bias']
  const flat = (numbersOf: (name: string, layer: number) => ArrayLike<number>) =>
    Float64Array.from(names.flatMap((name, i) => [...Array.from(numbersOf(name, i >> 1))]))
  const places = bundle.checkpoints.map(({ step, arrays, moments, interval }) => {
    const bias = new Float64Array(hidden)
    return {
      weight: interval!.weight,
      weights: flat(name => arrays[name]?.data ?? bias),
      // by the definition, Kingma and Ba's algorithm 1; a bias that is not there has no gradient
      measure: flat(name => isBiased || name !== 'layer0.bias'
        ? Array.from(moments![name]!.data, v => 1 / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8))
        : bias)
    }
  })
  const gradient = (weights: Float64Array, rows: Float32Array, i: number, label: number) => {
    const into = new Float64Array(mlp.parameterCount)
    mlp.addGradient(weights, rows.subarray(i * features, (i + 1) * features), label, into)
    return into
  }
  const products = (from: number, one: Place, other: Place) => places.map(({ weight, weights, measure }) => {
    const [g, h] = [gradient(weights, ...one), gradient(weights, ...other)]
    let sum = 0
    for (let k = from; k < g.length; k++) sum += measure[k]! * g[k]! * h[k]!
    return weight * sum
  })
  const trained = (position: number): Place => [own, position, view.target[view.indices[position]!]!]
  const start = (layers: 'last' | 'all') => layers === 'last' ? fromLast : 0
  return {
    positionOf: (index: number) => view.indices.indexOf(index),
    pair: (layers: 'last' | 'all', query: number, label: number, position: number) =>
      products(start(layers), [asked, query, label], trained(position)),
    self: (layers: 'last' | 'all', position: number) => products(start(layers), trained(position), trained(position))
  }
}

type Place = [rows: Float32Array, row: number, label: number]

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** float32 gradients, some dozens of products; a product that cancels is measured by the size of what it is made of. */
const isClose = (actual: number, expected: number, size: number) => {
  assert.ok(Math.abs(actual - expected) <= 1e-4 * size, `${actual} is not ${expected}`)
}

const dense = { type: 'mlp', hidden: [hidden], activation: 'tanh' }
/** without a bias gradients are no two factors with an input of 1: they are formed on demand */
const formed = { type: 'cnn', layers: [{ type: 'dense', units: hidden, activation: 'tanh', bias: false }] }

for (const [name, network] of [['from an index', dense], ['formed on demand', formed]] as const) {
  test(`adam: influence, self-influence and the trial’s own scores are D-weighted products of Float64 gradients (${name})`, async () => {
    const { bundle, result } = await train({ network, epochs: 4, batchSize: 16, checkpoints: { type: 'even', count: 2 } }, 40)
    assert.ok(bundle.checkpoints.every(({ moments }) => moments !== undefined))
    const oracle = openOracle(bundle, network === dense)
    for (const layers of ['last', 'all'] as const) {
      const model = await indexed(responder, bundle, layers)
      const queries = [{ split: 'test', index: 1 }, { split: 'test', index: 4, label: 2 }]
      const answer = await responder.answer(operations.influence, model, { queries, layers, topK: 40 }) as InfluenceResponse
      assert.deepEqual([answer.method, answer.index.weights, answer.index.exact], ['tracin-cp-adam', 'interval', true])
      answer.results.forEach(({ proponents, label }, q) => {
        assert.equal(proponents.length, 40)
        for (const { index, score, shares } of proponents) {
          const expected = oracle.pair(layers, queries[q]!.index, label!, oracle.positionOf(index))
          const size = Math.max(...expected.map(Math.abs)) + 1e-3 * Math.max(...proponents.map(({ score }) => Math.abs(score)))
          shares.forEach((share, c) => { isClose(share, expected[c]!, size) })
          isClose(score, sum(expected), size)
        }
      })
      const self = await responder.answer(operations['self-influence'], model, { layers, limit: 40 }) as SelfInfluenceResponse
      assert.equal(self.method, 'tracin-cp-adam')
      for (const { index, score } of self.items) {
        const expected = sum(oracle.self(layers, oracle.positionOf(index)))
        isClose(score, expected, expected)
      }
      const byProduct = { layers, limit: 40, method: 'gradient-product' }
      const plain = await responder.answer(operations['self-influence'], model, byProduct) as SelfInfluenceResponse
      assert.notDeepEqual(plain.items.map(({ index }) => index), self.items.map(({ index }) => index), 'the measure matters')
      responder.forget(model)
    }
    for (const { index, score } of result.ranking) {
      const expected = sum(oracle.self('last', oracle.positionOf(index)))
      isClose(score, expected, expected)
    }
    const trueOrder = Array.from({ length: 40 }, (_, i) => i).sort((a, b) => sum(oracle.self('all', b)) - sum(oracle.self('all', a)))
    const found = result.methods.find(({ name }) => name === 'tracin-all')!
    const wrong = new Set(result.flipped)
    const inFirst = trueOrder.slice(0, 12).filter(index => wrong.has(index)).length
    assert.ok(Math.abs(found.foundAt[30] - inFirst / wrong.size) < 1e-9, 'scores of all layers are in the same measure')
  })
}

test('adam: scores of a short training add up to how much the test loss fell', async () => {
  // One step an epoch, of all examples, so that the only errors are of the first order: gradients fall by a quarter at most in
  // 40 steps, of which a mean gradient is 9 late: 6 %; those of an interval are taken at its end, half a step late: 1 %.
  const n = 64
  const rate = 0.002
  const shape = { network: { type: 'softmax' }, batchSize: n, selfInfluence: ['last'] }
  const trained = await train({
    ...shape, epochs: 40, optimizer: { type: 'adam', learningRate: rate }, checkpoints: { type: 'every', epochs: 1 }
  }, n)
  const model = await indexed(responder, trained.bundle)
  // the first weights of all are those of every training with the seed
  const first = await train({ ...shape, epochs: 1, optimizer: { type: 'sgd' }, checkpoints: { type: 'every', epochs: 1, at: 'start' } }, n)
  const queries = [0, 1, 2, 3, 4, 5].map(index => ({ split: 'test', index }))
  const ask = async (request: object) => {
    const { results } = await responder.answer(operations.influence, model, { queries, topK: n, ...request }) as InfluenceResponse
    const scores = results.flatMap(({ proponents }) => proponents.map(({ score }) => score))
    return { labels: results.map(({ label }) => label!), total: sum(scores) }
  }
  const { labels, total } = await ask({})
  const lossAt = async (bundle: ModelBundle, checkpoint: number) => {
    const { results } = await responder.answer(operations.predict, bundle, { queries, checkpoint }) as PredictResponse
    return sum(results.map((read, q) => -Math.log((read as { probabilities: number[] }).probabilities[labels[q]!]!)))
  }
  const fell = await lossAt(first.bundle, 0) - await lossAt(model, 40)
  assert.ok(fell > 0.2, `a loss that stays tells nothing: ${fell}`)
  assert.ok(Math.abs(total / fell - 1) <= 0.1, `${total} of ${fell}`)
  const plain = await ask({ method: 'gradient-product' })
  assert.ok(Math.abs(rate / n * plain.total / fell - 1) > 0.3, 'plain products with the same rates do not')
  responder.forget(model)
})

test('preconditionerOf: is 1 / (root of v with its bias corrected + epsilon)', () => {
  const moments = { w: { shape: [2], data: Float32Array.of(0, 0.5) } }
  const { w } = preconditionerOf(moments, 1, { beta2: 0.5, epsilon: 0.25 })
  assert.deepEqual([...w!.data], [4, 1 / 1.25].map(Math.fround)) // v / (1 - 0.5) = 1
})

test('adam: nothing is left of all this', () => {
  responder.close()
  assert.equal(engine.tensorCount(), 0)
})
