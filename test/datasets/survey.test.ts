/** The report of examples whose format gives none: classes counted, numbers described, whatever pieces their bytes come in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCounter, readCounter } from '../../src/datasets/counter.js'
import type { IncomingSplit } from '../../src/datasets/dataset-file.js'
import type { FieldArray } from '../../src/datasets/dataset.js'
import type { Fields } from '../../src/datasets/description.js'
import { prepareDataset } from '../../src/datasets/prepare.js'
import { DatasetReport } from '../../src/datasets/report.js'
import { surveyDataset } from '../../src/datasets/survey.js'
import { compileCheck } from '../../src/routes/validation.js'
import { makeFolder } from '../storage/fixtures.js'
import { idx, upload, wideLimits } from './files.js'

type Arrays = Record<string, FieldArray>

/** Bytes in pieces of three: none ends where a number does, but by chance. */
function inShreds (arrays: Arrays): IncomingSplit {
  const fields = Object.fromEntries(Object.entries(arrays).map(([name, array]) => {
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength)
    return [name, () => Array.from({ length: Math.ceil(bytes.length / 3) }, (_, i) => bytes.subarray(3 * i, 3 * i + 3))]
  }))
  return { count: 0, fields }
}

function survey (fields: Fields, train: Arrays, test: Arrays): DatasetReport {
  const report = surveyDataset({ description: { fields, counts: { train: 0, test: 0 } }, train: inShreds(train), test: inShreds(test) })
  assert.deepEqual(compileCheck(DatasetReport)(report), [])
  return report
}

test('surveyDataset: counts the classes of each split, and says which are rare', () => {
  const fields: Fields = { inputs: { type: 'image', shape: [1, 1, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['a', 'b', 'c'] } }
  const report = survey(fields,
    { inputs: Uint8Array.of(1, 2, 3, 4), target: Int32Array.of(0, 1, 0, 1) }, { inputs: Uint8Array.of(5, 6), target: Int32Array.of(2, 0) })
  assert.deepEqual(report.classes, [{ name: 'a', train: 2, test: 1 }, { name: 'b', train: 2, test: 0 }, { name: 'c', train: 0, test: 1 }])
  assert.deepEqual(report.warnings, [{ code: 'rare_class', text: '1 classes have less than 2 examples to train on: c (0)' }])
  assert.deepEqual(report.columns, [], 'pixels are no columns')
})

test('surveyDataset: range, mean and deviation are of both splits, the histogram of the rows to train on', () => {
  const fields: Fields = {
    inputs: { type: 'features', shape: [2], dtype: 'float32', columns: [{ name: 'x' }, { name: 'same' }] },
    target: { type: 'values', columns: [{ name: 'y' }] }
  }
  const report = survey(fields,
    { inputs: Float32Array.of(1, 7, 2, 7, 3, 7), target: Float32Array.of(-1, 0, 0.5) },
    { inputs: Float32Array.of(6, 7), target: Float32Array.of(1) })
  const [x, same, y] = report.columns
  assert.equal(report.columns.length, 3)
  const bins = new Array(20).fill(0)
  // of 20 bins between 1 and 6 the numbers 1, 2 and 3 are in the first, the fifth and the ninth
  bins[0] = bins[4] = bins[8] = 1
  const { histogram, ...numbers } = x!
  const expected = { name: 'x', position: 0, type: 'number', role: 'input', told: true, rows: 4, missing: 0, distinct: null, range: [1, 6], inputs: 1 }
  assert.deepEqual(numbers, { ...expected, mean: 3, deviation: Math.sqrt(3.5), examples: ['1', '2', '3', '6'] })
  assert.ok(histogram?.type === 'numbers')
  assert.deepEqual([histogram.counts, histogram.edges[0], histogram.edges[20]], [bins, 1, 6])
  assert.deepEqual([same!.range, same!.deviation, same!.histogram], [[7, 7], 0, { type: 'numbers', edges: [7, 7], counts: [3] }])
  assert.deepEqual([y!.name, y!.role, y!.inputs, y!.range], ['y', 'target', 0, [-1, 1]])
  assert.deepEqual(report.warnings, [{ code: 'constant_column', text: '1 columns have one value in every row: same' }])
})

test('surveyDataset: the deviation of large numbers that differ little', () => {
  const fields: Fields = { inputs: { type: 'features', shape: [1], dtype: 'float32' } }
  const [column] = survey(fields, { inputs: Float32Array.of(1e7, 1e7 + 1, 1e7 + 2) }, { inputs: new Float32Array(0) }).columns
  assert.ok(Math.abs(column!.deviation! - Math.sqrt(2 / 3)) < 1e-9, `sums of squares would lose it, got ${column!.deviation}`)
})

test('surveyDataset: of a wide table the first thousand columns, and it says so', () => {
  const fields: Fields = { inputs: { type: 'features', shape: [1200], dtype: 'uint8' } }
  const inputs = Uint8Array.from({ length: 2400 }, (_, i) => i % 7)
  const { columns, warnings } = survey(fields, { inputs }, { inputs: new Uint8Array(0) })
  assert.equal(columns.length, 1000)
  assert.deepEqual(warnings, [{ code: 'columns_not_shown', text: 'only the first 1000 of 1200 columns are described' }])
})

test('prepareDataset: tells in shared memory how much it has read', async t => {
  const counter = createCounter()
  const images = idx([6, 2, 2])
  const labels = idx([6], [0, 1, 0, 1, 0, 1])
  const files = { trainImages: await upload(t, 'images', images), trainLabels: await upload(t, 'labels', labels) }
  const job = { type: 'upload', format: 'idx', files, options: { testCount: 2 } } as const
  const { report } = await prepareDataset({ job, folder: await makeFolder(t), limits: wideLimits, counter })
  assert.deepEqual(readCounter(counter), { bytes: images.length + labels.length, rows: 6 })
  assert.deepEqual(report.classes.map(({ train, test }) => train + test), [3, 3])
})
