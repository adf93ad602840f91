/** Uploads that are too much, wrong or given up: each is told, none is in another's way, and nothing of them stays. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { file, toForm, upload, type Parts } from '../helpers/form.js'
import { idx, needsPipes, openPipe } from '../datasets/files.js'
import { smallestPreset } from './fixtures.js'

const rows = 'x,label\n1,a\n2,b\n3,a\n4,b\n5,a\n'
const csv = { name: 'points', format: 'csv' }
const good = { ...csv, train: file('good.csv', rows) }
const images = file('images', idx([3, 2, 2]))
const labels = file('labels', idx([3], [0, 1, 0]))
const pictures = { name: 'tiny', format: 'idx', trainImages: images, trainLabels: labels }

/** Names of what is left of uploads: temporary folders and blobs. */
function leftovers ({ config, parts }: TestApp): string[] {
  const list = (folder: string) => existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []
  return [...list(parts.temporaryFolder), ...list(config.blobStore).filter(name => name !== 'unfinished')]
}

async function assertNothingStays (api: TestApp): Promise<void> {
  assert.deepEqual(leftovers(api), [])
  for (const table of ['dataset', 'blob', 'upload']) {
    assert.equal((await api.parts.db.pool.query(`select from ${table}`)).rowCount, 0, table)
  }
}

test('POST /v1/datasets: gzip bombs are refused at the bound that they pass', async t => {
  const api = await openTestApp(t, { maxUnpackedBytes: 5_000_000, maxRows: 1000, maxCells: 100_000, maxClasses: 10 })
  const cases: [Parts, RegExp][] = [
    [{ ...csv, train: file('rows.gz', gzipSync('x,y\n' + '1,a\n2,b\n'.repeat(2_000_000))) }, /^file "rows\.gz": line 1002: .* at most 1000 rows \(MAX_ROWS\), got 1001$/],
    [{ ...csv, train: file('wide.gz', gzipSync('1,'.repeat(100_001) + 'a\n')) }, /line 1: .* at most 100000 numbers \(MAX_CELLS\), got 100001$/],
    [{ ...csv, train: file('classes.gz', gzipSync('x,y\n' + Array.from({ length: 500 }, (_, i) => `1,c${i}`).join('\n'))) }, /line 12, .* at most 10 classes \(MAX_CLASSES\), got 11$/],
    [{ ...csv, train: file('lines.gz', gzipSync(Buffer.alloc(20_000_000, '\n'))) }, /at most 5000000 bytes when unpacked \(MAX_UNPACKED_BYTES\), got more$/],
    [{ ...pictures, trainImages: file('i.gz', gzipSync(Buffer.concat([idx([3, 5000, 5000], []), Buffer.alloc(75_000_000)]))) }, /"i\.gz": .* at most 100000 numbers \(MAX_CELLS\), got 75000000$/],
    [{ ...pictures, trainLabels: file('l.gz', gzipSync(Buffer.concat([idx([20_000_000], []), Buffer.alloc(20_000_000)]))) }, /"l\.gz": .* at most 1000 rows \(MAX_ROWS\), got 20000000$/],
    [{ ...pictures, trainImages: file('tail.gz', gzipSync(Buffer.concat([images.bytes as Buffer, Buffer.alloc(20_000_000)]))) }, /"tail\.gz": \[3,2,2\] must have 12 bytes of data, got more$/]
  ]
  for (const [parts, detail] of cases) {
    const response = await upload(api, parts)
    assert.deepEqual([response.statusCode, response.json().code], [422, 'invalid_dataset'], response.body)
    assert.match(response.json().detail, detail)
  }
  await assertNothingStays(api)
  assert.equal((await upload(api, good)).statusCode, 201, 'the service goes on')
})

test('POST /v1/datasets: two hundred refused uploads leave no file and no row', async t => {
  const api = await openTestApp(t)
  await api.call('PATCH', '/v1/team/quotas', { key: api.team.keys.admin, body: { maxStorageBytes: 10 } })
  const bad: [Parts, number][] = [
    [{ ...csv, train: file('nul.csv', 'x,label\n1,a\0b\n2,c\n3,a\0b\n4,c\n5,c\n') }, 422],
    [{ ...csv, train: file('one.csv', 'x,label\n1,a\n2,a\n') }, 422],
    [{ ...pictures, testCount: '3' }, 422],
    [{ ...good, testCount: '1', testFraction: '0.5' }, 400],
    [good, 409] // all in order, and no room for it
  ]
  for (let i = 0; i < 200; i += 10) {
    await Promise.all(Array.from({ length: 10 }, async (_, j) => {
      const [parts, status] = bad[(i + j) % bad.length]!
      const response = await upload(api, parts)
      assert.equal(response.statusCode, status, response.body)
    }))
  }
  await assertNothingStays(api)
})

test('POST /v1/datasets: parts that cannot be meant are refused by name', async t => {
  const api = await openTestApp(t)
  const train = file('a.csv', rows)
  const latin1 = Buffer.from('M\xe4dchen', 'latin1')
  const cases: [string, Parts, RegExp][] = [
    ['NUL in a field', { ...good, name: 'a\0b' }, /^name must be text without control characters .*U\+0000 at position 1/],
    ['a control character in a field', { ...good, name: 'a\x1bb' }, /^name must be text without control characters .*U\+001B at position 1/],
    ['a line break in a field', { ...good, name: 'a\nb' }, /^name must be UTF-8 text without control characters, got "a\\nb"$/],
    ['a field that is no UTF-8', [['name', latin1], ['format', 'csv'], ['train', train]], /^name must be UTF-8 text/],
    ['a field name that is no UTF-8', [['name', 'x'], ['format', 'csv'], [latin1, 'x'], ['train', train]], /^body must name every part in UTF-8/],
    ['NUL in a field name', { ...good, 'a\0': 'x' }, /^body must name every part in UTF-8, without control characters/],
    ['a part without a name', { ...good, '': 'x' }, /^body must name every part/],
    ['NUL in a file name', { ...csv, train: file('a\0.csv', rows) }, /^train must have a file name in UTF-8, without control characters, got "a\\u0000\.csv"$/],
    ['a file name that is no UTF-8', { ...csv, train: file(latin1, rows) }, /^train must have a file name in UTF-8/],
    ['a file without a name', { ...csv, train: file(null, rows) }, /^train must be a file with a name of 1 \.\. 200 characters, got 0$/],
    ['an empty file', { ...csv, train: file('a.csv', '') }, /^train must be a file with content, got "\\"a\.csv\\" of 0 bytes"$/],
    ['text for a file', { ...csv, train: rows }, /^train must be a file, got "x,label/],
    ['a file for text', { ...good, name: file('n.txt', 'x') }, /^name must be text, not a file, got "n\.txt"$/],
    ['an unknown file', { ...good, trian: train }, /^trian is not a known file; known are trainImages, .*, got "a\.csv"$/],
    ['a name twice', [...Object.entries(good), ['name', 'other']], /^name must come once, got 2$/],
    ['a format twice', [...Object.entries(good), ['format', 'csv']], /^format must come once, got 2$/],
    ['a file twice', [...Object.entries(good), ['train', train]], /^train must come once, got 2$/],
    ['testCount beside testFraction', { ...good, testCount: '1', testFraction: '0.5' }, /^testCount must be left out when testFraction is given, got 1$/],
    ['testCount of nothing', { ...good, testCount: '0' }, /^testCount must be >= 1, got 0$/],
    ['labelColumn with idx', { ...pictures, labelColumn: 'x' }, /^labelColumn must be left out when format is idx, got "x"$/],
    ['header with idx', { ...pictures, header: 'true' }, /^header must be left out when format is idx/],
    ['an option of pictures with csv', { ...good, size: '[2, 2]' }, /^size must be left out when format is csv, got \[2,2\]$/],
    ['a misspelt option', { ...good, labelColum: 'label' }, /^labelColum is not a known field; did you mean labelColumn\?/],
    ['JSON that is none', { ...good, columns: '{"x": number}' }, /^columns must be JSON of an object: .*, got "\{\\"x\\": number\}"$/],
    ['an option of many bytes', { ...good, columns: JSON.stringify({ x: 'n'.repeat(70_000) }) }, /^columns must have at most 65536 bytes, got "more"$/],
    ['header that is none', { ...good, header: 'yes' }, /^header must be one of auto, true, false, got "yes"$/],
    ['a fraction beside a test file', { ...good, testFraction: '0.5', test: train }, /^testFraction must be left out when test is given: nothing is cut off, got 0\.5$/],
    ['a seed beside test files', { ...pictures, testImages: images, testLabels: labels, splitSeed: '1' }, /^splitSeed must be left out when testImages is given/]
  ]
  for (const [name, parts, detail] of cases) {
    const response = await upload(api, parts)
    assert.deepEqual([response.statusCode, response.json().code], [400, 'invalid_request'], `${name}: ${response.body}`)
    assert.match(response.json().detail, detail, name)
  }
  await assertNothingStays(api)
})

test('POST /v1/datasets: file names are UTF-8, fields may come after files', async t => {
  const api = await openTestApp(t)
  const response = await upload(api, { train: file('Mädchen 🐈.csv', rows), header: 'true', format: 'csv', name: 'später' })
  assert.equal(response.statusCode, 201, response.body)
  assert.deepEqual([response.json().name, response.json().source.upload.files, response.json().source.upload.options], ['später', { train: 'Mädchen 🐈.csv' }, { header: 'true' }])
})

test('POST /v1/datasets: a header made of numbers is taken as it is told, and refused when nobody tells', async t => {
  const api = await openTestApp(t)
  const train = file('pandas.csv', '0,1,label\n5.1,3.5,a\n4.9,3.0,b\n6.2,2.9,a\n5.9,3.2,b\n6.0,3.1,a\n')
  const refused = await upload(api, { ...csv, train })
  assert.equal(refused.statusCode, 422, refused.body)
  assert.match(refused.json().detail, /line 1 .* say header=true or header=false$/)
  const { fields, counts } = (await upload(api, { ...csv, train, header: 'true' })).json()
  assert.deepEqual([fields.target.names, counts.train + counts.test], [['a', 'b'], 5])
})

test('POST /v1/datasets: pictures of one pixel with the labels of letters', async t => {
  const api = await openTestApp(t)
  const response = await upload(api, {
    ...pictures, trainImages: file('img', idx([6, 1, 1], [10, 20, 30, 40, 50, 60])), trainLabels: file('lab', idx([6], [1, 2, 26, 1, 2, 26])), testCount: '2'
  })
  assert.equal(response.statusCode, 201, response.body)
  const { inputs, target } = response.json().fields
  assert.deepEqual([inputs.shape, target.names.length, target.names[26]], [[1, 1, 1], 27, '26'])
})

test('uploads of one team hold up neither submissions nor the uploads of another team', needsPipes, async t => {
  const pipes = [await openPipe(t), await openPipe(t)]
  const api = await openTestApp(t)
  await keepBusy(api, api.team.id, pipes)
  const validated = await api.call('POST', '/v1/experiments?validate=true', { body: smallestPreset })
  assert.equal(validated.json().valid, true, validated.body)
  const created = await api.call('POST', '/v1/experiments', { body: smallestPreset })
  assert.equal(created.statusCode, 201, 'also the data of a submission are made beside uploads')
  const theirs = await upload(api, good, { key: api.other.keys.member })
  assert.equal(theirs.statusCode, 201, theirs.body)
})

test('an upload whose client has gone ends and leaves nothing', needsPipes, async t => {
  const pipes = [await openPipe(t), await openPipe(t)]
  const api = await openTestApp(t)
  await keepBusy(api, api.team.id, pipes)
  const busy = new Set(leftovers(api))
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as { port: number }
  const { body, headers } = toForm(good)
  const socket = connect(port, '127.0.0.1')
  socket.write(`POST /v1/datasets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.team.keys.member}\r\n` +
    `content-type: ${headers['content-type']}\r\ncontent-length: ${body.length}\r\n\r\n`)
  socket.write(body)
  const uploads = () => leftovers(api).filter(name => !busy.has(name))
  await until(() => uploads().some(name => name.endsWith(path.join('/', '0')))) // received; it waits for its team's turn
  socket.destroy()
  await until(() => uploads().length === 0)
  assert.equal((await api.parts.db.pool.query('select from dataset')).rowCount, 0)
})

/** Takes all threads that a team may have, until the pipes end. */
async function keepBusy ({ parts }: TestApp, team: string, pipes: Awaited<ReturnType<typeof openPipe>>[]): Promise<void> {
  for (const { file, opened } of pipes) {
    parts.datasetPool.prepare({ type: 'upload', format: 'idx', files: { trainImages: file, trainLabels: file }, options: {} }, { team }, async () => {}).catch(() => {})
    await opened
  }
}

async function until (isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!isTrue()) {
    assert.ok(Date.now() < deadline, 'it did not happen within a minute')
    await delay(20)
  }
}
