/** Which array is which field, what fields become, and that the same numbers are the same data set whatever file they come in. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { decodeDataset } from '../../../../src/datasets/dataset-file.js'
import { prepare, upload } from '../../files.js'
import { fixture, prepareArrays, readInputs } from './uploads.js'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const open = ({ bytes, description }: Awaited<ReturnType<typeof prepareArrays>>) => decodeDataset({ id: 'd', ...description }, bytes)

test('arrays: the same classes as CSV, NPZ, safetensors and gzip of that are one data set', async t => {
  const options = { testFraction: 0.25, seed: 3 }
  const csv = await upload(t, 'classes.csv', fixture('classes.csv'))
  const told: object = { ...options, header: 'false' }
  const asCsv = await prepare(t, { type: 'upload', format: 'csv', files: { train: csv }, options: told })
  for (const train of ['classes.npz', 'classes.safetensors', gzipSync(fixture('classes.safetensors'))]) {
    const { bytes, description } = await prepareArrays(t, { train }, options)
    assert.deepEqual(description, asCsv.description)
    assert.equal(sha(bytes), sha(asCsv.bytes))
  }
})

test('arrays: the same values as CSV, NPZ and safetensors are one data set', async t => {
  const train = await upload(t, 'values.csv', fixture('values.csv'))
  const told: object = { header: 'false', targetColumns: ['3'] } // a file without names: columns are called by their positions
  const asCsv = await prepare(t, { type: 'upload', format: 'csv', files: { train }, options: told })
  for (const train of ['values.npz', 'values.safetensors']) {
    const { bytes, description } = await prepareArrays(t, { train }, { targetNames: ['3'] })
    assert.deepEqual(description, asCsv.description)
    assert.equal(sha(bytes), sha(asCsv.bytes))
  }
})

test('arrays: values and inputs have the names and units that the upload says', async t => {
  const options = { targetNames: ['way'], columnNames: ['a', 'b', 'c'], units: { way: 'm', b: 's' } }
  const [npz, safetensors] = [await prepareArrays(t, { train: 'values.npz' }, options), await prepareArrays(t, { train: 'values.safetensors' }, options)]
  assert.equal(sha(npz.bytes), sha(safetensors.bytes))
  assert.deepEqual(npz.description, {
    fields: {
      inputs: { type: 'features', shape: [3], dtype: 'float32', columns: [{ name: 'a' }, { name: 'b', unit: 's' }, { name: 'c' }] },
      target: { type: 'values', columns: [{ name: 'way', unit: 'm' }] }
    },
    counts: { train: 32, test: 8 }
  })
})

test('arrays: x_train, y_train, x_test and y_test of one file; classes of [n, 1]', async t => {
  const { train, test, fields } = open(await prepareArrays(t, { train: 'splits.npz' }))
  assert.deepEqual(fields, { inputs: { type: 'image', shape: [5, 6, 3], dtype: 'uint8' }, target: { type: 'classes', names: ['0', '1'] } })
  assert.deepEqual([train.count, test.count, train.arrays.target, test.arrays.target], [3, 1, Int32Array.of(0, 1, 0), Int32Array.of(1)])
  await assert.rejects(prepareArrays(t, { train: 'splits.npz' }, { testCount: 1 }), { detail: /testFraction, testCount, splitSeed and stratify must be left out/ })
})

test('arrays: pictures with class maps and scribbles, as the option arrays says', async t => {
  const arrays = { train: { inputs: 'images', target: 'masks', scribbles: 'scribbles' } }
  const { fields, train } = open(await prepareArrays(t, { train: 'pictures.npz' }, { arrays, classNames: ['road', 'sky', 'car'], testCount: 1 }))
  const map = { type: 'classMap', shape: [5, 6], names: ['road', 'sky', 'car'] }
  assert.deepEqual(fields, { inputs: { type: 'image', shape: [5, 6, 3], dtype: 'uint8' }, target: map, scribbles: map })
  assert.equal(train.arrays.scribbles!.length, 3 * 30)
  const labelled = [...train.arrays.scribbles!].flatMap((label, at) => label === 255 ? [] : [[label, train.arrays.target![at]!]])
  assert.ok(labelled.length > 0 && labelled.every(([scribble, label]) => scribble === label))
})

test('arrays: a class map has a class for every number there is', async t => {
  const arrays = { train: { inputs: 'images', target: 'masks' } }
  const { fields } = open(await prepareArrays(t, { train: 'pictures.npz' }, { arrays }))
  assert.deepEqual(fields.target, { type: 'classMap', shape: [5, 6], names: ['0', '1', '2'] })
  await assert.rejects(prepareArrays(t, { train: 'pictures.npz' }, { arrays, classNames: ['a', 'b'] }), {
    detail: /the array "masks": element \[\d, \d, \d\] must be a class 0 \.\. 1, or 255 for none, got 2/
  })
})

test('arrays: channels are put last, told or found', async t => {
  const picture = { type: 'image', shape: [8, 9, 3], dtype: 'float32' }
  // Element [n, c, y, x] of the file is ((n · 3 + c) · 8 + y) · 9 + x.
  const values = Array.from({ length: 2 * 8 * 9 * 3 }, (_, at) => {
    const [c, x, y, n] = [at % 3, Math.floor(at / 3) % 9, Math.floor(at / 27) % 8, Math.floor(at / 216)]
    return ((n * 3 + c) * 8 + y) * 9 + x
  })
  for (const file of ['channels-first.npy', 'channels-first-fortran.npy']) {
    assert.deepEqual(await readInputs(t, file), { inputs: picture, values })
    assert.deepEqual(await readInputs(t, file, { channels: 'first' }), { inputs: picture, values })
    assert.deepEqual((await readInputs(t, file, { channels: 'last' })).inputs, { ...picture, shape: [3, 8, 9] })
  }
  const { report } = await prepareArrays(t, { trainInputs: 'channels-first.npy', testInputs: 'channels-first.npy' })
  assert.deepEqual(report.warnings.map(({ code }) => code), ['channels_first', 'no_target'])
  for (const [shape, which] of [[[1, 3, 9, 3], 'both'], [[1, 8, 9, 5], 'neither']] as const) {
    const detail = new RegExp(`channels must be told as first or last for inputs of \\[${shape.join(', ')}\\]: ${which} can be`)
    await assert.rejects(readInputs(t, npyOf([...shape])), { detail })
  }
})

test('arrays: integers beyond 999 and integers of several axes need a targetType', async t => {
  const files = { trainInputs: 'types-little.npz', trainTarget: 'long-labels.npy' }
  await assert.rejects(prepareArrays(t, files), { detail: /there must be one array in trainInputs, got 12/ })
  const target = { trainInputs: npyOf([4, 1]), trainTarget: 'long-labels.npy' }
  await assert.rejects(prepareArrays(t, target), { detail: /element \[2\] must be an integer to be a class, got 9007199254740993/ })
  await assert.rejects(prepareArrays(t, { trainInputs: npyOf([4, 1]), trainTarget: npyOf([4], 'i4', [1, 2, 1000, 1]) }), {
    detail: /element \[2\] must be 0 \.\. 999 to be a class unless the upload says so; say targetType=classes or targetType=values, got 1000/
  })
  const told = await prepareArrays(t, { trainInputs: npyOf([4, 1]), trainTarget: npyOf([4], 'i4', [7, -2, 1000, 7]) }, { targetType: 'classes', testCount: 1 })
  assert.deepEqual(told.description.fields.target, { type: 'classes', names: ['-2', '7', '1000'] })
  await assert.rejects(prepareArrays(t, { trainInputs: npyOf([3, 1]), trainTarget: npyOf([3, 2], 'i4') }), {
    detail: /targetType must say what one \(<i4 \[3, 2\]\) is: classes, values or a class map/
  })
  const values = await prepareArrays(t, { trainInputs: npyOf([3, 1]), trainTarget: npyOf([3, 2], 'i4') }, { targetType: 'values' })
  assert.deepEqual(values.description.fields.target, { type: 'values', columns: [{ name: 'target 0' }, { name: 'target 1' }] })
})

test('arrays: whole floats are classes when told, others are refused by the element', async t => {
  const inputs = npyOf([4, 1])
  const { description } = await prepareArrays(t, { trainInputs: inputs, trainTarget: npyOf([4], 'f4', [1, 0, 1, 0]) }, { targetType: 'classes', testCount: 1 })
  assert.deepEqual(description.fields.target, { type: 'classes', names: ['0', '1'] })
  await assert.rejects(prepareArrays(t, { trainInputs: inputs, trainTarget: npyOf([4], 'f4', [1, 0, 0.5, 0]) }, { targetType: 'classes' }), {
    detail: /element \[2\] must be an integer to be a class, got 0\.5/
  })
})

test('arrays: classNames may name classes that no example has; a label beyond them is refused', async t => {
  const files = { trainInputs: npyOf([4, 1]), trainTarget: npyOf([4], 'i4', [2, 0, 2, 0]) }
  const { description, report } = await prepareArrays(t, files, { classNames: ['a', 'b', 'c'], testCount: 1 })
  assert.deepEqual(description.fields.target, { type: 'classes', names: ['a', 'b', 'c'] })
  assert.match(report.warnings.map(({ text }) => text).join('; '), /b \(0\)/)
  await assert.rejects(prepareArrays(t, files, { classNames: ['a', 'b'] }), { detail: /element \[0\] must be 0 \.\. 1, the place of a name in classNames, got 2/ })
})

test('arrays: classes that are missing between others are told', async t => {
  const { report } = await prepareArrays(t, { trainInputs: npyOf([4, 1]), trainTarget: npyOf([4], 'i4', [0, 1, 4, 0]) }, { testCount: 1 })
  assert.match(report.warnings.find(({ code }) => code === 'missing_class')!.text, /no example has 2, 3/)
})

test('arrays: what is no field is told, with how to say it', async t => {
  await assert.rejects(prepareArrays(t, { train: 'mixed.npz' }), {
    detail: /file "mixed\.npz": the option arrays must say which array is which field, for "notes" \(<U4 \[2\]\) is no field by its name; there are "x" \(<f4 \[3, 2\]\), "y" \(<i8 \[3\]\), "notes" \(<U4 \[2\]\)/
  })
  const { report } = await prepareArrays(t, { train: 'mixed.npz' }, { arrays: { train: { inputs: 'x', target: 'y' } }, testCount: 1 })
  assert.deepEqual(report.skipped, [{ what: 'the array "notes" (<U4 [2])', count: 1 }])
})

const refused: [what: string, files: Record<string, string | Buffer>, options: object, detail: RegExp][] = [
  ['an array that is not there', { train: 'mixed.npz' }, { arrays: { train: { inputs: 'z' } } }, /arrays\.train\.inputs must be one of its arrays, got "z"; there are "x"/],
  ['a field of the name of stored targets', { train: 'mixed.npz' }, { arrays: { train: { inputs: 'x', labels: 'y' } } }, /must name fields of letters and digits, and not labels, got "labels"/],
  ['text as a target', { train: 'mixed.npz' }, { arrays: { train: { inputs: 'x', target: 'notes' } } }, /the array "notes" must have a dtype of .* got <U4/],
  ['neither train nor trainInputs', { testInputs: 'five.npy' }, {}, /either the file train or the file trainInputs, got neither/],
  ['both', { train: 'mixed.npz', trainInputs: 'five.npy' }, {}, /got both/],
  ['testTarget without testInputs', { trainInputs: 'five.npy', testTarget: 'five.npy' }, {}, /testTarget must come with testInputs/],
  ['a test split without the target', { trainInputs: npyOf([2, 1]), trainTarget: npyOf([2], 'i4'), testInputs: npyOf([2, 1]) }, {}, /the fields of the training split \(inputs, target\), got inputs/],
  ['other test inputs', { trainInputs: npyOf([2, 1]), testInputs: npyOf([2, 3]) }, {}, /must have the shape \[1\] of the training examples, got \[3\]/],
  ['test inputs that are no bytes', { trainInputs: npyOf([2, 1], 'u1'), testInputs: npyOf([2, 1]) }, {}, /must have bytes \(uint8\) as the training inputs, got <f4/],
  ['another number of labels', { trainInputs: npyOf([3, 1]), trainTarget: npyOf([2], 'i4') }, {}, /must have an element for each of the 3 examples of the array, got 2 as target/],
  ['a test class that training lacks', { trainInputs: npyOf([2, 1]), trainTarget: npyOf([2], 'i4', [0, 1]), testInputs: npyOf([2, 1]), testTarget: npyOf([2], 'i4', [0, 2]) }, {}, /element \[1\] must be a class of the training split, got 2/],
  ['one class', { trainInputs: npyOf([2, 1]), trainTarget: npyOf([2], 'i4', [3, 3]) }, {}, /must have 2 classes or more, got 1/],
  ['names that are not as many as columns', { trainInputs: npyOf([2, 2]) }, { columnNames: ['a'] }, /columnNames must have 2 names for \[2, 2\], got 1/],
  ['names that come twice', { trainInputs: npyOf([2, 2]) }, { columnNames: ['a', 'a'] }, /columnNames must have different names, got "a" twice/],
  ['a unit of nothing', { trainInputs: npyOf([2, 1]) }, { units: { speed: 'm/s' } }, /units must name columnNames or targetNames, got "speed"/],
  ['a target that is told and not there', { trainInputs: npyOf([2, 1]) }, { targetType: 'values' }, /there must be a target of values, got none/],
  ['a class map without pictures', { trainInputs: npyOf([2, 1]), trainTarget: npyOf([2, 1, 1], 'u1') }, { targetType: 'classMap' }, /must belong to pictures to be a class map/],
  ['a member that leaves the archive', { train: 'outside.npz' }, {}, /a member's name must be a path within the archive/],
  ['too many axes', { trainInputs: npyOf([1, 1, 1, 1, 2]) }, {}, /must have 4 axes at most as inputs/]
]
for (const [what, files, options, detail] of refused) {
  test(`arrays: refuses ${what}`, async t => {
    await assert.rejects(prepareArrays(t, files, options), { code: 'invalid_dataset', detail })
  })
}

test('arrays: bounds of rows, numbers and classes hold', async t => {
  const files = { trainInputs: npyOf([4, 2]), trainTarget: npyOf([4], 'i4', [0, 1, 2, 0]) }
  await assert.rejects(prepareArrays(t, files, {}, { maxRows: 3 }), { detail: /at most 3 rows \(MAX_ROWS\), got 4/ })
  await assert.rejects(prepareArrays(t, files, {}, { maxCells: 7 }), { detail: /at most 7 numbers \(MAX_CELLS\), got 8/ })
  await assert.rejects(prepareArrays(t, files, {}, { maxClasses: 2 }), { detail: /at most 2 classes \(MAX_CLASSES\), got 3/ })
  await assert.rejects(prepareArrays(t, files, {}, { maxUnpackedBytes: 100 }), { detail: /MAX_UNPACKED_BYTES/ })
})

test('arrays: names with folders and letters of any script can be told', async t => {
  const { description } = await prepareArrays(t, { train: 'odd-names.npz' }, { arrays: { train: { inputs: 'a/b', target: 'größe' } }, testCount: 1 })
  assert.deepEqual(description.fields.target, { type: 'values', columns: [{ name: 'target' }] })
})

test('arrays: float16 and bool of safetensors', async t => {
  const { description } = await prepareArrays(t, { train: 'halves.safetensors' }, { testCount: 1 })
  assert.deepEqual(description.fields.target, { type: 'classes', names: ['0', '1'] })
})

/** A NumPy file. @param values by default 0, 1, 2, ... */
function npyOf (shape: number[], type: 'f4' | 'i4' | 'u1' = 'f4', values?: number[]): Buffer {
  const count = shape.reduce((product, size) => product * size, 1)
  const numbers = new { f4: Float32Array, i4: Int32Array, u1: Uint8Array }[type](values ?? Array.from({ length: count }, (_, i) => i))
  const text = `{'descr': '${type === 'u1' ? '|' : '<'}${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`
  const head = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1')
  head.writeUInt16LE(text.length, 8)
  return Buffer.concat([head, Buffer.from(text), Buffer.from(numbers.buffer)])
}
