/** Data sets are prepared in a thread, stored once, and single examples are read from the stored file. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import { openClasses } from '../../src/datasets/classes.js'
import { decodeDataset, hashSource, readExample } from '../../src/datasets/dataset-file.js'
import { generateDataset } from '../../src/datasets/generators/index.js'
import type { UploadedFile } from '../../src/datasets/limits.js'
import type { DatasetJob, PreparedDataset } from '../../src/datasets/prepare.js'
import { createCatalog } from '../../src/datasets/catalog/index.js'
import { createDatasetPool, type DatasetPoolOptions } from '../../src/datasets/dataset-pool.js'
import { addDataset } from '../../src/jobs/add-dataset.js'
import { sizeOf } from '../../src/math/arrays.js'
import { updateQuotas } from '../../src/storage/teams.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBlobs, makeFolder, makeTeam } from '../storage/fixtures.js'
import { idx, needsPipes, openPipe, upload, wideLimits } from './files.js'

const spec = { type: 'glyphs', classes: 3, train: 9, test: 4, noise: 0.1, seed: 1 } as const
const points = { type: 'blobs', classes: 3, features: 2, train: 9, test: 4, spread: 0.2, seed: 1 } as const

test('dataset pool: the thread gives what the function gives, and its file is gone afterwards', async t => {
  const { datasetPool, folder } = await makePool(t)
  const { description, train, test } = generateDataset(spec)
  await datasetPool.prepare({ type: 'generator', spec }, { team: 'ours' }, async prepared => {
    assert.deepEqual(prepared.description, description)
    const data = decodeDataset({ id: 'x', ...description }, new Uint8Array(await readFile(prepared.file)))
    assert.deepEqual([data.train, data.test], [train, test])
  })
  assert.deepEqual(readdirSync(folder), [])
})

test('dataset pool: an error keeps its code and message on its way out of the thread, and the thread goes on', async t => {
  const { datasetPool, folder } = await makePool(t)
  const file = await upload(t, 'bad.csv', 'a,b\n1,x\n1,2,y\n')
  await assert.rejects(datasetPool.prepare({ type: 'upload', format: 'csv', files: { train: file }, options: {} }, { team: 'ours' }, nothing), {
    name: 'AppError', code: 'invalid_dataset', detail: 'file "bad.csv": line 3 must have 2 cells as the first line, got 3'
  })
  assert.equal((await datasetPool.prepare(job(await upload(t, 'good.csv', good)), { team: 'ours' }, keep)).description.counts.train, 3)
  assert.deepEqual(readdirSync(folder), [])
})

test('dataset pool: a thread that runs out of memory is an error of its upload, and the next one is read', async t => {
  const { datasetPool, folder } = await makePool(t, { heapMegabytes: 16, uploads: { max: 1, perTeam: 1 } })
  const row = (number: number): string => `${Array.from({ length: 100 }, (_, column) => `word ${column} of ${number},`).join('')}${number % 2}`
  const words = await upload(t, 'words.csv', Array.from({ length: 4000 }, (_, number) => row(number)).join('\n')) // all are counted
  const options = { header: 'false' }
  await assert.rejects(datasetPool.prepare({ type: 'upload', format: 'csv', files: { train: words }, options }, { team: 'ours' }, nothing), {
    name: 'AppError', code: 'invalid_dataset', detail: /^reading it must take at most 16 MB of memory, got more/
  })
  assert.equal((await datasetPool.prepare(job(await upload(t, 'good.csv', good)), { team: 'ours' }, keep)).description.counts.train, 3)
  assert.deepEqual(readdirSync(folder), [])
})

test('dataset pool: generators and other teams do not wait for the uploads of one team', needsPipes, async t => {
  const pipes = [await openPipe(t), await openPipe(t)]
  const { datasetPool } = await makePool(t, { uploads: { max: 2, perTeam: 1 } })
  const theirs = await Promise.all(pipes.map(async pipe => await pictures(t, pipe.file)))
  const prepared = theirs.map(job => datasetPool.prepare(job, { team: 'theirs' }, keep)) // one is read, the other waits
  assert.equal((await datasetPool.prepare({ type: 'generator', spec }, { team: 'theirs' }, keep)).description.counts.train, 9)
  assert.equal((await datasetPool.prepare(job(await upload(t, 'good.csv', good)), { team: 'ours' }, keep)).description.counts.train, 3)
  for (const pipe of pipes) pipe.finish(labels)
  assert.deepEqual((await Promise.all(prepared)).map(({ description }) => description.counts.train), [3, 3])
})

test('dataset pool: a job whose client has gone ends, whether it waits or is under way', needsPipes, async t => {
  const pipe = await openPipe(t)
  const { datasetPool, folder } = await makePool(t, { uploads: { max: 1, perTeam: 1 } })
  const [first, second] = [new AbortController(), new AbortController()]
  const gone = { name: 'AppError', code: 'invalid_request', detail: 'the client went away' }
  const piped = await pictures(t, pipe.file)
  const running = assert.rejects(datasetPool.prepare(piped, { team: 'ours', signal: first.signal }, nothing), gone)
  const waiting = assert.rejects(datasetPool.prepare(piped, { team: 'ours', signal: second.signal }, nothing), gone)
  await pipe.opened
  second.abort()
  await waiting
  first.abort()
  await running
  pipe.finish(labels)
  assert.equal((await datasetPool.prepare(job(await upload(t, 'good.csv', good)), { team: 'ours' }, keep)).description.counts.train, 3)
  assert.deepEqual(readdirSync(folder), [])
  await assert.rejects(datasetPool.prepare(piped, { team: 'ours', signal: AbortSignal.abort() }, nothing), gone)
})

test('addDataset: a generator is made once per team', async t => {
  const { team, ...parts } = await makeParts(t)
  const first = await addDataset({ team, ...parts }, 'digits', { type: 'generator', spec })
  assert.deepEqual([first.created, first.dataset.source], [true, { generator: spec }])
  const again = await addDataset({ team, ...parts }, 'other name', { type: 'generator', spec: { ...spec } })
  assert.deepEqual(again, { created: false, dataset: first.dataset })
  assert.equal((await addDataset({ team, ...parts }, 'more', { type: 'generator', spec: { ...spec, seed: 2 } })).created, true)
})

test('addDataset: an upload is known by its files’ names, options and content', async t => {
  const parts = await makeParts(t)
  const images = await upload(t, 'images', idx([4, 2, 2]))
  const labels = await upload(t, 'labels', idx([4], [0, 1, 0, 1]))
  const job = { type: 'upload', format: 'idx', files: { trainImages: images, trainLabels: labels }, options: { testCount: 1 } } as const
  const first = await addDataset(parts, 'a', job)
  assert.deepEqual(first.dataset.source, { upload: { format: 'idx', files: { trainImages: 'images', trainLabels: 'labels' }, options: { testCount: 1 } } })
  assert.equal((await addDataset(parts, 'b', job)).created, false)
  const others = await upload(t, 'labels', idx([4], [1, 0, 0, 1]))
  assert.equal((await addDataset(parts, 'c', { ...job, files: { ...job.files, trainLabels: others } })).created, true)
})

test('readExample: gives the stored numbers of one example', async t => {
  const parts = await makeParts(t)
  for (const generator of [spec, points]) {
    const { dataset } = await addDataset(parts, 'x', { type: 'generator', spec: generator })
    const opened = await parts.team.datasets.open(dataset.id)
    const data = openClasses(decodeDataset(opened.description, await parts.blobs.read(opened.blobSha)))
    const width = sizeOf(data.inputShape)
    for (const [split, index] of [['train', 0], ['train', 8], ['test', 3]] as const) {
      const values = [...data[split].inputs.subarray(index * width, (index + 1) * width)]
      const label = data[split].labels[index]
      assert.deepEqual(await readExample(parts.blobs, opened, split, index), {
        split,
        index,
        fields: {
          inputs: { type: opened.description.fields.inputs.type, shape: data.inputShape, values }, target: { type: 'classes', label, name: String(label) }
        }
      })
    }
    for (const index of [-1, 4, 1.5]) await assert.rejects(readExample(parts.blobs, opened, 'test', index), { code: 'not_found' })
  }
})

test('hashSource: does not depend on the order of keys, and tells contents apart', () => {
  assert.equal(hashSource({ a: 1, b: { c: [1, 2], d: 2 } }), hashSource({ b: { d: 2, c: [1, 2] }, a: 1 }))
  assert.notEqual(hashSource({ a: [1, 2] }), hashSource({ a: [2, 1] }))
  assert.notEqual(hashSource({ a: 1 }, 'x'), hashSource({ a: 1 }, 'y'))
})

test('addDataset: what the quota refuses leaves no blob', async t => {
  const parts = await makeParts(t)
  await updateQuotas(parts.db, parts.team.teamId, { maxStorageBytes: 10 })
  await assert.rejects(addDataset(parts, 'a', { type: 'generator', spec }), { code: 'quota_exceeded' })
  assert.deepEqual(readdirSync(parts.blobs.folder, { recursive: true }), ['unfinished'])
})

const good = 'a,b\n1,x\n2,y\n3,x\n4,y\n'

function job (train: UploadedFile): DatasetJob {
  return { type: 'upload', format: 'csv', files: { train }, options: { testCount: 1 } }
}

/** Four pictures of one pixel, and what their labels are. */
async function pictures (t: TestContext, trainLabels: UploadedFile): Promise<DatasetJob> {
  return { type: 'upload', format: 'idx', files: { trainImages: await upload(t, 'images', idx([4, 1, 1])), trainLabels }, options: { testCount: 1 } }
}

const labels = idx([4], [0, 1, 0, 1])

async function keep (prepared: PreparedDataset): Promise<PreparedDataset> {
  return prepared
}

async function nothing (): Promise<void> {}

async function makePool (t: TestContext, options: Partial<DatasetPoolOptions> = {}) {
  const folder = await makeFolder(t)
  const datasetPool = createDatasetPool({ folder, limits: wideLimits, ...options })
  t.after(() => datasetPool.close())
  return { datasetPool, folder }
}

async function makeParts (t: TestContext) {
  const db = await openTestDatabase(t)
  const catalog = createCatalog({ folder: await makeFolder(t) })
  return { db, team: await makeTeam(db), blobs: await makeBlobs(t, db), datasetPool: (await makePool(t)).datasetPool, catalog }
}
