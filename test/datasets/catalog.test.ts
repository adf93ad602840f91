/** The catalog: files that are downloaded from whoever has them, compared and kept; what is made of them. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { createCatalog, type CatalogOptions } from '../../src/datasets/catalog/index.js'
import { downloadBounds } from '../../src/datasets/catalog/download.js'
import { catalogEntries } from '../../src/datasets/catalog/entries.js'
import type { CatalogEntry, CatalogFile } from '../../src/datasets/catalog/entry.js'
import { decodeDataset } from '../../src/datasets/dataset-file.js'
import { hasMnist, mnistFolder } from '../helpers/mnist.js'
import { makeFolder } from '../storage/fixtures.js'
import { prepare } from './files.js'
import { listen, toFile, type Answer } from './file-server.js'

const content = randomBytes(300_000)
const whole: Answer = (_, response) => { response.end(content) }
/** Rounds without waits in between; nothing here is so slow that it would pass the other bounds. */
const bounds = { ...downloadBounds, delaysMs: [0, 0, 0] }

test('Catalog: the entries say what they are, and their files are known by size and SHA-256', () => {
  assert.deepEqual(catalogEntries.map(({ id }) => id), ['mnist', 'fashion-mnist', 'cifar-10', 'iris'])
  for (const { id, files, description, licence, home } of catalogEntries) {
    assert.ok(licence.length > 0 && URL.canParse(home) && description.fields.target?.type === 'classes', id)
    for (const { name, sizeBytes, sha256, places } of Object.values(files)) {
      assert.match(sha256, /^[0-9a-f]{64}$/)
      assert.ok(sizeBytes > 1000 && places.length > 0 && places.every(place => place.endsWith(`/${name}`)), `${id} ${name}`)
    }
  }
})

test('download: from the first place that has it; kept, and not asked for again', async t => {
  const { catalog, entry, target, asked } = await open(t, { '/gone': refuse(404), '/here': whole }, ['/gone', '/here', '/never'])
  assert.equal(await catalog.countBytes(entry), 0)
  await catalog.download(entry)
  assert.deepEqual(readFileSync(target), content)
  assert.deepEqual(asked, ['/gone', '/here'])
  assert.equal(await catalog.countBytes(entry), content.length)
  await catalog.download(entry)
  assert.equal(asked.length, 2, 'it is there')
  writeFileSync(target, Buffer.alloc(content.length))
  await catalog.download(entry)
  assert.deepEqual([asked.length, readFileSync(target)], [4, content], 'what is there but has other bytes is downloaded anew')
})

test('download: busy, broken off and cut short are tried again', async t => {
  const faults: Answer[] = [
    refuse(503),
    (_, response) => { response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 100_000), () => { response.destroy() }) },
    (_, response) => { response.end(content.subarray(0, 1000)) }, // without a length: only our own says that it is too short
  ]
  let tries = 0
  const { catalog, entry, target, asked } = await open(t, { '/file': (request, response) => { (faults[tries++] ?? whole)(request, response) } })
  await catalog.download(entry)
  assert.deepEqual([asked.length, readFileSync(target)], [4, content])
  assert.deepEqual(readdirSync(path.dirname(target)), ['file'], 'nothing else stays')
})

test('download: what stays broken is refused with every place and what it gave', async t => {
  const wrong = Buffer.from(content)
  wrong[5]! ^= 1
  const { catalog, entry, target, asked } = await open(t, {
    '/busy': refuse(500), '/gone': refuse(404), '/wrong': (_, response) => { response.end(wrong) }, '/long': (_, response) => { response.end(Buffer.concat([content, content])) }
  }, ['/busy', '/gone', '/wrong', '/long'])
  const error = await catalog.download(entry).then(() => assert.fail('must be refused'), (error: unknown) => error as { code: string, detail: string })
  assert.equal(error.code, 'download_failed')
  for (const part of [/file must come from one of/, /\/busy: status 500/, /\/gone: status 404/, /\/wrong: must have the SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}/, /\/long: must have 300000 bytes, got more/]) {
    assert.match(error.detail, part)
  }
  assert.deepEqual(asked, ['/busy', '/gone', '/wrong', '/long', '/busy', '/busy', '/busy'], 'only what may pass is asked again')
  assert.deepEqual(readdirSync(path.dirname(target)), [])
})

test('download: a place that is silent, before its answer or within, is left after its time', async t => {
  const silent: Answer = () => {}
  const stuck: Answer = (_, response) => { response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 10)) }
  const { catalog, entry } = await open(t, { '/silent': silent, '/stuck': stuck }, ['/silent', '/stuck'], { bounds: { ...bounds, silenceMs: 200, delaysMs: [] } })
  await assert.rejects(catalog.download(entry), { code: 'download_failed', detail: /\/silent: no byte for 200 ms; .*\/stuck: no byte for 200 ms/ })
})

test('download: a place that drips for ever is left after its time', async t => {
  const drip: Answer = (request, response) => {
    response.writeHead(200, { 'content-length': content.length })
    const timer = setInterval(() => { response.write('x') }, 10)
    request.socket.once('close', () => { clearInterval(timer) })
  }
  const { catalog, entry } = await open(t, { '/drip': drip }, ['/drip'], { bounds: { ...bounds, totalMs: 300, delaysMs: [] } })
  await assert.rejects(catalog.download(entry), { code: 'download_failed', detail: /\/drip: more than 300 ms/ })
})

test('download: nobody there, a redirect, and one that goes round', async t => {
  const to = (location: string): Answer => (_, response) => { response.writeHead(302, { location }).end() }
  const { catalog, entry, target } = await open(t, { '/old': to('/new'), '/new': whole, '/round': to('/round'), '/file': to('file:///etc/passwd') }, ['/old'])
  await catalog.download(entry)
  assert.deepEqual(readFileSync(target), content)
  const closed = await listen(t, {})
  await closed.close()
  for (const [place, reason] of [[`${closed.url}/x`, /ECONNREFUSED/], ['/round', /a redirect to .*\/round/], ['/file', /a redirect to file:\/\/\/etc\/passwd/]] as const) {
    const { catalog, entry } = await open(t, { '/round': to('/round'), '/file': to('file:///etc/passwd') }, [place])
    await assert.rejects(catalog.download(entry), { code: 'download_failed', detail: reason })
  }
})

test('download: bytes are taken as they come, also where they are marked as packed', async t => {
  const packed = gzipSync(content)
  const { catalog, entry, target } = await open(t, { '/file': (_, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed) } }, ['/file'], {}, toFile('file', packed))
  await catalog.download(entry)
  assert.deepEqual(readFileSync(target), packed)
})

test('download: from the mirror alone, where there is one', async t => {
  const mirror = await listen(t, { '/data/small/file': whole })
  const { catalog, entry, target, asked } = await open(t, { '/file': whole }, ['/file'], { mirror: `${mirror.url}/data/` })
  await catalog.download(entry)
  assert.deepEqual([readFileSync(target), mirror.asked, asked], [content, ['/data/small/file'], []])
})

test('download: who comes while a file is on its way waits for it, and sees how much there is', async t => {
  let finish = (): void => {}
  const half: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 100_000))
    finish = () => { response.end(content.subarray(100_000)) }
  }
  const { catalog, entry, asked } = await open(t, { '/file': half })
  const both = Promise.all([catalog.download(entry), catalog.download(entry)])
  while (await catalog.countBytes(entry) < 100_000) await new Promise(resolve => { setImmediate(resolve) })
  assert.equal(await catalog.countBytes(entry), 100_000)
  finish()
  await both
  assert.equal(asked.length, 1)
})

test('download: parts that a process left when it died go, those of others stay; a folder that cannot be made is named', async t => {
  const { catalog, entry, target } = await open(t, { '/file': whole })
  const [old, young] = ['old', 'young'].map(name => `${target}.${name}.part`) as [string, string]
  await mkdir(path.dirname(target), { recursive: true })
  for (const part of [old, young]) writeFileSync(part, 'half')
  utimesSync(old, 0, 0)
  await catalog.download(entry)
  assert.deepEqual([existsSync(old), existsSync(young)], [false, true])
  const folder = path.join(await makeFolder(t), 'a-file')
  writeFileSync(folder, '')
  const other = createCatalog({ folder, entries: [entry], bounds })
  await assert.rejects(other.download(entry), { code: 'download_failed', detail: /file must be written to .*a-file.*\(CACHE_DIR\)/ })
})

test('readCatalogEntry: CIFAR-10, whatever the order in the archive: planes become pixels', async t => {
  const batches = Object.fromEntries(['data_batch_2', 'test_batch', 'data_batch_1', 'data_batch_5', 'data_batch_3', 'data_batch_4'].map((name, i) => (
    [name, Buffer.concat([Buffer.of(i), randomBytes(3072), Buffer.of(9 - i), randomBytes(3072)])])))
  const archive = await toTar({ ...batches, readme: Buffer.from('hello') })
  const real = catalogEntries.find(({ id }) => id === 'cifar-10')!
  const entry = { ...real, description: { ...real.description, counts: { train: 10, test: 2 } } }
  const file = await save(t, gzipSync(archive))
  const { bytes } = await prepare(t, { type: 'catalog', entry, files: { archive: file } })
  const { train, test } = decodeDataset({ id: '', ...entry.description }, bytes)
  const order = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5']
  const check = (split: typeof train, names: string[]) => names.forEach((name, i) => {
    for (const record of [0, 1]) {
      const bytes = batches[name]!.subarray(record * 3073, (record + 1) * 3073)
      const example = 2 * i + record
      assert.equal(split.arrays.target![example], bytes[0])
      for (const [row, column] of [[0, 0], [7, 31], [31, 5]]) {
        const pixel = row! * 32 + column!
        const at = (example * 1024 + pixel) * 3
        assert.deepEqual([...split.arrays.inputs!.subarray(at, at + 3)], [0, 1, 2].map(channel => bytes[1 + channel * 1024 + pixel]))
      }
    }
  })
  check(train, order)
  check(test, ['test_batch'])
  const broken: [Record<string, Buffer>, RegExp][] = [
    [{ test_batch: batches.test_batch! }, /the archive must have data_batch_1\.bin .*, got test_batch\.bin/],
    [{ ...batches, data_batch_3: batches.data_batch_3!.subarray(1) }, /data_batch_3\.bin: (it must have whole records|the class of record)/],
    [{ ...batches, data_batch_3: Buffer.alloc(3073, 10) }, /data_batch_3\.bin: the class of record 0 must be 0 \.\. 9, got 10/]
  ]
  for (const [files, detail] of broken) {
    const archive = await save(t, gzipSync(await toTar(files)))
    await assert.rejects(prepare(t, { type: 'catalog', entry, files: { archive } }), { code: 'invalid_dataset', detail })
  }
})

test('readCatalogEntry: irises, a tenth of each species to test on', async t => {
  const { entry, files } = createCatalog({ folder: '' }).toJob('iris')
  const { bytes } = await prepare(t, { type: 'catalog', entry, files })
  const { train, test } = decodeDataset({ id: '', ...entry.description }, bytes)
  for (const label of [0, 1, 2]) {
    assert.deepEqual([train, test].map(({ arrays }) => arrays.target!.filter(one => one === label).length), [40, 10])
  }
  const values = [train, test].flatMap(({ arrays }) => [...arrays.inputs!])
  const means = [0, 1, 2, 3].map(column => values.filter((_, i) => i % 4 === column).reduce((sum, value) => sum + value) / 150)
  assert.deepEqual(means.map(mean => mean.toFixed(3)), ['5.843', '3.057', '3.758', '1.199'], 'the means that Fisher’s table has')
})

test('MNIST: its files, downloaded, become the data set that is known', { skip: hasMnist ? false : 'no ../shared/data/mnist' }, async t => {
  const real = catalogEntries.find(({ id }) => id === 'mnist')!
  const contents = Object.fromEntries(Object.values(real.files).map(({ name }) => [`/mnist/${name}`, readFileSync(path.join(mnistFolder, name))]))
  const answers = Object.entries(contents).map(([url, bytes]): [string, Answer] => [url, (_, response) => { response.end(bytes) }])
  const mirror = await listen(t, Object.fromEntries(answers))
  // The same digits packed anew: their gzip is another one, what is in it is not.
  const files = Object.fromEntries(Object.entries(real.files).map(([role, { name }]) => [role, toFile(name, contents[`/mnist/${name}`]!)]))
  const entry = { ...real, files }
  const catalog = createCatalog({ folder: await makeFolder(t), mirror: mirror.url, entries: [entry], bounds })
  await catalog.download(entry)
  const { bytes } = await prepare(t, catalog.toJob('mnist'))
  assert.equal(createHash('sha256').update(bytes).digest('hex'), real.sha256)
})

function refuse (status: number): Answer {
  return (_, response) => { response.writeHead(status).end('no') }
}

/** A catalog of one entry of one file, and the server of its places. */
async function open (
  t: TestContext, answers: Record<string, Answer>, places = Object.keys(answers), options: Partial<CatalogOptions> = {},
  file: CatalogFile = toFile('file', content)
) {
  const server = await listen(t, answers)
  const urls = places.map(place => place.startsWith('/') ? server.url + place : place)
  const entry: CatalogEntry = { ...catalogEntries[0]!, id: 'small', files: { file: { ...file, places: urls } } }
  const folder = await makeFolder(t)
  const catalog = createCatalog({ folder, entries: [entry], bounds, ...options })
  return { catalog, entry, target: path.join(folder, 'small', 'file'), asked: server.asked }
}

async function toTar (files: Record<string, Buffer>): Promise<Buffer> {
  const archive = pack()
  for (const [name, bytes] of Object.entries(files)) archive.entry({ name: `cifar-10-batches-bin/${name}.bin` }, bytes)
  archive.finalize()
  const pieces: Buffer[] = []
  for await (const piece of archive) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

async function save (t: TestContext, bytes: Uint8Array) {
  const file = path.join(await makeFolder(t), 'archive')
  writeFileSync(file, bytes)
  return { path: file, name: 'archive' }
}
