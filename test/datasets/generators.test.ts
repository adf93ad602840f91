/** The generators are functions of their spec: same seed, same bytes; balanced; and the classes can be told apart. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { openClasses } from '../../src/datasets/classes.js'
import type { FieldArray } from '../../src/datasets/dataset.js'
import { Description, layoutOf } from '../../src/datasets/description.js'
import { decodeDataset, encodeDataset, hashSource, toIncoming } from '../../src/datasets/dataset-file.js'
import { drawGlyph, GLYPH_SIZE } from '../../src/datasets/generators/glyphs/draw.js'
import { describeGenerator, generateDataset, type GeneratorSpec } from '../../src/datasets/generators/index.js'
import { stoppingDistance } from '../../src/datasets/generators/nonlinear/index.js'
import { sizeOf } from '../../src/math/arrays.js'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'

const glyphs = { type: 'glyphs', classes: 10, train: 205, test: 53, noise: 0.1, seed: 5 } as const
const blobs = { type: 'blobs', classes: 3, features: 4, train: 100, test: 31, spread: 0.3, seed: 5 } as const
const nonlinear = { type: 'nonlinear', train: 100, test: 31, noise: 2, seed: 5 } as const
const scenes = {
  type: 'scenes',
  size: 32,
  colours: 'colour',
  classes: 4,
  shapes: 5,
  train: 12,
  test: 5,
  contrast: 0.5,
  noise: 0.12,
  paleShapes: 'none',
  scribbles: { length: 1, width: 1, regions: 'all' },
  seed: 5
} as const

const edges = { type: 'edges', width: 40, height: 2, position: 0.3, train: 12, test: 5, contrast: 0.5, noise: 0.12, seed: 5 } as const

function store (spec: GeneratorSpec) {
  const { description, train, test } = generateDataset(spec)
  const bytes = Buffer.concat([...encodeDataset({ description, train: toIncoming(train), test: toIncoming(test) })])
  return { bytes, data: decodeDataset({ id: 'x', ...description }, new Uint8Array(bytes)) }
}

function generate (spec: GeneratorSpec) {
  return openClasses(store(spec).data)
}

for (const spec of [glyphs, blobs, nonlinear, scenes, edges]) {
  test(`generateDataset: ${spec.type} of one seed are the same bytes, of another seed others`, () => {
    assert.deepEqual(store(spec).bytes, store({ ...spec }).bytes)
    assert.notDeepEqual(store(spec).data.train.arrays.inputs, store({ ...spec, seed: 6 }).data.train.arrays.inputs)
  })

  test(`generateDataset: ${spec.type} to train on and to test on are different examples`, () => {
    const { train, test } = store(spec).data
    assert.notDeepEqual([...test.arrays.inputs!.subarray(0, 80)], [...train.arrays.inputs!.subarray(0, 80)])
  })
}

for (const spec of [glyphs, blobs]) {
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
}

test('generateDataset: the bytes of glyphs and blobs are those of the version before fields, by which their data sets are found again', () => {
  const frozen: [spec: GeneratorSpec, bytes: string, source: string][] = [
    [
      { type: 'glyphs', classes: 10, train: 30, test: 20, noise: 0.05, seed: 1 },
      'c66379a6c4f5e6b2d8bc64ce6b3139be85d570a158e43c20c56bb6f193639807', 'a819831d163c622e994eb4ba8d3a798aa9208fd8a479815096c1583c38a93554'
    ],
    [
      { type: 'blobs', classes: 3, features: 4, train: 30, test: 20, spread: 0.3, seed: 5 },
      '05c0c502a7486d115889af36595cb642be46204e940f941dca2f46ce316cc270', '204f81b7e16bf1c4cdd328db3743df0e4c002e4e9a7f7786bcdaf28d171dbe41'
    ]
  ]
  for (const [spec, bytes, source] of frozen) {
    assert.equal(createHash('sha256').update(store(spec).bytes).digest('hex'), bytes)
    assert.equal(hashSource({ generator: spec }), source)
  }
})

test('generateDataset: glyphs are pictures of bytes, blobs are float32, both with classes', () => {
  assert.deepEqual(store(glyphs).data.fields.inputs, { type: 'image', shape: [28, 28, 1], dtype: 'uint8' })
  assert.deepEqual(store(blobs).data.fields, {
    inputs: { type: 'features', shape: [4], dtype: 'float32' }, target: { type: 'classes', names: ['0', '1', '2'] }
  })
})

test('generateDataset: nonlinear is the stopping distance with noise of the given deviation, its columns have names and units', () => {
  const { fields, train } = store({ ...nonlinear, train: 2000 }).data
  assert.deepEqual(fields, {
    inputs: {
      type: 'features', shape: [3], dtype: 'float32', columns: [{ name: 'speed', unit: 'm/s' }, { name: 'reaction', unit: 's' }, { name: 'friction', unit: '1' }]
    },
    target: { type: 'values', columns: [{ name: 'distance', unit: 'm' }] }
  })
  assert.equal(stoppingDistance(20, 1, 0.5), 20 + 400 / 9.81) // v t + v^2 / (2 mu g)
  const { inputs, target } = train.arrays
  const errors = Array.from(target!, (distance, i) => {
    const [speed, reaction, friction] = inputs!.subarray(3 * i, 3 * i + 3)
    assert.ok(speed! >= 5 && speed! <= 40 && reaction! >= 0.5 && reaction! <= 2 && friction! >= 0.2 && friction! <= 1)
    return distance - stoppingDistance(speed!, reaction!, friction!)
  })
  const mean = errors.reduce((sum, error) => sum + error, 0) / 2000
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / 2000)
  assert.ok(Math.abs(mean) < 0.18 && Math.abs(deviation - 2) < 0.13, `${mean} ${deviation}`) // 4 standard errors: 2 / sqrt(2000), 2 / sqrt(4000)
})

test('generateDataset: scenes are flat colours of their classes, noise of the given deviation, and shapes of every class on a background', () => {
  const [dark, bright] = [0.25, 0.75]
  for (const [colours, classes, levels] of [
    ['colour', 4, [[dark, dark, dark], [bright, dark, dark], [dark, bright, dark], [bright, bright, dark]]], ['grey', 3, [[dark], [0.5], [bright]]]
  ] as const) {
    const { train } = generateDataset({ ...scenes, colours, classes, noise: 0.05, train: 40 })
    const { inputs, target, scribbles } = train.arrays as Record<string, Uint8Array>
    const channels = colours === 'grey' ? 1 : 3
    let [squares, background] = [0, 0]
    for (const [pixel, label] of target!.entries()) {
      if (label === 0) background++
      levels[label]!.forEach((level, channel) => { squares += (inputs![pixel * channels + channel]! / 255 - level) ** 2 })
      assert.ok(scribbles![pixel] === UNLABELLED || scribbles![pixel] === label)
    }
    const deviation = Math.sqrt(squares / inputs!.length)
    assert.ok(Math.abs(deviation - 0.05) < 0.0015, String(deviation)) // rounding adds 1e-5, 4 standard errors are 0.0007
    assert.ok(background > 0.5 * target!.length && background < 0.9 * target!.length, `${background} of ${target!.length}`)
    for (let i = 0; i < 40; i++) {
      const present = new Set(target!.subarray(i * 1024, (i + 1) * 1024))
      assert.ok(present.size === classes, `scene ${i} has the classes ${[...present].join()}`)
    }
  }
})

test('generateDataset: a scene does not depend on its scribbles, its contrast, or how many there are', () => {
  const one = generateDataset(scenes).train.arrays
  const other = generateDataset({ ...scenes, train: 3, contrast: 0.9, scribbles: { length: 0, width: 1, regions: 'one' } }).train.arrays
  assert.deepEqual(other.target, one.target!.slice(0, 3 * 1024))
  assert.notDeepEqual(other.scribbles, one.scribbles!.slice(0, 3 * 1024))
})

test('generateDataset: pale shapes are every second of a class, half way to the background, and have scribbles or none', () => {
  const of = (paleShapes: 'none' | 'scribbled' | 'unscribbled') =>
    generateDataset({ ...scenes, colours: 'grey', classes: 2, shapes: 2, noise: 0, paleShapes }).train.arrays as Record<string, Uint8Array>
  const [none, scribbled, unscribbled] = [of('none'), of('scribbled'), of('unscribbled')]
  assert.deepEqual([new Set(none.inputs), new Set(scribbled.inputs)], [new Set([64, 191]), new Set([64, 191, 128])])
  assert.deepEqual([scribbled.target, scribbled.scribbles, unscribbled.inputs], [none.target, none.scribbles, scribbled.inputs])
  const levelsUnder = (scribbles: Uint8Array) => new Set(scribbled.inputs!.filter((_, pixel) => scribbles[pixel] === 1))
  assert.deepEqual([levelsUnder(scribbled.scribbles!), levelsUnder(unscribbled.scribbles!)].map(({ size }) => size), [2, 1])
  assert.ok(levelsUnder(unscribbled.scribbles!).has(191))
})

test('generateDataset: scenes of two to eight classes, few pixels, more shapes than there is room for', () => {
  for (let classes = 2; classes <= 8; classes++) {
    const { train } = generateDataset({ ...scenes, classes, size: 16, shapes: 30, train: 4, test: 1 })
    assert.equal(new Set(train.arrays.target).size, classes)
  }
})

test('generateDataset: edges are two flat regions with noise of the given deviation, each a column at least', () => {
  const { inputs, target } = generateDataset({ ...edges, noise: 0.05, train: 100 }).train.arrays as Record<string, Uint8Array>
  let squares = 0
  for (const [pixel, label] of target!.entries()) {
    assert.equal(label, Number(pixel % 40 >= 12))
    squares += (inputs![pixel]! / 255 - (label === 0 ? 0.25 : 0.75)) ** 2
  }
  const deviation = Math.sqrt(squares / inputs!.length)
  assert.ok(Math.abs(deviation - 0.05) < 0.0016, String(deviation)) // 4 standard errors: 0.05 / sqrt(2 * 8000)
  for (const [position, left] of [[0, 1], [1, 39]] as const) {
    const row = generateDataset({ ...edges, position }).train.arrays.target!.subarray(0, 40)
    assert.equal(row.filter(label => label === 0).length, left)
  }
})

test('describeGenerator: says what is made without making it', () => {
  for (const spec of [glyphs, blobs, nonlinear, scenes, edges]) {
    const { train, test, description } = generateDataset(spec)
    assert.deepEqual(describeGenerator(spec), description)
    assert.deepEqual(compileCheck(Description)(structuredClone(description)), [])
    assert.deepEqual([train.count, test.count], [description.counts.train, description.counts.test])
    for (const [name, field] of Object.entries(description.fields)) {
      const size = sizeOf(layoutOf(field).shape)
      assert.deepEqual([train.arrays[name]!.length, test.arrays[name]!.length], [train.count * size, test.count * size])
    }
  }
  assert.equal(describeGenerator({ ...blobs, train: 1e15 }).counts.train, 1e15, 'no example is made')
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

function squaredDistance (a: FieldArray, b: FieldArray): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}
