/** What a data set was taken for, over HTTP: its report, the same without storing it, its figures. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from 'fast-png'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { file, upload } from '../helpers/form.js'
import { idx } from '../datasets/files.js'

const images = file('images', idx([3, 2, 2], [0, 50, 100, 150, 1, 2, 3, 4, 255, 254, 253, 252]))
const labels = file('labels', idx([3], [0, 1, 0]))
const pictures = { name: 'tiny', format: 'idx', trainImages: images, trainLabels: labels, testImages: images, testLabels: labels }
const nonlinear = { name: 'stops', source: { generator: { type: 'nonlinear', train: 50, test: 10 } } }

/** Rows of everything that a validation must not leave. */
async function countRows ({ parts }: TestApp): Promise<Record<string, number>> {
  const tables = ['dataset', 'blob', 'upload', 'idempotency_key', 'audit_entry']
  const counts = tables.map(async table => [table, (await parts.db.pool.query(`select from ${table}`)).rowCount!] as const)
  return Object.fromEntries(await Promise.all(counts))
}

test('POST and GET /v1/datasets/{id} have the report, lists leave it out', async t => {
  const api = await openTestApp(t)
  const made = (await upload(api, pictures)).json()
  assert.deepEqual(made.report, {
    columns: [],
    classes: [{ name: '0', train: 2, test: 2 }, { name: '1', train: 1, test: 1 }],
    skipped: [],
    warnings: [{ code: 'rare_class', text: '1 classes have less than 2 examples to train on: 1 (1)' }]
  })
  assert.deepEqual((await api.call('GET', `/v1/datasets/${made.id}`)).json(), made)
  const again = await upload(api, pictures)
  assert.deepEqual([again.statusCode, again.json()], [200, made], 'and so has the answer to the same data once more')
  const { report, ...summary } = made
  assert.deepEqual((await api.call('GET', '/v1/datasets')).json().items, [summary])
  await api.parts.db.pool.query('update dataset set report = null')
  assert.equal((await api.call('GET', `/v1/datasets/${made.id}`)).json().report, null, 'one of a version that kept none')
  const { items } = (await api.call('GET', `/v1/datasets/${made.id}/figures`)).json()
  assert.deepEqual(items.map(({ name }: { name: string }) => name), ['examples'], 'charts need a report')
})

test('POST /v1/datasets?validate=true: what it would be, and nothing is stored', async t => {
  const api = await openTestApp(t)
  const before = await countRows(api)
  const form = await upload(api, pictures, { headers: { 'idempotency-key': 'k' }, query: '?validate=true' })
  assert.equal(form.statusCode, 200, form.body)
  assert.equal(form.headers.location, undefined)
  const preview = form.json()
  assert.deepEqual(Object.keys(preview).sort(), ['counts', 'examples', 'fields', 'report', 'sha256', 'sizeBytes'])
  const shown = preview.examples as { index: number, fields: { inputs: { values: number[] } } }[]
  assert.deepEqual(shown.map(({ index, fields }) => [index, fields.inputs.values]), [
    [0, [0, 50, 100, 150]], [1, [1, 2, 3, 4]], [2, [255, 254, 253, 252]]
  ])
  const drawn = await api.call('POST', '/v1/datasets?validate=true', { body: nonlinear })
  assert.deepEqual([drawn.statusCode, drawn.json().counts, drawn.json().examples.length], [200, { train: 50, test: 10 }, 5])
  const broken = await upload(api, { ...pictures, trainLabels: file('labels', idx([2], [0, 1])) }, { query: '?validate=true' })
  assert.deepEqual([broken.statusCode, broken.json().code], [422, 'invalid_dataset'])
  assert.deepEqual(await countRows(api), before)

  const stored = await upload(api, pictures, { headers: { 'idempotency-key': 'k' } })
  assert.equal(stored.statusCode, 201, 'the key was not used up')
  for (const name of ['fields', 'counts', 'report', 'sizeBytes', 'sha256']) assert.deepEqual(stored.json()[name], preview[name], name)
})

test('POST /v1/datasets?validate=true: pictures that are too large to be read as numbers are not sent', async t => {
  const api = await openTestApp(t)
  const large = { ...pictures, trainImages: file('images', idx([3, 200, 300])), testImages: file('images', idx([3, 200, 300])) }
  const { examples, fields } = (await upload(api, large, { query: '?validate=true' })).json()
  assert.deepEqual([examples, fields.inputs.shape], [[], [200, 300, 1]])
})

test('GET /v1/datasets/{id}/figures: columns and classes as Vega-Lite, SVG and PNG', async t => {
  const api = await openTestApp(t)
  const get = async (url: string, accept = 'application/json') => await api.call('GET', url, { headers: { accept } })
  const { id } = (await api.call('POST', '/v1/datasets', { body: nonlinear })).json()
  const list = (await get(`/v1/datasets/${id}/figures`)).json()
  assert.deepEqual(list.items.map(({ name }: { name: string }) => name), ['columns'], 'values have no classes')
  const vegaLite = (await get(`/v1/datasets/${id}/figures/columns`)).json()
  assert.deepEqual(vegaLite.concat.map(({ title }: { title: { text: string } }) => title.text), ['speed', 'reaction', 'friction', 'distance'])
  const svg = await get(`/v1/datasets/${id}/figures/columns`, 'image/svg+xml')
  assert.match(svg.body, /^<svg[^]*distance/)
  const png = await get(`/v1/datasets/${id}/figures/columns`, 'image/png')
  assert.ok(decode(png.rawPayload).width > 400)
  const missing = await get(`/v1/datasets/${id}/figures/classes`)
  assert.deepEqual([missing.statusCode, missing.json().detail], [404, 'figure must be one of columns, got "classes"'])
  assert.equal((await get(`/v1/datasets/${id}/figures/columns`, 'text/csv')).statusCode, 406)

  const tiny = (await upload(api, pictures)).json()
  const classes = (await get(`/v1/datasets/${tiny.id}/figures/classes`)).json()
  assert.deepEqual(classes.data.values.map(({ count }: { count: number }) => count), [2, 2, 1, 1])
  const sheet = await get(`/v1/datasets/${tiny.id}/figures/examples`, 'image/svg+xml')
  assert.equal(sheet.body.match(/<image /g)?.length, 3, 'both pictures of one class and the one of the other')
  assert.equal((await get(`/v1/datasets/${tiny.id}/figures/examples`, 'image/png')).headers['content-type'], 'image/png')
  assert.equal((await get(`/v1/datasets/${tiny.id}/figures/examples`)).statusCode, 406, 'a sheet is no chart')
})

test('GET /v1/datasets/{id}/examples/{split}: a page of examples, as CSV too', async t => {
  const api = await openTestApp(t)
  const { id } = (await api.call('POST', '/v1/datasets', { body: nonlinear })).json()
  const page = (await api.call('GET', `/v1/datasets/${id}/examples/test?offset=3&limit=4`)).json()
  assert.deepEqual([page.count, page.items.map(({ index }: { index: number }) => index)], [10, [3, 4, 5, 6]])
  assert.deepEqual(page.items[2], (await api.call('GET', `/v1/datasets/${id}/examples/test/5`)).json())
  assert.equal((await api.call('GET', `/v1/datasets/${id}/examples/test`)).json().items.length, 10, 'all that there are')
  assert.deepEqual((await api.call('GET', `/v1/datasets/${id}/examples/test?offset=10`)).json().items, [])
  const csv = await api.call('GET', `/v1/datasets/${id}/examples/test?limit=2`, { headers: { accept: 'text/csv' } })
  const [names, first, ...rest] = csv.body.split('\r\n')
  assert.deepEqual([names, rest.length], ['index,speed,reaction,friction,distance', 2])
  const { inputs, target } = (await api.call('GET', `/v1/datasets/${id}/examples/test/0`)).json().fields
  assert.deepEqual(first!.split(',').map(cell => Math.fround(Number(cell))), [0, ...inputs.values, ...target.values], 'the shortest decimals that are the same in float32')
  assert.deepEqual(first!.split(',').slice(1, 4).map(Number), [inputs.row.speed, inputs.row.reaction, inputs.row.friction])
  for (const [query, status] of [['limit=101', 400], ['limit=0', 400], ['offset=-1', 400], ['ofset=1', 400]] as const) {
    assert.equal((await api.call('GET', `/v1/datasets/${id}/examples/test?${query}`)).statusCode, status, query)
  }

  const tiny = (await upload(api, pictures)).json()
  assert.deepEqual((await api.call('GET', `/v1/datasets/${tiny.id}/examples/train`)).json().items.length, 3)
  const asCsv = await api.call('GET', `/v1/datasets/${tiny.id}/examples/train`, { headers: { accept: 'text/csv' } })
  assert.deepEqual([asCsv.statusCode, asCsv.json().code], [406, 'not_acceptable'], 'pictures are no rows')
  const side = 600
  const wide = (await upload(api, { ...pictures, name: 'wide', trainImages: file('i', idx([3, side, side])), testImages: file('i', idx([3, side, side])) })).json()
  const tooMuch = await api.call('GET', `/v1/datasets/${wide.id}/examples/train?limit=3`)
  assert.deepEqual([tooMuch.statusCode, tooMuch.json().detail], [400, `query.limit must be <= 2: an example has ${side * side + 1} numbers, got 3`])
})
