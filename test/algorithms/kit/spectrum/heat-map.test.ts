import assert from 'node:assert/strict'
import test from 'node:test'
import { decode } from 'fast-png'
import { colourOf, drawHeatMap } from '../../../../src/algorithms/kit/spectrum/heat-map.js'

const bands = ['1', '3'].map((key, i) => ({ key, label: key, frequency: 1 + 2 * i, amplitude: 1 }))
const red = [0x67, 0x00, 0x1f]
const blue = [0x05, 0x30, 0x61]
const white = [0xf7, 0xf7, 0xf7]

/** Decodes the drawing of these records. */
function draw (errors: number[][]) {
  const zeros = errors.map(() => 0)
  const { width, height, channels, data } = decode(drawHeatMap(bands, { steps: zeros, evaluations: zeros, losses: zeros, errors }))
  const pixel = (x: number, y: number) => Array.from(data.subarray((y * width + x) * channels, (y * width + x + 1) * channels))
  return { width, height, pixel }
}

test('colourOf: red below 0.1, blue above 1, white between, mixed linearly', () => {
  assert.deepEqual([0, 0.1].map(colourOf), [red, red])
  assert.deepEqual([1, 7, Infinity].map(colourOf), [blue, blue, blue])
  assert.deepEqual(colourOf(0.55), white)
  assert.deepEqual(colourOf(0.1 + 0.045), [0x8d, 0x0c, 0x25]) // half way between the first two classes
  assert.deepEqual(colourOf(NaN), [0x80, 0x80, 0x80])
})

test('drawHeatMap: a row of 24 pixels per band, the lowest at the bottom, the newest record at the right', () => {
  const { width, height, pixel } = draw([[1, 1], [0.55, 1], [0.1, 0.55]])
  assert.deepEqual([width, height], [480, 48])
  assert.deepEqual([0, 159, 160, 319, 320, 479].map(x => pixel(x, 47)), [blue, blue, white, white, red, red])
  assert.deepEqual([pixel(0, 0), pixel(319, 23), pixel(479, 0)], [blue, blue, white])
  assert.deepEqual([pixel(479, 23), pixel(479, 24)], [white, red])
})

test('drawHeatMap: of more records than pixels the first and the newest are shown', () => {
  const errors = Array.from({ length: 1001 }, (_, record) => record === 0 || record === 1000 ? [0.1, 0.1] : [1, 1])
  const { pixel } = draw(errors)
  assert.deepEqual([0, 1, 478, 479].map(x => pixel(x, 30)), [red, blue, blue, red])
})

test('drawHeatMap: is grey without records', () => {
  assert.deepEqual(draw([]).pixel(100, 10), [0x80, 0x80, 0x80])
})
