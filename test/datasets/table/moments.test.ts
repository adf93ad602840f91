/** What is counted of the numbers of a column, one by one or many at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { addNumber, addNumbers, beginFile, openMoments, type Moments } from '../../../src/datasets/table/moments.js'

const stream = openStream(1, 'moments')
const columns = {
  measurements: Float64Array.from({ length: 5000 }, () => 1e6 + stream.normal()),
  'few whole numbers': Float64Array.from({ length: 5000 }, () => stream.integer(7)),
  'row numbers': Float64Array.from({ length: 5000 }, (_, row) => row),
  'row numbers up to the last row': Float64Array.from({ length: 5000 }, (_, row) => row === 4999 ? 0.5 : row),
  'one number': new Float64Array(5000)
}

for (const [name, values] of Object.entries(columns)) {
  test(`addNumbers: ${name}, the very sums of one by one wherever they are cut`, () => {
    const expected = count(values, addOneByOne, values.length)
    for (const step of [1, 7, 1000, values.length]) assert.deepEqual(count(values, addNumbers, step), expected)
  })
}

function count (values: Float64Array, add: typeof addNumbers, step: number): Moments {
  const moments = openMoments(3)
  beginFile(moments)
  for (let at = 0; at < values.length; at += step) add(moments, values.subarray(at), Math.min(step, values.length - at))
  return moments
}

function addOneByOne (moments: Moments, values: Float64Array, length: number): void {
  for (const value of values.subarray(0, length)) addNumber(moments, value)
}
