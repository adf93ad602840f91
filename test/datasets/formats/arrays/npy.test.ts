/** What NumPy writes: every type of numbers, both byte orders, Fortran order, all versions; what is no number is refused by name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareArrays, readInputs } from './uploads.js'

const float32 = (width: number) => ({ type: 'features', shape: [width], dtype: 'float32' })
const count = (n: number) => Array.from({ length: n }, (_, i) => i)

test('arrays: Fortran order is read as NumPy reads it', async t => {
  assert.deepEqual(await readInputs(t, 'fortran.npy'), { inputs: float32(3), values: [0, 1, 2, 3, 4, 5] })
  assert.deepEqual(await readInputs(t, 'fortran-bytes.npy', { channels: 'last' }), {
    inputs: { type: 'image', shape: [3, 4, 5], dtype: 'uint8' }, values: count(120)
  })
})

test('arrays: big-endian numbers', async t => {
  assert.deepEqual((await readInputs(t, 'big-endian.npy')).values, [1, -2.5, 3, 1e-3].map(Math.fround))
})

for (const version of [1, 2, 3]) {
  test(`arrays: version ${version} of the header`, async t => {
    assert.deepEqual(await readInputs(t, `version-${version}.npy`), { inputs: float32(2), values: count(6) })
  })
}

for (const name of ['little', 'big', 'little-compressed', 'big-compressed']) {
  for (const type of ['b1', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8']) {
    test(`arrays: ${type} of types-${name}.npz`, async t => {
      const { bytes, description } = await prepareArrays(t, { train: `types-${name}.npz` }, {
        arrays: { train: { inputs: type }, test: { inputs: type } }
      })
      const values = type === 'b1' ? [0, 1, 0, 1, 0, 1] : count(6)
      const tail = type === 'u1' ? Buffer.from(values) : Buffer.from(Float32Array.from(values).buffer)
      assert.deepEqual(description.fields.inputs, { ...float32(2), dtype: type === 'u1' ? 'uint8' : 'float32' })
      assert.deepEqual(Buffer.from(bytes.slice(-tail.length)), tail)
    })
  }
}

test('arrays: float16 with zeros, subnormal and largest numbers', async t => {
  assert.deepEqual((await readInputs(t, 'halves.npy')).values, [0, -0, 1, -1.5, 65504, 2 ** -24, 2 ** -14, 0.333251953125])
})

test('arrays: [n] are features of one number', async t => {
  assert.deepEqual(await readInputs(t, 'five.npy'), { inputs: float32(1), values: count(5) })
})

const refused: [file: string, detail: RegExp][] = [
  ['long.npy', /the array: element \[2, 0\] must be an integer that float32 holds .* got 9007199254740993$/],
  ['halves-infinite.npy', /element \[1, 0\] must be a finite number, got Infinity/],
  ['not-a-number.npy', /element \[1, 0\] must be a finite number as float32, got NaN/],
  ['doubles-too-large.npy', /element \[1, 1\] must be a finite number as float32, got 1e\+39/],
  ['scalar.npy', /must have an axis of examples, got the shape \[\]/],
  ['object.npy', /the array must have a dtype of bool, integers or floats of 1 to 8 bytes, got \|O; nothing is unpickled/],
  ['structured.npy', /the array must have a dtype of .* got \[\["a_field_with_a_long_name_0","<f4"\]/],
  ['unicode.npy', /got \[\["größe 很","<f4"\]\]/],
  ['complex.npy', /got <c16/],
  ['text.npy', /got <U2/],
  ['time.npy', /got <M8\[D\]/],
  ['long-double.npy', /got <f16/]
]
for (const [file, detail] of refused) {
  test(`arrays: refuses ${file}`, async t => {
    await assert.rejects(readInputs(t, file), { code: 'invalid_dataset', detail })
  })
}

test('arrays: integers that float32 does not hold are refused, floats are rounded with a warning', async t => {
  const { values } = await readInputs(t, 'doubles-rounded.npy')
  assert.deepEqual(values, [Math.fround(0.1), 2 ** 24, 2 ** 25])
  const { report } = await prepareArrays(t, { trainInputs: 'doubles-rounded.npy', testInputs: 'doubles-rounded.npy' })
  assert.match(report.warnings.find(({ code }) => code === 'integers_beyond_float32')!.text, /^1 integers of the array are not among/)
})

const header = (dict: string, version = 1, data = 24): Buffer => {
  const text = Buffer.from(dict)
  const head = version === 1 ? Buffer.alloc(10) : Buffer.alloc(12)
  head.write('\x93NUMPY', 'latin1')
  head[6] = version
  if (version === 1) head.writeUInt16LE(text.length, 8)
  else head.writeUInt32LE(text.length, 8)
  return Buffer.concat([head, text, Buffer.alloc(data)])
}

const broken: [what: string, content: Buffer, detail: RegExp][] = [
  ['a version to come', header('{}', 9), /the version of a NumPy array must be 1, 2 or 3, got 9/],
  ['no shape', header("{'descr': '<f4', 'fortran_order': False}"), /must have descr, fortran_order and shape/],
  ['more than a header has', header("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'more': 1}"), /must have descr, fortran_order and shape/],
  ['code', header("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'x': __import__('os')}"), /a Python literal is broken at character 60/],
  ['brackets in brackets', header('['.repeat(5000)), /a Python literal is broken at character/],
  ['a negative size', header("{'descr': '<f4', 'fortran_order': False, 'shape': (-6,)}"), /must have descr, fortran_order and shape/],
  ['an empty axis', header("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 6)}", 1, 0), /every axis of the array must have 1 element or more, got \[0, 6\]/],
  ['too few bytes', header("{'descr': '<f4', 'fortran_order': False, 'shape': (7,)}"), /the array of <f4 \[7\] must have 28 bytes, got 24/],
  ['too many bytes', header("{'descr': '<f4', 'fortran_order': False, 'shape': (5,)}"), /the array of <f4 \[5\] must have 20 bytes, got 24/],
  ['a shape beyond all bytes', header("{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740991, 9007199254740991)}"), /must have .* bytes, got 24/],
  ['a header that is not there', header('{}', 2, 0).subarray(0, 11), /the header of a NumPy array must be complete, got 11 bytes/],
  ['a header of gigabytes', Buffer.concat([Buffer.from('\x93NUMPY\x02\x00', 'latin1'), Buffer.of(255, 255, 255, 255), Buffer.alloc(9)]), /at most 1048576 bytes, got 4294967307/],
  ['something else', Buffer.from('hello, world, this is text'), /the file must be NPZ, NPY or safetensors, got 68656c6c6f2c2077 as its first bytes/]
]
for (const [what, content, detail] of broken) {
  test(`arrays: refuses ${what}`, async t => {
    await assert.rejects(readInputs(t, content), { code: 'invalid_dataset', detail })
  })
}

test('arrays: reads what other writers of headers write', async t => {
  const tight = header('{"shape":(2L,3L),"fortran_order":True,"descr":"<f4"}')
  assert.deepEqual(await readInputs(t, tight), { inputs: float32(3), values: [0, 0, 0, 0, 0, 0] })
})
