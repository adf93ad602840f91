/** Fields of every type: written, read whole and by the example, and held against what a kind takes. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { findMisfit } from '../../src/datasets/accepts.js'
import { classifiable, describeClasses, openClasses } from '../../src/datasets/classes.js'
import type { Dataset, DatasetDescription, Split } from '../../src/datasets/dataset.js'
import { Description, type Fields } from '../../src/datasets/description.js'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { decodeDataset, encodeDataset, readExample, readWords, toIncoming } from '../../src/datasets/dataset-file.js'
import { compileCheck } from '../../src/routes/validation.js'
import type { BlobStore } from '../../src/storage/blobs.js'

const picture = { type: 'image', shape: [1, 2, 3], dtype: 'uint8' } as const
const map = { type: 'classMap', shape: [1, 2], names: ['road', 'sky'] } as const
const scenes = { inputs: picture, target: map, scribbles: map } as unknown as Fields
const texts = { inputs: { type: 'tokens', shape: [3], vocabulary: 50 }, target: { type: 'classes', names: ['bad', 'good'] } } as Fields
const table = {
  inputs: { type: 'features', shape: [2], dtype: 'float32', columns: [{ name: 'speed', unit: 'm/s' }, { name: 'mass' }] },
  target: { type: 'values', columns: [{ name: 'energy', unit: 'J' }, { name: 'momentum', unit: 'kg m/s' }] }
} as Fields
const bare = { inputs: picture } as unknown as Fields

/** Stores two examples to train on and one to test on. */
function store (fields: Fields, arrays: Split['arrays'], words?: string[]): { bytes: Uint8Array, description: DatasetDescription, data: Dataset } {
  const description = { fields, counts: { train: 2, test: 1 } }
  const half = (array: Split['arrays'][string]) => array.subarray(0, array.length / 2)
  const test = { count: 1, arrays: Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, half(array)])) }
  const splits = { train: toIncoming({ count: 2, arrays }), test: toIncoming(test) }
  const bytes = new Uint8Array(Buffer.concat([...encodeDataset({ description, ...splits, ...(words ? { words } : {}) })]))
  return { bytes, description: { id: 'd', ...description }, data: decodeDataset({ id: 'd', ...description }, bytes) }
}

/** A store that has one file. */
function blobsOf (bytes: Uint8Array): BlobStore {
  const readRange = async (_: string, start: number, length: number) => bytes.slice(start, start + length)
  return { readRange } as unknown as BlobStore
}

const cases: [what: string, fields: Fields, arrays: Split['arrays'], second: object][] = [
  ['a class map with scribbles', scenes, {
    inputs: Uint8Array.from({ length: 12 }, (_, i) => i),
    target: Uint8Array.of(0, 1, 1, UNLABELLED),
    scribbles: Uint8Array.of(255, 255, 0, 255)
  }, {
    inputs: { type: 'image', shape: [1, 2, 3], values: [6, 7, 8, 9, 10, 11] },
    target: { type: 'classMap', shape: [1, 2], values: [1, 255] },
    scribbles: { type: 'classMap', shape: [1, 2], values: [0, 255] }
  }],
  ['tokens with classes', texts, { inputs: Int32Array.of(1, 2, 3, 49, 0, 0), target: Int32Array.of(0, 1) }, {
    inputs: { type: 'tokens', shape: [3], values: [49, 0, 0] }, target: { type: 'classes', label: 1, name: 'good' }
  }],
  ['values with units', table, { inputs: Float32Array.of(1, 2, 3, 4), target: Float32Array.of(1, 2, 18, 12) }, {
    inputs: {
      type: 'features', shape: [2], values: [3, 4], columns: [{ name: 'speed', unit: 'm/s' }, { name: 'mass' }], row: { speed: 3, mass: 4 }
    },
    target: { type: 'values', values: [18, 12], columns: [{ name: 'energy', unit: 'J' }, { name: 'momentum', unit: 'kg m/s' }] }
  }],
  ['inputs alone', bare, { inputs: Uint8Array.from({ length: 12 }, (_, i) => i) }, {
    inputs: { type: 'image', shape: [1, 2, 3], values: [6, 7, 8, 9, 10, 11] }
  }]
]

for (const [what, fields, arrays, second] of cases) {
  test(`encodeDataset, decodeDataset, readExample: ${what}`, async () => {
    const { bytes, description, data } = store(fields, arrays)
    assert.deepEqual(compileCheck(Description)({ fields: structuredClone(fields), counts: description.counts }), [])
    assert.deepEqual(data.train, { count: 2, arrays })
    assert.deepEqual(await readExample(blobsOf(bytes), { description, blobSha: 'x' }, 'train', 1), { split: 'train', index: 1, fields: second })
  })
}

test('words: are part of the file, and come back with the data set and with an example', async () => {
  const fields = { ...texts, inputs: { ...texts.inputs, vocabulary: 5, text: { columns: ['title'], lowerCase: true } } } as Fields
  const arrays = { inputs: Int32Array.of(1, 2, 3, 4, 1, 0), target: Int32Array.of(0, 1) }
  const words = ['the', 'größe', '很']
  const { bytes, description, data } = store(fields, arrays, words)
  assert.deepEqual(data.words, words)
  const blobs = blobsOf(bytes)
  assert.deepEqual(await readWords(blobs, 'x'), words)
  const { fields: { inputs } } = await readExample(blobs, { description, blobSha: 'x' }, 'train', 1)
  assert.deepEqual(inputs, { type: 'tokens', shape: [3], values: [4, 1, 0], text: '很 [?]' })
  assert.notDeepEqual(bytes, store(fields, arrays, ['the', 'große', '很']).bytes)
})

test('words: a file without them is as it always was', async () => {
  const arrays = { inputs: Int32Array.of(1, 2, 3, 49, 0, 0), target: Int32Array.of(0, 1) }
  const { bytes, data } = store(texts, arrays)
  assert.equal('words' in data, false)
  assert.equal(createHash('sha256').update(bytes).digest('hex'), '7f75c389598d3e8756748134bda53869c3d05ad9eae152fb63f8941c0c411a29')
  const blobs = blobsOf(bytes)
  assert.equal(await readWords(blobs, 'x'), undefined)
})

test('encodeDataset: the same numbers under other names or units are other bytes', () => {
  const arrays = { inputs: Float32Array.of(1, 2, 3, 4), target: Float32Array.of(1, 2, 18, 12) }
  const renamed = { ...table, target: { type: 'values', columns: [{ name: 'energy', unit: 'kJ' }, { name: 'momentum', unit: 'kg m/s' }] } } as Fields
  assert.notDeepEqual(store(table, arrays).bytes, store(renamed, arrays).bytes)
})

test('decodeDataset: a file that is not what the row describes is refused by the field', () => {
  const { bytes, description } = store(texts, { inputs: Int32Array.of(1, 2, 3, 49, 0, 0), target: Int32Array.of(0, 1) })
  assert.throws(() => decodeDataset({ ...description, fields: scenes }, bytes), /data set d must have train\.inputs, U8 \[2,1,2,3\], got \[2,3\]/)
  assert.throws(() => decodeDataset({ ...description, fields: { ...texts, scribbles: map } as unknown as Fields }, bytes), /must have train\.scribbles, .* got none/)
})

test('Description: refuses what no data set can be', () => {
  const check = compileCheck(Description)
  const counts = { train: 1, test: 1 }
  for (const fields of [{}, { inputs: { type: 'image', shape: [2, 2], dtype: 'uint8' } }, { inputs: { type: 'sound' } }, { inputs: { ...picture, colour: true } }]) {
    assert.ok(check({ fields, counts }).length > 0, JSON.stringify(fields))
  }
})

test('findMisfit: says what the kind takes and what there is', () => {
  const counts = { train: 1, test: 1 }
  assert.equal(findMisfit({ fields: texts, counts }, { target: ['classes'] }), undefined)
  assert.equal(findMisfit({ fields: bare, counts }, { inputs: ['image'], target: ['classes', 'none'] }), undefined)
  assert.deepEqual(findMisfit({ fields: table, counts }, classifiable), {
    rule: 'must have a target of classes', got: 'values (energy in J, momentum in kg m/s)'
  })
  assert.deepEqual(findMisfit({ fields: texts, counts }, classifiable), { rule: 'must have inputs of image or features', got: 'tokens [3]' })
  assert.deepEqual(findMisfit({ fields: bare, counts }, { target: ['values'] }), { rule: 'must have a target of values', got: 'none' })
})

test('openClasses, describeClasses: refuse data without classes, naming the reference', () => {
  const { data } = store(table, { inputs: Float32Array.of(1, 2, 3, 4), target: Float32Array.of(1, 2, 18, 12) })
  const refusal = {
    code: 'unfit_dataset', status: 422, detail: 'spec.data must have a target of classes, got values (energy in J, momentum in kg m/s)'
  }
  assert.throws(() => openClasses(data, 'spec.data'), refusal)
  assert.throws(() => describeClasses(data, 'spec.data'), refusal)
})
