/** A model of values over HTTP: trained by a real executor, stored, asked; and the same without what it was trained on. */
import { architecture, preprocessing } from '../kinds/regression.js' // first: the routes' schemas list the kinds
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { generateDataset } from '../../src/datasets/generators/index.js'
import { runNode } from '../../src/jobs/node.js'
import { decodeSafetensors } from '../../src/storage/safetensors.js'
import { openTestApp } from '../helpers/app.js'
import { untilState } from '../helpers/trials.js'

const nonlinear = { type: 'nonlinear', train: 24, test: 5, noise: 2, seed: 4 } as const
const { train, test: held } = generateDataset(nonlinear)

/** Runs the trial on a node of this process. @returns the API and the models by name */
async function openModels (t: TestContext) {
  const api = await openTestApp(t)
  const response = await api.call('POST', '/v1/experiments', { body: { kind: 'regression', spec: { table: { generator: nonlinear } } } })
  assert.equal(response.statusCode, 201, response.body)
  process.env.NODE_OPTIONS = `--import=${new URL('../kinds/regression.js', import.meta.url).href}`
  t.after(() => { delete process.env.NODE_OPTIONS })
  const node = await runNode({ ...api.config, lanes: [{ device: 'cpu', slots: 1 }] }, () => {})
  t.after(async () => { await node.stop() })
  await untilState(api.parts.db, response.json().trials[0].id, 'succeeded')
  const { items } = (await api.call('GET', `/v1/models?experimentId=${response.json().id}`)).json()
  const named = (name: string) => items.find((one: { name: string }) => one.name === name)
  /** Asks, and waits at /v1/queries where the answer takes longer. */
  async function ask (id: string, operation: string, body?: object) {
    const asked = (await api.call(body ? 'POST' : 'GET', `/v1/models/${id}/${operation}`, body ? { body } : {})).json()
    if (asked.queryId === undefined) return asked
    for (;;) {
      const query = (await api.call('GET', `/v1/queries/${asked.queryId}`)).json()
      if (query.failure !== null) return { code: query.failure.code, detail: query.failure.message }
      if (query.finishedAt !== null) return query.response
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  return { api, ask, trained: named('trained'), alone: named('alone') }
}

type Weights = Record<string, { data: ArrayLike<number> }>

/** The network of the kind in Float64: tanh of 5 units, one value. */
function valueOf (weights: Weights, input: ArrayLike<number>): number {
  const { 'layer0.weight': w, 'layer0.bias': b, 'layer1.weight': v, 'layer1.bias': c } = weights
  const seen = Array.from(input, value => value * preprocessing.scale)
  const hidden = Array.from({ length: 5 }, (_, j) =>
    Math.tanh(seen.reduce((sum, value, i) => sum + value * w!.data[i * 5 + j]!, b!.data[j]!)))
  return hidden.reduce((sum, value, j) => sum + value * v!.data[j]!, c!.data[0]!)
}

/** Gradient of one example's Huber loss by all weights: central differences in Float64. */
function gradientOf (weights: Weights, input: ArrayLike<number>, target: number): number[] {
  const lossAt = (moved: Weights): number => {
    const distance = Math.abs(valueOf(moved, input) - target)
    return distance <= 1 ? distance ** 2 / 2 : distance - 0.5
  }
  return Object.entries(weights).flatMap(([name, { data }]) => Array.from(data, (_, k) => {
    const by = (step: number) => ({ ...weights, [name]: { data: Float64Array.from(data, (value, i) => i === k ? value + step : value) } })
    return (lossAt(by(1e-6)) - lossAt(by(-1e-6))) / 2e-6
  }))
}

const inputOf = ({ arrays }: typeof train, index: number) => arrays.inputs!.subarray(index * 3, index * 3 + 3)

test('a model of values: predictions have a unit, influence over all layers is that of whole gradients', { timeout: 600_000 }, async t => {
  const { api, ask, trained } = await openModels(t)
  const model = (await api.call('GET', `/v1/models/${trained.id}`)).json()
  assert.deepEqual([model.architecture, model.fields.target], [architecture, { type: 'values', columns: [{ name: 'distance', unit: 'm' }] }])
  const weights: Weights[] = []
  for (const { id } of model.checkpoints) {
    const file = await api.call('GET', `/v1/checkpoints/${id}/weights`)
    weights.push(decodeSafetensors(new Uint8Array(file.rawPayload)).arrays)
  }

  const input = Array.from(inputOf(held, 2))
  const predicted = await ask(trained.id, 'predict', { queries: [{ split: 'test', index: 2 }, { input }] })
  for (const { head, values: [value] } of predicted.results) {
    assert.deepEqual([head, value.name, value.unit], ['values', 'distance', 'm'])
    const wanted = valueOf(weights.at(-1)!, input)
    assert.ok(Math.abs(value.value - wanted) < 1e-5 * (1 + Math.abs(wanted)), `${value.value} for ${wanted}`)
  }

  const counts: number[] = model.checkpoints.map(({ interval: { weight } }: { interval: { weight: number } }) => weight)
  const influenceOn = (input: ArrayLike<number>, target: number) => {
    const query = weights.map(one => gradientOf(one, input, target))
    return Array.from({ length: 24 }, (_, index) => weights.reduce((sum, one, c) => {
      const own = gradientOf(one, inputOf(train, index), train.arrays.target![index]!)
      return sum + counts[c]! * own.reduce((dot, value, k) => dot + value * query[c]![k]!, 0)
    }, 0))
  }
  const asked = { queries: [{ split: 'test', index: 2 }, { input, target: 3 }], layers: 'all', topK: 24 }
  const { results, index, method } = await ask(trained.id, 'influence', asked)
  assert.deepEqual([method, index.weights, model.descent], ['tracin-cp', 'interval', { type: 'sgd', momentum: 0 }])
  assert.deepEqual(index.coverage, [0, 1].map(layer => ({ layer, type: 'dense', parameters: ['weight', 'bias'] })))
  for (const [q, target] of [held.arrays.target![2]!, 3].entries()) {
    const { target: said, labelFrom, label, proponents } = results[q]
    assert.deepEqual([said, labelFrom, label], [[target], q === 0 ? 'dataset' : 'request', undefined])
    const wanted = influenceOn(input, target)
    const largest = Math.max(...wanted.map(Math.abs))
    for (const { index, score, target: [own] } of proponents) {
      assert.equal(own, train.arrays.target![index])
      assert.ok(Math.abs(score - wanted[index]!) < 1e-4 * largest, `${score} for ${wanted[index]}`)
    }
  }
  const ranking = await ask(trained.id, 'self-influence?layers=all&limit=24')
  for (const { index, score } of ranking.items) {
    const wanted = influenceOn(inputOf(train, index), train.arrays.target![index]!)[index]!
    assert.ok(Math.abs(score - wanted) < 1e-4 * (1 + wanted), `${score} for ${wanted}`)
  }

  const refused = async (operation: string, body: object, code: string, detail: RegExp) => {
    const answer = await ask(trained.id, operation, body)
    assert.deepEqual([answer.code, detail.test(answer.detail)], [code, true], answer.detail)
  }
  const query = { split: 'test', index: 2 }
  await refused('influence', { queries: [query] }, 'index_missing', /has no influence index for layers=last$/)
  await refused('influence', { queries: [{ input }], layers: 'all' }, 'invalid_input', /^queries\[0\]\.target must be given/)
  await refused('influence', { queries: [{ input, target: [1, 2] }], layers: 'all' }, 'invalid_input', /^queries\[0\]\.target must be an array of 1, for targets have shape \[1\]/)
  await refused('predict', { queries: [{ ...query, label: 1 }] }, 'invalid_input', /^queries\[0\]\.label must be target for a model of head values, got 1/)
  await refused('attack', { radius: 1 }, 'invalid_input', /^an attack must get a network of head classes, got values$/)
})

test('a model that was not trained on a stored data set answers raw inputs, and says why it answers nothing else', { timeout: 600_000 }, async t => {
  const { api, ask, trained, alone } = await openModels(t)
  const model = (await api.call('GET', `/v1/models/${alone.id}`)).json()
  assert.deepEqual([model.datasetId, model.trainingView, model.fields], [null, null, trained.fields])
  const queries = [{ input: Array.from(inputOf(held, 1)) }]
  const answer = await ask(alone.id, 'predict', { queries })
  assert.equal(answer.results[0].head, 'values')
  assert.deepEqual(answer, await ask(trained.id, 'predict', { queries }))
  const wrong = await ask(alone.id, 'predict', { queries: [{ input: [1, 2] }] })
  assert.deepEqual([wrong.code, wrong.detail], ['invalid_input', 'queries[0].input must be an array of 3, for inputs have shape [3], got "an array of 2"'])
  const refusals = [
    await ask(alone.id, 'predict', { queries: [{ split: 'test', index: 0 }] }),
    await ask(alone.id, 'influence', { queries, layers: 'all' }),
    await ask(alone.id, 'self-influence?layers=all'),
    await ask(alone.id, 'influence-indexes', { layers: 'all' })
  ]
  for (const { code, detail } of refusals) assert.deepEqual([code, detail], ['no_dataset', `model ${alone.id}`])
})
