/** The catalog over HTTP: listed, taken as a data set, named by a spec. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { createCatalog } from '../../src/datasets/catalog/index.js'
import { downloadBounds } from '../../src/datasets/catalog/download.js'
import { catalogEntries } from '../../src/datasets/catalog/entries.js'
import { withTransaction } from '../../src/storage/database.js'
import { openTestApp } from '../helpers/app.js'
import { until } from '../helpers/processes.js'
import { idx } from '../datasets/files.js'
import { listen, toFile, type Answer } from '../datasets/file-server.js'
import { makeFolder } from '../storage/fixtures.js'
import { smallestPreset } from './fixtures.js'

test('GET /v1/catalog: what there is, how large, under which licence', async t => {
  const { call, team } = await openTestApp(t, { cacheDir: await makeFolder(t) })
  const { items } = (await call('GET', '/v1/catalog', { key: team.keys.viewer })).json()
  const facts = items.map((item: Record<string, unknown>) => [item.id, item.counts, item.sizeBytes, item.downloadedBytes])
  assert.deepEqual(facts, [
    ['mnist', { train: 60_000, test: 10_000 }, 11_594_722, 0],
    ['fashion-mnist', { train: 60_000, test: 10_000 }, 30_878_645, 0],
    ['cifar-10', { train: 50_000, test: 10_000 }, 170_052_171, 0],
    ['iris', { train: 120, test: 30 }, 0, 0]
  ])
  assert.deepEqual(items[0].fields.inputs, { type: 'image', shape: [28, 28, 1], dtype: 'uint8' })
  assert.equal((await call('GET', '/v1/catalog', { key: null })).statusCode, 401)
})

test('POST /v1/datasets: an entry of the catalog, downloaded once and known by its name', async t => {
  const { api, server } = await openSmall(t)
  const body = { name: 'digits', source: { catalog: 'mnist' } }
  const first = await api.call('POST', '/v1/datasets', { body })
  assert.equal(first.statusCode, 201, first.body)
  const { id, source, counts, fields } = first.json()
  assert.deepEqual([source, counts, fields.target.names.length], [{ catalog: 'mnist' }, { train: 3, test: 2 }, 10])
  const again = await api.call('POST', '/v1/datasets', { body: { ...body, name: 'again' } })
  assert.deepEqual([again.statusCode, again.json().id, server.asked.length], [200, id, 4])
  const unknown = await api.call('POST', '/v1/datasets', { body: { ...body, source: { catalog: 'imagenet' } } })
  assert.deepEqual([unknown.statusCode, unknown.json().code], [400, 'invalid_request'])
  assert.match(unknown.json().detail, /source\.catalog must be one of mnist, fashion-mnist, cifar-10, iris, got "imagenet"/)
})

test('GET /v1/uploads/{id}: what comes as JSON is told, too: that its files come, and that it is stored', async t => {
  const held = '/mnist/t10k-labels-idx1-ubyte.gz'
  let give = (): void => {}
  const { api, server } = await openSmall(t, { [held]: (_, response) => { give = () => { response.end(gzipSync(idx([2], [1, 2]))) } } })
  const id = randomUUID()
  const body = { name: 'digits', source: { catalog: 'mnist' } }
  const answered = api.call('POST', '/v1/datasets', { body, headers: { 'upload-id': id } })
  const look = async () => (await api.call('GET', `/v1/uploads/${id}`)).json()
  await until(async () => server.asked.includes(held) && (await look()).name === 'digits', 'its files come')
  assert.deepEqual((await api.call('GET', '/v1/uploads')).json().items.map(({ id, stage, format }: Record<string, unknown>) => [id, stage, format]), [[id, 'receiving', null]])
  await withTransaction(api.parts.db.pool, async client => {
    await client.query('lock table dataset in access exclusive mode') // so that it cannot be stored
    give()
    await until(async () => (await look()).stage === 'storing', 'it is stored')
    assert.equal((await look()).rows, 5)
  })
  const response = await answered
  assert.deepEqual([response.statusCode, response.headers['upload-id']], [201, id], response.body)
  assert.equal((await api.call('GET', `/v1/uploads/${id}`)).statusCode, 404)
})

test('POST /v1/datasets: what cannot be downloaded is 502 with the place and the reason, and nothing stays', async t => {
  const { api } = await openSmall(t, { '/mnist/t10k-labels-idx1-ubyte.gz': (_, response) => { response.writeHead(404).end() } })
  const response = await api.call('POST', '/v1/datasets', { body: { name: 'digits', source: { catalog: 'mnist' } } })
  assert.deepEqual([response.statusCode, response.json().code], [502, 'download_failed'], response.body)
  assert.match(response.json().detail, /t10k-labels-idx1-ubyte\.gz must come from .*\/mnist\/t10k-labels-idx1-ubyte\.gz: status 404/)
  const submitted = await api.call('POST', '/v1/experiments', { body: { ...smallestPreset, overrides: { data: { generator: null, catalog: 'mnist' } } } })
  assert.deepEqual([submitted.statusCode, submitted.json().code], [502, 'download_failed'], submitted.body)
  assert.deepEqual((await api.call('GET', '/v1/datasets')).json().items, [])
  assert.deepEqual((await api.call('GET', '/v1/experiments')).json().items, [])
})

test('POST /v1/experiments: spec.data may name an entry; looked at without a download, fixed to a data set at creation', async t => {
  const { api, server } = await openSmall(t)
  const body = { ...smallestPreset, overrides: { data: { generator: null, catalog: 'mnist' } } }
  const validation = (await api.call('POST', '/v1/experiments?validate=true', { body })).json()
  assert.deepEqual([validation.valid, server.asked], [true, []], JSON.stringify(validation))
  const created = await api.call('POST', '/v1/experiments', { body })
  assert.equal(created.statusCode, 201, created.body)
  const { datasetId } = created.json().spec.data
  const dataset = (await api.call('GET', `/v1/datasets/${datasetId}`)).json()
  assert.deepEqual([dataset.name, dataset.source], ['mnist', { catalog: 'mnist' }])
  const both = await api.call('POST', '/v1/experiments', { body: { ...smallestPreset, overrides: { data: { catalog: 'mnist' } } } })
  assert.deepEqual([both.statusCode, both.json().code], [400, 'invalid_spec'])
})

test('POST /v1/datasets: irises come without a download', async t => {
  const { call } = await openTestApp(t, { cacheDir: await makeFolder(t) })
  const response = await call('POST', '/v1/datasets', { body: { name: 'flowers', source: { catalog: 'iris' } } })
  assert.equal(response.statusCode, 201, response.body)
  const { id, sha256, fields } = response.json()
  assert.deepEqual(fields.inputs.columns[0], { name: 'sepal length', unit: 'cm' })
  const example = (await call('GET', `/v1/datasets/${id}/examples/train/0`)).json()
  assert.deepEqual([example.fields.inputs.values.map((value: number) => Number(value.toFixed(2))), example.fields.target.name], [[5.1, 3.5, 1.4, 0.2], 'setosa'])
  assert.equal(sha256, catalogEntries.find(({ id }) => id === 'iris')!.sha256)
})

/** An API whose MNIST is five pictures, at a mirror on this machine. */
async function openSmall (t: TestContext, answers: Record<string, Answer> = {}) {
  const api = await openTestApp(t)
  const real = catalogEntries[0]!
  const contents: Record<string, Buffer> = {
    trainImages: gzipSync(idx([3, 28, 28])),
    trainLabels: gzipSync(idx([3], [0, 9, 4])),
    testImages: gzipSync(idx([2, 28, 28])),
    testLabels: gzipSync(idx([2], [1, 2]))
  }
  const files = Object.fromEntries(Object.entries(real.files).map(([role, { name }]) => [role, toFile(name, contents[role]!)]))
  const given = Object.entries(files).map(([role, { name }]): [string, Answer] => [`/mnist/${name}`, (_, response) => { response.end(contents[role]) }])
  const server = await listen(t, { ...Object.fromEntries(given), ...answers })
  const { sha256: _, ...rest } = real
  const small = { ...rest, files, description: { ...real.description, counts: { train: 3, test: 2 } } }
  // The parts of an API are its own until it closes: the routes look here for the catalog.
  api.parts.catalog = createCatalog({
    folder: await makeFolder(t),
    mirror: server.url,
    entries: [small, ...catalogEntries.slice(1)],
    bounds: { ...downloadBounds, delaysMs: [] }
  })
  return { api, server }
}
