/** Two data sets in one spec, from the request to the executor: every reference is found, checked and fixed by its path. */
import { twoSets } from '../kinds/two-sets.js' // first: the routes' schemas list the kinds
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as newId } from 'uuid'
import { addAlgorithm, findAlgorithm } from '../../src/algorithms/registry.js'
import { generateDataset } from '../../src/datasets/generators/index.js'
import { runNode } from '../../src/jobs/node.js'
import { testContract } from '../algorithms/contract-suite.js'
import { openTestApp } from '../helpers/app.js'
import { untilState } from '../helpers/trials.js'

const glyphs = { type: 'glyphs', classes: 3, train: 12, test: 4, noise: 0.1, seed: 3 } as const
const nonlinear = { type: 'nonlinear', train: 20, test: 5, noise: 2, seed: 4 } as const
const spec = { pictures: { generator: glyphs }, sources: [{ table: { generator: nonlinear } }] }
const submit = (spec: object) => ({ body: { kind: 'two-sets', spec } })

testContract(twoSets, spec)

test('addAlgorithm: a kind that was added is found, a name is taken once', () => {
  assert.equal(findAlgorithm('two-sets').title, twoSets.title)
  assert.throws(() => { addAlgorithm(twoSets) }, /A kind must have a name of its own, got two-sets twice/)
})

test('two data sets in one spec are fixed in place, kept, and given to the trial by name', { timeout: 150_000 }, async t => {
  const api = await openTestApp(t)
  const validated = (await api.call('POST', '/v1/experiments?validate=true', submit(spec))).json()
  assert.deepEqual([validated.valid, validated.estimate], [true, { steps: 20, bytes: 3 }], 'needs() knows both')

  const response = await api.call('POST', '/v1/experiments', submit(spec))
  assert.equal(response.statusCode, 201, response.body)
  const { spec: { pictures, sources: [{ table }] }, trials: [trial] } = response.json()
  const ids = [pictures.datasetId, table.datasetId]
  const kept = await Promise.all(ids.map(async id => (await api.call('GET', `/v1/datasets/${id}`)).json()))
  assert.deepEqual(kept.map(({ source }) => source.generator), [glyphs, nonlinear])
  assert.deepEqual((await api.call('GET', `/v1/trials/${trial.id}`)).json().definition.spec, { pictures, sources: [{ table }] })
  for (const id of ids) {
    const refused = await api.call('DELETE', `/v1/datasets/${id}`)
    assert.deepEqual([refused.statusCode, refused.json().users], [409, [{ type: 'experiment', id: response.json().id, name: 'Two data sets' }]])
  }

  process.env.NODE_OPTIONS = `--import=${new URL('../kinds/two-sets.js', import.meta.url).href}`
  t.after(() => { delete process.env.NODE_OPTIONS })
  const node = await runNode({ ...api.config, lanes: [{ device: 'cpu', slots: 1 }] }, () => {})
  t.after(async () => { await node.stop() })
  await untilState(api.parts.db, trial.id, 'succeeded')

  const { result, fingerprint } = (await api.call('GET', `/v1/trials/${trial.id}`)).json()
  const values = generateDataset(nonlinear).train.arrays.target!
  const meanValue = Array.from(values).reduce((sum, value) => sum + value, 0) / 20
  assert.deepEqual(result, { classes: 3, pixels: 784, meanValue, values: ['distance in m'] })
  assert.deepEqual(fingerprint.data, { pictures: kept[0].sha256, table: kept[1].sha256 })
  const { items: [{ id: modelId }] } = (await api.call('GET', `/v1/models?datasetId=${ids[0]}`)).json()
  assert.equal((await api.call('GET', `/v1/models/${modelId}`)).json().trainingView.datasetId, ids[0])
})

test('references that are wrong are all named, each by its path', async t => {
  const api = await openTestApp(t)
  const [a, b] = [newId(), newId()]
  const missing = await api.call('POST', '/v1/experiments', submit({ pictures: { datasetId: a }, sources: [{ table: { datasetId: b } }] }))
  assert.deepEqual([missing.statusCode, missing.json().errors], [404, [
    { path: 'spec.pictures.datasetId', rule: 'must be a data set of this team', got: a },
    { path: 'spec.sources[0].table.datasetId', rule: 'must be a data set of this team', got: b }
  ]])

  const swapped = submit({ pictures: { generator: nonlinear }, sources: [{ table: { generator: glyphs } }] })
  const errors = [
    { path: 'spec.pictures', rule: 'must have a target of classes', got: 'values (distance in m)' },
    { path: 'spec.sources[0].table', rule: 'must have inputs of features', got: 'image [28, 28, 1]' }
  ]
  const unfit = await api.call('POST', '/v1/experiments', swapped)
  assert.deepEqual([unfit.statusCode, unfit.json().code, unfit.json().errors], [422, 'unfit_dataset', errors])
  const validated = (await api.call('POST', '/v1/experiments?validate=true', swapped)).json()
  assert.deepEqual([validated.valid, validated.errors], [false, errors])

  const classless = { kind: 'frequency-principle', spec: { target: { type: 'data' }, data: { generator: nonlinear } } }
  const refused = await api.call('POST', '/v1/experiments', { body: classless })
  assert.deepEqual([refused.statusCode, refused.json().detail], [422, 'spec.data must have a target of classes, got "values (distance in m)"'])
  assert.deepEqual((await api.call('GET', '/v1/datasets')).json().items, [], 'nothing was made')
})

test('one generator that is named twice is one data set', async t => {
  const api = await openTestApp(t)
  const { datasetId } = (await api.call('POST', '/v1/experiments', submit(spec))).json().spec.pictures
  const again = (await api.call('POST', '/v1/experiments', submit({ ...spec, pictures: { datasetId } }))).json()
  assert.deepEqual([again.spec.pictures, (await api.call('GET', '/v1/datasets')).json().items.length], [{ datasetId }, 2])
})
