/** The generators are functions of their spec: same seed, same bytes; balanced; and the classes can be told apart. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GeneratorSpec } from '../../src/datasets/generator-spec.js'
import { openStream } from '../../src/math/random.js'
import { decodeDataset, encodeDataset, toIncoming } from '../../src/datasets/format.js'
import { describeGenerator, generateDataset } from '../../src/datasets/generators.js'
import { drawGlyph, GLYPH_SIZE } from '../../src/datasets/glyphs.js'

const glyphs = { type: 'glyphs', classes: 10, train: 205, test: 53, noise: 0.1, seed: 5 } as const
const blobs = { type: 'blobs', classes: 3, features: 4, train: 100, test: 31, spread: 0.3, seed: 5 } as const

function generate (spec: GeneratorSpec) {
  const { description, train, test } = generateDataset(spec)
  const bytes = Buffer.concat([...encodeDataset({ description, train: toIncoming(train), test: toIncoming(test) })])
  return { bytes, ...description, ...decodeDataset({ id: 'x', ...description }, new Uint8Array(bytes)) }
}

for (const spec of [glyphs, blobs]) {
  test(`generateDataset: ${spec.type} of one seed are the same bytes, of another seed others`, () => {
    assert.deepEqual(generate(spec).bytes, generate({ ...spec }).bytes)
    assert.notDeepEqual(generate(spec).train.inputs, generate({ ...spec, seed: 6 }).train.inputs)
  })

  test(`generateDataset: ${spec.type} are balanced and not in the order of their classes`, () => {
    const data = generate(spec)
    for (const { labels, count } of [data.train, data.test]) {
      const counts = Array.from({ length: spec.classes }, (_, label) => labels.filter(each => each === label).length)
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, String(counts))
      assert.equal(labels.length, count)
      assert.notDeepEqual(labels, labels.slice().sort())
      assert.notDeepEqual(labels, labels.map((_, i) => i % spec.classes))
    }
  })

  test(`generateDataset: ${spec.type} to train on and to test on are different examples`, () => {
    const { train, test } = generate(spec)
    assert.notDeepEqual([...test.inputs.subarray(0, 200)], [...train.inputs.subarray(0, 200)])
  })
}

test('generateDataset: glyphs are 28 x 28 bytes, blobs are float32', () => {
  const [pictures, points] = [generate(glyphs), generate(blobs)]
  assert.deepEqual([pictures.inputShape, pictures.dtype, pictures.labelNames.length], [[28, 28, 1], 'uint8', 10])
  assert.deepEqual([points.inputShape, points.dtype, points.labelNames], [[4], 'float32', ['0', '1', '2']])
})

test('describeGenerator: says what is made without making it', () => {
  for (const spec of [glyphs, blobs]) {
    const { train, test, description } = generateDataset(spec)
    assert.deepEqual(describeGenerator(spec), description)
    const width = description.inputShape.reduce((product, size) => product * size, 1)
    assert.deepEqual([train.inputs.length, test.inputs.length], [description.trainCount * width, description.testCount * width])
  }
  assert.equal(describeGenerator({ ...blobs, train: 1e15 }).trainCount, 1e15, 'no example is made')
})

test('generateDataset: a glyph does not depend on how many there are', () => {
  const [few, many] = [generate({ ...glyphs, test: 1 }), generate({ ...glyphs, test: 2 })]
  assert.deepEqual(few.train.inputs, many.train.inputs)
})

test('generateDataset: blobs lie around centres at distance 1 with the spread that was asked for', () => {
  const { train } = generate({ ...blobs, train: 3000, spread: 0.1 })
  for (let label = 0; label < 3; label++) {
    const rows = [...train.labels.keys()].filter(i => train.labels[i] === label).map(i => [...train.inputs.subarray(i * 4, i * 4 + 4)])
    const mean = [0, 1, 2, 3].map(j => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length)
    const squares = rows.map(row => row.reduce((sum, x, j) => sum + (x - mean[j]!) ** 2, 0))
    const spread = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (4 * rows.length))
    assert.ok(Math.abs(Math.hypot(...mean) - 1) < 0.02) // 5 standard errors: 0.1 / sqrt(1000) = 0.003
    assert.ok(Math.abs(spread - 0.1) < 0.005) // 3 standard errors: 0.1 / sqrt(2 * 4000) = 0.0011
  }
})

test('drawGlyph: digits are bright strokes in the middle of a dark sheet', () => {
  for (let digit = 0; digit < 10; digit++) {
    for (let i = 0; i < 20; i++) {
      const picture = new Uint8Array(GLYPH_SIZE ** 2)
      drawGlyph(digit, 0, openStream(i, 'test', digit), picture)
      const border = picture.filter((_, at) => at % 28 === 0 || at % 28 === 27 || at < 28 || at >= 27 * 28)
      assert.ok(Math.max(...border) < 128, `digit ${digit} leaves the sheet`)
      const ink = picture.reduce((sum, value) => sum + value, 0) / 255
      assert.ok(ink > 20 && ink < 250, `digit ${digit} has the ink of ${ink} pixels`) // of 784
      assert.ok(Math.max(...picture) >= 190)
    }
  }
})

test('generateDataset: the nearest of 400 glyphs tells the digit of three in four others', () => {
  const { train, test } = generate({ ...glyphs, train: 400, test: 100, noise: 0.05 })
  let right = 0
  for (let i = 0; i < test.count; i++) {
    const picture = test.inputs.subarray(i * 784, (i + 1) * 784)
    const distances = Array.from(train.labels, (_, j) => squaredDistance(picture, train.inputs.subarray(j * 784, (j + 1) * 784)))
    if (train.labels[distances.indexOf(Math.min(...distances))] === test.labels[i]) right++
  }
  assert.ok(right >= 75, `${right} of 100`) // chance gives 10
})

function squaredDistance (a: Uint8Array | Float32Array, b: Uint8Array | Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}
