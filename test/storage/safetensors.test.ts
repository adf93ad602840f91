/** The safetensors files are the format's: what is written is read again to the bit, and Python reads it too. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { decodeSafetensors, encodeSafetensors, readSafetensorsHeader } from '../../src/storage/safetensors.js'
import { makeFolder } from './fixtures.js'

function sample () {
  return {
    bytes: { shape: [3], data: Uint8Array.of(1, 2, 255) }, // 3 bytes: whatever followed it would be unaligned
    counts: { shape: [2, 1], data: Int32Array.of(-1, 2 ** 31 - 1) },
    doubles: { shape: [2], data: Float64Array.of(Math.PI, -0) },
    empty: { shape: [0, 4], data: new Float32Array(0) },
    'layer0.weight': { shape: [2, 2], data: Float32Array.of(1.5, NaN, Infinity, -1e-30) },
    scalar: { shape: [], data: Float32Array.of(42) }
  }
}

test('decodeSafetensors: gives back what encodeSafetensors wrote, to the bit', () => {
  const { arrays, metadata } = decodeSafetensors(encodeSafetensors(sample(), { step: '12', note: 'größer' }))
  assert.deepEqual(Object.fromEntries(Object.entries(arrays).sort()), Object.fromEntries(Object.entries(sample()).sort()))
  assert.deepEqual(metadata, { step: '12', note: 'größer' })
})

test('encodeSafetensors: the same arrays in another order are the same file', () => {
  const reversed = Object.fromEntries(Object.entries(sample()).reverse())
  assert.deepEqual(encodeSafetensors(reversed), encodeSafetensors(sample()))
})

test('encodeSafetensors: every array is aligned to its elements, without gaps', () => {
  const file = encodeSafetensors(sample(), { a: 'x' })
  const { places, length } = readSafetensorsHeader(file)
  const sorted = Object.values(places).sort((a, b) => a.start - b.start || a.end - b.end)
  for (const [i, { dtype, start }] of sorted.entries()) {
    assert.equal(start % { F64: 8, F32: 4, I32: 4, U8: 1 }[dtype], 0, dtype)
    if (i > 0) assert.equal(start, sorted[i - 1]!.end)
  }
  assert.equal((sorted[0]!.start) % 8, 0)
  assert.equal(length, file.length)
})

test('decodeSafetensors: makes views of the bytes, also over shared memory', () => {
  const file = encodeSafetensors(sample())
  const shared = new Uint8Array(new SharedArrayBuffer(file.length))
  shared.set(file)
  const { arrays } = decodeSafetensors(shared)
  for (const [name, { data }] of Object.entries(arrays)) assert.equal(data.buffer, shared.buffer, name)
  assert.deepEqual(arrays.counts!.data, sample().counts.data)
})

test('decodeSafetensors: reads bytes that lie unaligned in their buffer', () => {
  const file = encodeSafetensors(sample())
  const moved = new Uint8Array(new ArrayBuffer(file.length + 3), 3)
  moved.set(file)
  assert.deepEqual(decodeSafetensors(moved).arrays.doubles, sample().doubles)
})

test('decodeSafetensors: refuses a file that was cut, and one that is none', () => {
  const file = encodeSafetensors(sample())
  assert.throws(() => decodeSafetensors(file.subarray(0, file.length - 1)), /must have \d+ bytes/)
  assert.throws(() => decodeSafetensors(file.subarray(0, 20)), /header must have/)
  assert.throws(() => decodeSafetensors(Uint8Array.of(1, 2, 3)), /8 bytes or more/)
  assert.throws(() => decodeSafetensors(new Uint8Array(64).fill(255)), /at most/)
})

test('encodeSafetensors: refuses a shape that does not fit the data', () => {
  assert.throws(() => encodeSafetensors({ w: { shape: [2, 2], data: new Float32Array(3) } }), /shape of w must have 3 elements/)
})

const python = spawnSync('python3', ['-c', 'import safetensors, numpy'])

test('encodeSafetensors: Python’s safetensors reads the file', { skip: python.status === 0 ? false : 'python3 has no safetensors and numpy' }, async t => {
  const file = path.join(await makeFolder(t), 'sample.safetensors')
  await writeFile(file, encodeSafetensors(sample(), { step: '12' }))
  const script = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework='numpy') as f:
    print(json.dumps({'metadata': f.metadata(), 'tensors': {k: [str(f.get_tensor(k).dtype), list(f.get_tensor(k).shape), [repr(float(x)) for x in f.get_tensor(k).flat]] for k in f.keys()}}))`
  const { stdout, stderr } = spawnSync('python3', ['-c', script, file], { encoding: 'utf8' })
  assert.equal(stderr, '')
  const { metadata, tensors } = JSON.parse(stdout)
  assert.deepEqual(metadata, { step: '12' })
  assert.deepEqual(tensors.counts, ['int32', [2, 1], ['-1.0', '2147483647.0']])
  assert.deepEqual(tensors['layer0.weight'], ['float32', [2, 2], ['1.5', 'nan', 'inf', String(Math.fround(-1e-30)).replace(/e-(\d)$/, 'e-0$1')]])
  assert.deepEqual(tensors.doubles, ['float64', [2], ['3.141592653589793', '-0.0']])
  assert.deepEqual(tensors.scalar, ['float32', [], ['42.0']])
  assert.deepEqual(tensors.empty, ['float32', [0, 4], []])
})
