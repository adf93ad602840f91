/** Data sets over HTTP: uploads of IDX and CSV, generators, one example as JSON and PNG, deletion. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { decode } from 'fast-png'
import { toInputs } from '../../src/datasets/description.js'
import { encodeDataset, toIncoming } from '../../src/datasets/dataset-file.js'
import { generateDataset } from '../../src/datasets/generators/index.js'
import { openTestApp } from '../helpers/app.js'
import { file, upload, type Parts } from '../helpers/form.js'
import { idx } from '../datasets/files.js'
import { smallestPreset } from './fixtures.js'

/** Three pictures of 2 x 2 pixels of classes 0, 1, 0. */
const images = file('images', idx([3, 2, 2], [0, 50, 100, 150, 1, 2, 3, 4, 255, 254, 253, 252]))
const labels = file('labels', idx([3], [0, 1, 0]))
const idxForm = { name: 'tiny', format: 'idx', trainImages: images, trainLabels: labels, testImages: images, testLabels: labels }

test('POST /v1/datasets: IDX, plain or gzip, in any order of the parts', async t => {
  const api = await openTestApp(t)
  const plain = await upload(api, idxForm)
  assert.equal(plain.statusCode, 201, plain.body)
  const dataset = plain.json()
  assert.equal(plain.headers.location, `/v1/datasets/${dataset.id}`)
  assert.deepEqual([dataset.name, dataset.fields, dataset.counts], [
    'tiny', { inputs: { type: 'image', shape: [2, 2, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['0', '1'] } }, { train: 3, test: 3 }
  ])
  const packed = await upload(api, {
    testLabels: labels, trainImages: file('i.gz', gzipSync(images.bytes)), trainLabels: file('l.gz', gzipSync(labels.bytes)), testImages: images, format: 'idx', name: 'packed'
  })
  assert.equal(packed.statusCode, 201, packed.body)
  assert.equal(packed.json().sha256, dataset.sha256, 'the same examples are the same bytes')
  assert.deepEqual(readdirSync(api.parts.temporaryFolder), [], 'nothing is left of the files')
})

test('POST /v1/datasets: CSV with a named label column and a cut-off test split', async t => {
  const api = await openTestApp(t)
  const csv = file('points.csv', 'kind,x,y\nred,1,2\nblue,3,4\nred,5,6\nblue,7,8\nred,9,10\n')
  const response = await upload(api, { name: 'points', format: 'csv', labelColumn: 'kind', testCount: '2', splitSeed: '7', train: csv })
  assert.equal(response.statusCode, 201, response.body)
  const { fields, counts } = response.json()
  assert.deepEqual(fields, {
    inputs: { type: 'features', shape: [2], dtype: 'float32', columns: [{ name: 'x' }, { name: 'y' }] }, target: { type: 'classes', names: ['blue', 'red'] }
  })
  assert.deepEqual(counts, { train: 3, test: 2 })
})

test('POST /v1/datasets: a generator, made once', async t => {
  const { call } = await openTestApp(t)
  const body = { name: 'drawn', source: { generator: { type: 'glyphs', train: 20, test: 5 } } }
  const first = await call('POST', '/v1/datasets', { body })
  assert.equal(first.statusCode, 201, first.body)
  assert.deepEqual(first.json().source, { generator: { type: 'glyphs', classes: 10, train: 20, test: 5, noise: 0.05, seed: 1 } }, 'defaults are filled in')
  const again = await call('POST', '/v1/datasets', { body: { ...body, name: 'again' } })
  assert.deepEqual([again.statusCode, again.json().id], [200, first.json().id])
})

test('POST /v1/datasets: what cannot be read is refused, file by file, and nothing is stored', async t => {
  const api = await openTestApp(t)
  const csv = { name: 'points', format: 'csv' }
  const cases: [string, Parts, number, string, RegExp][] = [
    ['wrong magic', { ...idxForm, trainImages: file('images', Buffer.from('nonsense, not pictures')) }, 422, 'invalid_dataset', /images/],
    ['truncated gzip', { ...idxForm, trainImages: file('i.gz', gzipSync(images.bytes).subarray(0, 20)) }, 422, 'invalid_dataset', /i\.gz/],
    ['other counts', { ...idxForm, trainLabels: file('labels', idx([2], [0, 1])) }, 422, 'invalid_dataset', /labels/],
    ['ragged rows', { ...csv, train: file('ragged.csv', 'x,y,label\n1,2,0\n1,1\n') }, 422, 'invalid_dataset', /ragged\.csv/],
    ['a file too few', { name: 'tiny', format: 'idx', trainImages: images }, 400, 'invalid_request', /^trainLabels is required/],
    ['half a test split', { name: 'tiny', format: 'idx', trainImages: images, trainLabels: labels, testImages: images }, 400, 'invalid_request', /testLabels must come together with testImages/],
    ['a file of the other format', { ...csv, trainImages: images, train: file('a.csv', 'a,b\n1,0\n2,1\n') }, 400, 'invalid_request', /^trainImages must be one of train, test when format is csv/],
    ['an unknown field', { ...idxForm, tsetCount: '1' }, 400, 'invalid_request', /^tsetCount is not a known field; did you mean testCount\?/],
    ['an unknown format', { ...idxForm, format: 'docx' }, 400, 'invalid_request', /^format must be one of idx, csv.*, got "docx"/],
    ['a fraction above 1', { ...csv, testFraction: '1.5', train: file('a.csv', 'a,b\n1,0\n2,1\n') }, 400, 'invalid_request', /^testFraction must be < 1, got 1\.5/],
    ['no name', { format: 'idx', trainImages: images, trainLabels: labels }, 400, 'invalid_request', /^name is required/]
  ]
  for (const [name, parts, status, code, detail] of cases) {
    const response = await upload(api, parts)
    assert.deepEqual([response.statusCode, response.json().code], [status, code], `${name}: ${response.body}`)
    assert.match(response.json().detail, detail, name)
  }
  const broken = await api.call('POST', '/v1/datasets', { body: Buffer.from('--b\r\nnot a part'), headers: { 'content-type': 'multipart/form-data; boundary=b' } })
  assert.deepEqual([broken.statusCode, broken.json().code], [400, 'invalid_request'], broken.body)
  const bare = await api.call('POST', '/v1/datasets', { body: Buffer.from('x'), headers: { 'content-type': 'multipart/form-data' } })
  assert.equal(bare.statusCode, 400, bare.body)
  assert.deepEqual((await api.call('GET', '/v1/datasets')).json().items, [])
  assert.deepEqual(readdirSync(api.parts.temporaryFolder), [])
})

test('POST /v1/datasets: an upload beyond MAX_UPLOAD_BYTES is refused, whether it says its length or not', async t => {
  const api = await openTestApp(t, { maxUploadBytes: 1000 })
  const parts = { ...idxForm, trainImages: file('large', Buffer.alloc(600)), testImages: file('large too', Buffer.alloc(600)) }
  const counted = await upload(api, parts)
  assert.deepEqual([counted.statusCode, counted.json().code], [413, 'too_large'], counted.body)
  assert.match(counted.json().detail, /at most 1000 bytes/)
  const declared = await upload(api, { ...idxForm, trainImages: file('huge', Buffer.alloc(200_000)) })
  assert.equal(declared.statusCode, 413)
  assert.deepEqual(readdirSync(api.parts.temporaryFolder), [])
  assert.equal((await upload(api, idxForm)).statusCode, 201, 'the service goes on')
})

test('POST /v1/datasets: an Idempotency-Key covers the files too', async t => {
  const api = await openTestApp(t)
  const headers = { 'idempotency-key': 'upload-1' }
  const first = await upload(api, idxForm, { headers })
  const again = await upload(api, idxForm, { headers })
  assert.deepEqual([again.statusCode, again.json(), again.headers['idempotency-replayed']], [201, first.json(), 'true'])
  const other = await upload(api, { ...idxForm, trainLabels: file('labels', idx([3], [1, 1, 0])) }, { headers })
  assert.deepEqual([other.statusCode, other.json().code], [409, 'idempotency_conflict'])
})

test('GET …/examples/{split}/{index}: numbers, or a picture by Accept', async t => {
  const api = await openTestApp(t)
  const { id } = (await upload(api, idxForm)).json()
  const numbers = await api.call('GET', `/v1/datasets/${id}/examples/train/1`)
  assert.deepEqual(numbers.json(), {
    split: 'train', index: 1, fields: { inputs: { type: 'image', shape: [2, 2, 1], values: [1, 2, 3, 4] }, target: { type: 'classes', label: 1, name: '1' } }
  })
  const picture = await api.call('GET', `/v1/datasets/${id}/examples/test/0`, { headers: { accept: 'image/avif,image/webp,image/*,*/*;q=0.8' } })
  assert.equal(picture.headers['content-type'], 'image/png')
  const { width, height, channels, data } = decode(picture.rawPayload)
  assert.deepEqual([width, height, channels, [...data]], [2, 2, 1, [0, 50, 100, 150]])
  for (const [place, status] of [['train/3', 404], ['train/-1', 404], ['train/x', 404], ['valid/0', 404]] as const) {
    assert.equal((await api.call('GET', `/v1/datasets/${id}/examples/${place}`)).statusCode, status, place)
  }
  const refused = await api.call('GET', `/v1/datasets/${id}/examples/train/0`, { headers: { accept: 'text/html' } })
  assert.deepEqual([refused.statusCode, refused.json().code], [406, 'not_acceptable'])
  const points = (await api.call('POST', '/v1/datasets', { body: { name: 'p', source: { generator: { type: 'blobs', train: 5, test: 5 } } } })).json()
  const flat = await api.call('GET', `/v1/datasets/${points.id}/examples/train/0`, { headers: { accept: 'image/png' } })
  assert.deepEqual([flat.statusCode, flat.json().code], [406, 'not_acceptable'], 'two numbers are no picture')
})

test('GET …/examples/{split}/{index}: values with their units', async t => {
  const api = await openTestApp(t)
  const generator = { type: 'nonlinear', train: 5, test: 5, noise: 0, seed: 1 } as const
  const { id } = (await api.call('POST', '/v1/datasets', { body: { name: 'stops', source: { generator } } })).json()
  const { inputs, target } = generateDataset(generator).train.arrays
  const { fields } = (await api.call('GET', `/v1/datasets/${id}/examples/train/2`)).json()
  assert.deepEqual(fields.target, { type: 'values', values: [target![2]], columns: [{ name: 'distance', unit: 'm' }] })
  assert.deepEqual([fields.inputs.values, fields.inputs.columns[0]], [[...inputs!.subarray(6, 9)], { name: 'speed', unit: 'm/s' }])
})

test('GET …/examples/{split}/{index}: a class map is a picture with a palette, field says of which field', async t => {
  const api = await openTestApp(t)
  const description = {
    fields: { inputs: toInputs([1, 3, 3], 'uint8'), target: { type: 'classMap' as const, shape: [1, 3], names: ['road', 'sky'] } },
    counts: { train: 1, test: 0 }
  }
  const whole = { count: 1, arrays: { inputs: Uint8Array.from({ length: 9 }, (_, i) => i * 20), target: Uint8Array.of(0, 1, 255) } }
  const none = { count: 0, arrays: { inputs: new Uint8Array(0), target: new Uint8Array(0) } }
  const pieces = encodeDataset({ description, train: toIncoming(whole), test: toIncoming(none) })
  const blob = await api.parts.blobs.put(Buffer.concat([...pieces]))
  const { id } = await api.team.store.datasets.create({ name: 'scenes', source: {}, sourceHash: 'scenes', description, blob })
  const look = async (query: string) => await api.call('GET', `/v1/datasets/${id}/examples/train/0${query}`, { headers: { accept: 'image/png' } })

  const picture = decode((await look('')).rawPayload)
  assert.deepEqual([picture.channels, [...picture.data]], [3, [...whole.arrays.inputs]])
  const map = decode((await look('?field=target')).rawPayload)
  assert.deepEqual([map.width, map.height, [...map.data]], [3, 1, [0, 1, 255]], 'its pixels are the classes')
  assert.deepEqual([map.palette![0], map.palette![1], map.palette![255]], [[0, 0, 0], [128, 0, 0], [224, 224, 192]], 'the colours of PASCAL VOC')
  const refused = await look('?field=mask')
  assert.deepEqual([refused.statusCode, refused.json().detail], [404, 'field must be one of inputs, target, got "mask"'])
})

test('DELETE /v1/datasets/{id}: refused while an experiment uses it, with the list of users', async t => {
  const api = await openTestApp(t)
  const { id } = (await upload(api, { name: 'points', format: 'csv', train: file('a.csv', Array.from({ length: 40 }, (_, i) => `${i},${i % 3},${i % 2}`).join('\n')) })).json()
  const created = await api.call('POST', '/v1/experiments', { body: { ...smallestPreset, name: 'user', overrides: { data: { generator: null, datasetId: id } } } })
  assert.equal(created.statusCode, 201, created.body)
  const refused = await api.call('DELETE', `/v1/datasets/${id}`)
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'in_use'])
  assert.deepEqual(refused.json().users, [{ type: 'experiment', id: created.json().id, name: 'user' }])
  await api.call('POST', `/v1/experiments/${created.json().id}/cancel`)
  const unused = (await upload(api, idxForm)).json()
  assert.equal((await api.call('DELETE', `/v1/datasets/${unused.id}`)).statusCode, 204)
  assert.equal((await api.call('GET', `/v1/datasets/${unused.id}`)).statusCode, 404)
})
