/** Arrays over HTTP: options as JSON, what they were taken for, and mistakes by name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../helpers/app.js'
import { file, upload } from '../helpers/form.js'
import { fixture } from '../datasets/formats/arrays/uploads.js'

const arrays = { train: { inputs: 'images', target: 'masks', scribbles: 'scribbles' } }
const pictures = { name: 'street', format: 'arrays', train: file('pictures.npz', fixture('pictures.npz')) }

test('POST /v1/datasets: arrays become the fields that the upload names', async t => {
  const api = await openTestApp(t)
  const response = await upload(api, { ...pictures, arrays: JSON.stringify(arrays), classNames: '["road", "sky", "car"]', testCount: '1' })
  assert.equal(response.statusCode, 201, response.body)
  const map = { type: 'classMap', shape: [5, 6], names: ['road', 'sky', 'car'] }
  assert.deepEqual(response.json().fields, { inputs: { type: 'image', shape: [5, 6, 3], dtype: 'uint8' }, target: map, scribbles: map })
})

test('POST /v1/datasets: NPZ and safetensors of the same arrays are one data set', async t => {
  const api = await openTestApp(t)
  const send = async (name: string) => (await upload(api, { name, format: 'arrays', train: file(name, fixture(name)) })).json().sha256 as string
  assert.equal(await send('classes.npz'), await send('classes.safetensors'))
})

test('POST /v1/datasets: mistakes in uploads of arrays are told by name', async t => {
  const api = await openTestApp(t)
  const cases: [object, number, RegExp][] = [
    [{}, 422, /file "pictures\.npz": the option arrays must say which array is which field, for "masks"/],
    [{ arrays: '{"train": {}}' }, 400, /arrays/],
    [{ arrays: '{"train": ' }, 400, /arrays must be JSON/],
    [{ arrays: JSON.stringify({ ...arrays, valid: {} }) }, 400, /valid/],
    [{ arrays: JSON.stringify(arrays), targetType: 'picture' }, 400, /targetType/],
    [{ arrays: JSON.stringify(arrays), labelColumn: 'masks' }, 400, /labelColumn/]
  ]
  for (const [options, status, detail] of cases) {
    const response = await upload(api, { ...pictures, ...options })
    assert.equal(response.statusCode, status, response.body)
    assert.match(response.json().detail, detail)
  }
})
