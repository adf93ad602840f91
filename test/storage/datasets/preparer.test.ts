/** Data sets are prepared in a thread, stored once, and single examples are read from the stored file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeDataset, hashSource, readExample } from '../../../src/storage/datasets/format.js'
import { generateDataset } from '../../../src/storage/datasets/generators.js'
import { addDataset, createPreparer } from '../../../src/storage/datasets/preparer.js'
import { openTestDatabase } from '../../helpers/database.js'
import { makeBlobs, makeTeam } from '../fixtures.js'
import { idx, upload } from './files.js'

const spec = { type: 'glyphs', classes: 3, train: 9, test: 4, noise: 0.1, seed: 1 } as const
const points = { type: 'blobs', classes: 3, features: 2, train: 9, test: 4, spread: 0.2, seed: 1 } as const

test('preparer: the thread gives what the function gives', async t => {
  const preparer = createPreparer()
  t.after(() => preparer.close())
  assert.deepEqual(await preparer.prepare({ type: 'generator', spec }), generateDataset(spec))
})

test('preparer: an error keeps its code and message on its way out of the thread, and the thread goes on', async t => {
  const preparer = createPreparer()
  t.after(() => preparer.close())
  const file = await upload(t, 'bad.csv', '1,x\n1,2,y\n')
  await assert.rejects(preparer.prepare({ type: 'csv', train: file }), {
    name: 'AppError', code: 'invalid_dataset', detail: 'file "bad.csv": line 2 must have 2 cells as the first line, got 3'
  })
  assert.equal((await preparer.prepare({ type: 'generator', spec })).description.classes, 3)
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
  const job = { type: 'idx', trainImages: images, trainLabels: labels, options: { testCount: 1 } } as const
  const first = await addDataset(parts, 'a', job)
  assert.deepEqual(first.dataset.source, { upload: { format: 'idx', files: { trainImages: 'images', trainLabels: 'labels' }, options: { testCount: 1 } } })
  assert.equal((await addDataset(parts, 'b', job)).created, false)
  const others = await upload(t, 'labels', idx([4], [1, 0, 0, 1]))
  assert.equal((await addDataset(parts, 'c', { ...job, trainLabels: others })).created, true)
})

test('readExample: gives the stored numbers of one example', async t => {
  const parts = await makeParts(t)
  for (const generator of [spec, points]) {
    const { dataset } = await addDataset(parts, 'x', { type: 'generator', spec: generator })
    const opened = await parts.team.datasets.open(dataset.id)
    const data = decodeDataset(opened.description, await parts.blobs.read(opened.blobSha))
    const width = data.inputShape.reduce((product, size) => product * size, 1)
    for (const [split, index] of [['train', 0], ['train', 8], ['test', 3]] as const) {
      assert.deepEqual(await readExample(parts.blobs, opened, split, index), {
        split,
        index,
        label: data[split].labels[index],
        labelName: String(data[split].labels[index]),
        shape: data.inputShape,
        values: [...data[split].inputs.subarray(index * width, (index + 1) * width)]
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

async function makeParts (t: Parameters<typeof openTestDatabase>[0]) {
  const db = await openTestDatabase(t)
  const preparer = createPreparer()
  t.after(() => preparer.close())
  return { team: await makeTeam(db), blobs: await makeBlobs(t, db), preparer }
}
