/** IDX files become data sets; whatever is wrong with one is said with its name and the rule. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openClasses } from '../../../src/datasets/classes.js'
import { decodeDataset } from '../../../src/datasets/dataset-file.js'
import type { UploadedFile } from '../../../src/datasets/limits.js'
import { idx, prepare, upload } from '../files.js'

type IdxFiles = Record<'trainImages' | 'trainLabels', UploadedFile> & Partial<Record<'testImages' | 'testLabels', UploadedFile>>

function prepareIdx (t: TestContext, { options = {}, ...files }: IdxFiles & { options?: Record<string, unknown> }) {
  return prepare(t, { type: 'upload', format: 'idx', files, options })
}

/** Four images of 2 x 3 pixels with the labels 0, 1, 2, 1. */
async function good (t: TestContext, changes: Partial<Record<'images' | 'labels' | 'testImages' | 'testLabels', Uint8Array>> = {}): Promise<Required<IdxFiles>> {
  return {
    trainImages: await upload(t, 'train-images', changes.images ?? idx([4, 2, 3])),
    trainLabels: await upload(t, 'train-labels', changes.labels ?? idx([4], [0, 1, 2, 1])),
    testImages: await upload(t, 'test-images', changes.testImages ?? idx([1, 2, 3])),
    testLabels: await upload(t, 'test-labels', changes.testLabels ?? idx([1], [2]))
  }
}

test('prepareIdx: reads images as [n, height, width, 1] and labels as classes', async t => {
  const { bytes, description } = await prepareIdx(t, await good(t))
  assert.deepEqual(description, {
    fields: { inputs: { type: 'image', shape: [2, 3, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['0', '1', '2'] } }, counts: { train: 4, test: 1 }
  })
  const { train, test } = openClasses(decodeDataset({ id: 'x', ...description }, bytes))
  assert.deepEqual([...train.inputs], Array.from({ length: 24 }, (_, i) => i))
  assert.deepEqual([[...train.labels], [...test.labels], [...test.inputs]], [[0, 1, 2, 1], [2], [0, 1, 2, 3, 4, 5]])
})

test('prepareIdx: gzip is known by its bytes, not by its name', async t => {
  const plain = await prepareIdx(t, await good(t))
  const packed = await prepareIdx(t, await good(t, { images: gzipSync(idx([4, 2, 3])), labels: gzipSync(idx([4], [0, 1, 2, 1])) }))
  assert.deepEqual(packed, plain)
})

test('prepareIdx: two axes are features, four are channels', async t => {
  const labels = idx([4], [0, 1, 0, 1])
  const flat = await prepareIdx(t, await good(t, { images: idx([4, 5]), labels, testImages: idx([1, 5]), testLabels: idx([1], [0]) }))
  assert.deepEqual(flat.description.fields.inputs, { type: 'features', shape: [5], dtype: 'uint8' })
  const testLabels = idx([1], [0])
  const colour = await prepareIdx(t, await good(t, { images: idx([4, 2, 2, 3]), labels, testImages: idx([1, 2, 2, 3]), testLabels }))
  assert.deepEqual(colour.description.fields.inputs, { type: 'image', shape: [2, 2, 3], dtype: 'uint8' })
})

test('prepareIdx: without test files a part is cut off that is the same for the same seed', async t => {
  const { trainImages, trainLabels } = await good(t)
  const cut = (seed: number, testCount: number) => prepareIdx(t, { trainImages, trainLabels, options: { seed, testCount, classes: 3 } })
  const a = await cut(1, 2)
  assert.deepEqual(a.description.counts, { train: 2, test: 2 })
  assert.deepEqual(await cut(1, 2), a)
  const { train, test } = openClasses(decodeDataset({ id: 'x', ...a.description }, a.bytes))
  assert.deepEqual([...train.inputs, ...test.inputs].sort((x, y) => x - y), Array.from({ length: 24 }, (_, i) => i)) // every image once
  const others = await Promise.all([2, 3, 4, 5].map(seed => cut(seed, 2)))
  assert.ok(others.some(({ bytes }) => Buffer.compare(bytes, a.bytes) !== 0))
  await assert.rejects(cut(1, 4), { code: 'invalid_dataset', detail: 'the test split must have 1 .. 3 of the 4 examples, got 4' })
})

const badInputs: [fact: string, changes: Parameters<typeof good>[1], detail: RegExp][] = [
  ['a wrong magic number', { images: Buffer.from([0x89, 0x50, 0x4e, 0x47]) }, /^file "train-images": the magic number must begin with 00 00, got 89504e47$/],
  ['an empty file', { labels: Buffer.alloc(0) }, /^file "train-labels": the magic number must begin with 00 00, got an empty file$/],
  ['another type of numbers', { images: idx([4, 2, 3], undefined, 0x0d) }, /^file "train-images": the type must be 08 \(uint8\), got 0d$/],
  ['no axes', { labels: idx([]) }, /^file "train-labels": the number of axes must be 1 .. 4, got 0$/],
  ['a header that was cut', { images: idx([4, 2, 3]).subarray(0, 10) }, /^file "train-images": the header must have 16 bytes, got 10$/],
  ['pixels that are missing', { images: idx([4, 2, 3]).subarray(0, 30) }, /^file "train-images": \[4,2,3\] must have 24 bytes of data, got 14$/],
  ['bytes that are too many', { labels: Buffer.concat([idx([4]), Buffer.alloc(1)]) }, /^file "train-labels": \[4\] must have 4 bytes of data, got more$/],
  ['gzip that was cut', { images: gzipSync(idx([4, 2, 3])).subarray(0, 30) }, /^file "train-images": gzip must be complete, got a truncated stream$/],
  ['gzip that is damaged', { images: damage(gzipSync(idx([4, 2, 3]))) }, /^file "train-images": gzip must be intact, got "/],
  ['fewer labels than images', { labels: idx([3], [0, 1, 1]) }, /^file "train-labels": there must be a label for each of the 4 images of "train-images", got 3$/],
  ['images in place of labels', { labels: idx([4, 2, 3]) }, /^file "train-labels": labels must have 1 axis, got \[4,2,3\]$/],
  ['labels in place of images', { images: idx([4]) }, /^file "train-images": images must have 2 axes or more, got \[4\]$/],
  ['no example', { images: idx([0, 2, 3]) }, /^file "train-images": every axis must have 1 element or more, got \[0,2,3\]$/],
  ['one class only', { labels: idx([4], [0, 0, 0, 0]) }, /^file "train-labels": labels must have 2 classes or more, got 1$/],
  ['a test label that training never had', { testLabels: idx([1], [3]) }, /^file "test-labels": label 0 must be 0 .. 2, got 3$/],
  ['test images of another size', { testImages: idx([1, 3, 3]) }, /^file "test-images": an input must have the shape \[2,3,1\] of the training inputs, got \[3,3,1\]$/]
]

for (const [fact, changes, detail] of badInputs) {
  test(`prepareIdx: refuses ${fact}`, async t => {
    await assert.rejects(prepareIdx(t, await good(t, changes)), { code: 'invalid_dataset', detail })
  })
}

test('prepareIdx: refuses a label beyond the classes that were named, and test images without labels', async t => {
  const { trainImages, trainLabels, testImages } = await good(t)
  await assert.rejects(prepareIdx(t, { trainImages, trainLabels, options: { classes: 2, testCount: 1 } }),
    { code: 'invalid_dataset', detail: 'file "train-labels": label 2 must be 0 .. 1, got 2' })
  await assert.rejects(prepareIdx(t, { trainImages, trainLabels, testImages }), { code: 'invalid_dataset', detail: /must come together/ })
})

function damage (bytes: Buffer): Buffer {
  bytes.fill(0x55, 12, 24)
  return bytes
}
