/** What inputs and targets are scaled by, for every kind of field and every scaling. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preprocessingOf } from '../../../src/algorithms/kit/preprocessing.js'
import type { Dataset, FieldArray } from '../../../src/datasets/dataset.js'
import type { Field, Fields } from '../../../src/datasets/description.js'
import { scaleTargets, unscaleTargets } from '../../../src/datasets/scaling.js'

function makeData (inputs: Field, values: FieldArray, target?: { field: Field, values: FieldArray }): Pick<Dataset, 'fields' | 'train'> {
  const width = 'shape' in inputs ? inputs.shape.reduce((a, b) => a * b) : 1
  return {
    fields: { inputs, ...(target ? { target: target.field } : {}) } as Fields,
    train: { count: values.length / width, arrays: { inputs: values, ...(target ? { target: target.values } : {}) } }
  }
}

const features = (width: number): Field => ({ type: 'features', shape: [width], dtype: 'float32' })
const close = (got: number | number[], wanted: number[]): void => {
  assert.ok(Array.isArray(got) && got.length === wanted.length)
  wanted.forEach((value, k) => assert.ok(Math.abs(got[k]! - value) <= 1e-12 * Math.abs(value), `${got[k]} for ${value}`))
}

test('preprocessingOf: columns of a table get mean 0 and deviation 1 over the examples that are used', () => {
  const data = makeData(features(3), Float32Array.of(1, 1000, 7, 3, 3000, 7, 5, 2000, 7, 99, 99, 99))
  for (const scaling of ['auto', 'standard'] as const) {
    const { offset, scale, target } = preprocessingOf(scaling, data, { count: 3 })
    close(offset, [3, 2000, 7])
    close(scale, [1 / Math.sqrt(8 / 3), 1 / Math.sqrt(2e6 / 3), 1 / 7])
    assert.equal(target, undefined)
  }
  assert.deepEqual(preprocessingOf('unit', data, { count: 3 }), { offset: 0, scale: 1 / 3000 })
  assert.deepEqual(preprocessingOf('none', data), { offset: 0, scale: 1 })
})

test('preprocessingOf: a mean far from 0 costs no digits, and scales fit float32', () => {
  const far = preprocessingOf('standard', makeData(features(1), Float32Array.of(16777210, 16777212, 16777214)))
  close(far.offset, [16777212])
  close(far.scale, [1 / Math.sqrt(8 / 3)])
  const extreme = preprocessingOf('standard', makeData(features(3), Float32Array.of(1e-44, 3e38, 0, 0, 0, 0)))
  for (const scale of extreme.scale as number[]) assert.ok(scale >= 1e-37 && Number.isFinite(Math.fround(scale)), String(scale))
  assert.equal((extreme.scale as number[])[2], 1, 'a column of zeros')
})

test('preprocessingOf: pictures are divided by their range unless channels are to be standardised', () => {
  const bytes = makeData({ type: 'image', shape: [1, 2, 2], dtype: 'uint8' }, Uint8Array.of(0, 10, 2, 30, 4, 50, 6, 70))
  assert.deepEqual(preprocessingOf('auto', bytes), { offset: 0, scale: 1 / 255 })
  assert.deepEqual(preprocessingOf('auto', bytes), preprocessingOf('unit', bytes))
  const { offset, scale } = preprocessingOf('standard', bytes)
  close(offset, [3, 40])
  close(scale, [1 / Math.sqrt(5), 1 / Math.sqrt(500)])
  const floats = makeData({ type: 'image', shape: [1, 1, 1], dtype: 'float32' }, Float32Array.of(-4, 2))
  assert.deepEqual(preprocessingOf('auto', floats), { offset: 0, scale: 1 / 4 })
})

test('preprocessingOf: tokens stay as they are, whatever is asked', () => {
  const texts = makeData({ type: 'tokens', shape: [2], vocabulary: 9 }, Int32Array.of(1, 2, 3, 8))
  for (const scaling of ['auto', 'standard', 'unit', 'none'] as const) assert.deepEqual(preprocessingOf(scaling, texts), { offset: 0, scale: 1 })
})

test('preprocessingOf: targets of values have a scale of their own, those of other heads none', () => {
  const field: Field = { type: 'values', columns: [{ name: 'price' }, { name: 'age' }] }
  const values = Float32Array.of(100_000, 1, 300_000, 1)
  const houses = makeData(features(1), Float32Array.of(1, 3), { field, values })
  const { target } = preprocessingOf('auto', houses, { head: 'values' })
  assert.deepEqual(target, { offset: [200_000, 1], scale: [1 / 100_000, 1] })
  assert.deepEqual(preprocessingOf('unit', houses, { head: 'values' }).target, { offset: [0, 0], scale: [1 / 300_000, 1 / 300_000] })
  assert.equal(preprocessingOf('none', houses, { head: 'values' }).target, undefined)
  assert.equal(preprocessingOf('auto', houses, { head: 'binary' }).target, undefined)
  const scaled = scaleTargets(values, { ...target && { target } })
  assert.deepEqual([...scaled], [-1, 0, 1, 0])
  assert.deepEqual(unscaleTargets(scaled, { ...target && { target } }), [...values])
  assert.equal(scaleTargets(values, {}), values)
})
