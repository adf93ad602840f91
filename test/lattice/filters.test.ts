import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExactFilter } from '../../src/lattice/exact.js'
import { normalisations, type Features, type GaussianFilter } from '../../src/lattice/filter.js'
import { createLattice } from '../../src/lattice/lattice.js'
import { openStream, type RandomStream } from '../../src/math/random.js'
import { drawScene, featuresOf, scenes } from './scenes.js'

const side = 32
const points = side * side

function filtered (filter: GaussianFilter, values: Float32Array): Float32Array {
  const into = new Float32Array(values.length)
  filter.apply(values, values.length / filter.points, into)
  return into
}

const drawn = (stream: RandomStream, count: number) => Float32Array.from({ length: count }, () => stream.normal())
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
const meanError = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length

for (const kind of scenes) {
  test(`createLattice: on a picture that is ${kind}, normalised it is within 0.02 of the exact sum, and symmetric to 1e-5`, () => {
    for (const [position, colour] of [[8, 13], [32, 15], [80, 13], [3, 30], [3, undefined]] as const) {
      const stream = openStream(1, kind)
      const picture = drawScene(kind, side, stream)
      const features = featuresOf(picture, position, colour)
      const mask = Float32Array.from({ length: points }, (_, i) => Number(picture.pixels[3 * i]! > 128))
      const values = Float32Array.from([...mask, ...Array.from(mask, () => stream.uniform())])
      const widths = `${position} and ${colour}`
      for (const way of ['mean', 'symmetric'] as const) {
        const error = meanError(filtered(createLattice(features, way), values), filtered(createExactFilter(features, way), values))
        assert.ok(error <= 0.02, `${way}, ${widths}: ${error}`)
      }
      const [u, v] = [drawn(stream, points), drawn(stream, points)]
      for (const way of ['none', 'symmetric'] as const) {
        const filter = createLattice(features, way)
        const [fu, fv] = [filtered(filter, u), filtered(filter, v)]
        const size = Math.sqrt(dot(u, u) * dot(fv, fv))
        assert.ok(Math.abs(dot(u, fv) - dot(fu, v)) <= 1e-5 * size, `${way}, ${widths}`)
      }
    }
  })
}

test('createLattice: in 1 to 8 dimensions, for any number of channels, again and in place', () => {
  const stream = openStream(1, 'dimensions')
  for (let dimension = 1; dimension <= 8; dimension++) {
    const features = { values: Float64Array.from({ length: 400 * dimension }, () => 2 * stream.uniform()), points: 400, dimension }
    const values = Float32Array.from({ length: 6 * 400 }, () => stream.uniform())
    const lattice = createLattice(features, 'mean')
    const once = filtered(lattice, values)
    assert.ok(meanError(once, filtered(createExactFilter(features, 'mean'), values)) <= 0.02)
    // Channels know nothing of each other, nor of what was filtered before.
    for (const channel of [5, 0]) {
      const alone = filtered(lattice, values.slice(400 * channel, 400 * (channel + 1)))
      assert.deepEqual(alone, once.slice(400 * channel, 400 * (channel + 1)))
    }
    const inPlace = values.slice()
    lattice.apply(inPlace, 6, inPlace)
    assert.deepEqual(inPlace, once)
  }
})

test('createLattice: far points keep their values, equal points share them; a table that grows loses none', () => {
  const far = { values: Float64Array.from({ length: 20_000 }, (_, i) => 10 * i), points: 20_000, dimension: 1 }
  const lattice = createLattice(far, 'mean')
  assert.ok(lattice.vertices > 1 << 13, 'as many as the first table cannot hold')
  const values = Float32Array.from({ length: 20_000 }, (_, i) => i)
  assert.ok(filtered(lattice, values).every((value, i) => Math.abs(value - i) <= 1e-6 * (i + 1)))
  const equal = createLattice({ values: new Float64Array(8).fill(3.3), points: 4, dimension: 2 }, 'mean')
  assert.ok(filtered(equal, Float32Array.of(1, 2, 3, 6)).every(value => Math.abs(value - 3) < 1e-6))
})

test('apply: weighted and on top, for more channels than are filtered at a time; features a few at a time are the same', () => {
  const stream = openStream(1, 'add')
  const [count, channels] = [5000, 21]
  const all = Float64Array.from({ length: 3 * count }, () => 4 * stream.uniform())
  const inParts = (first: number, into: Float64Array) => { into.set(all.subarray(3 * first, 3 * first + into.length)) }
  const values = drawn(stream, channels * count)
  for (const create of [createLattice, createExactFilter]) {
    const points = create === createLattice ? count : 100
    const some = values.subarray(0, channels * points)
    const filter = create({ values: all.slice(0, 3 * points), points, dimension: 3 }, 'symmetric')
    const into = new Float32Array(some.length).fill(1)
    const once = filtered(filter, some)
    filter.apply(some, channels, into, 2, true)
    assert.ok(into.every((value, i) => Math.abs(value - 1 - 2 * once[i]!) < 1e-5))
    assert.deepEqual(filtered(create({ values: inParts, points, dimension: 3 }, 'symmetric'), some), once)
  }
})

test('createLattice and createExactFilter refuse features and values that are none', () => {
  const of = (values: number[], count: number, dimension: number): Features => (
    { values: Float64Array.from(values), points: count, dimension }
  )
  for (const create of [createLattice, createExactFilter]) {
    const refuses = (features: Features, message: RegExp) => { assert.throws(() => create(features), { name: 'RangeError', message }) }
    refuses(of([], 0, 2), /^points must be 1 .. \d+, got 0$/)
    refuses(of([1], 1, 0), /^dimension must be 1 .. 8, got 0$/)
    refuses(of([1, 2, 3], 2, 2), /^features must have 2 x 2 numbers, got 3$/)
    refuses(of([1, 2, 3, NaN], 2, 2), /^feature 1 of point 1 must be within \+-10000000, got NaN$/)
    refuses(of([1, -Infinity, 3, 4], 2, 2), /^feature 1 of point 0 must be within \+-10000000, got -Infinity$/)
    const filter = create(of([1, 2], 2, 1))
    assert.throws(() => { filter.apply(new Float32Array(3), 1, new Float32Array(2)) }, { name: 'RangeError', message: 'values must have 1 x 2 numbers, got 3' })
    assert.throws(() => { filter.apply(new Float32Array(4), 2, new Float32Array(2)) }, { name: 'RangeError', message: 'into must have 2 x 2 numbers, got 2' })
    assert.throws(() => { filter.apply(new Float32Array(0), 0, new Float32Array(0)) }, { name: 'RangeError', message: /^channels must be/ })
  }
  assert.throws(() => createExactFilter(of(Array(4097).fill(0), 4097, 1)), { name: 'RangeError', message: 'points must be 1 .. 4096, got 4097' })
})

test('createExactFilter: a Gaussian, and what its normalisations say', () => {
  const features = { values: Float64Array.of(0, 1, 3), points: 3, dimension: 1 }
  const kernel = [0, 1, 3].map(a => [0, 1, 3].map(b => Math.exp(-((a - b) ** 2) / 2)))
  const degrees = kernel.map(row => row[0]! + row[1]! + row[2]!)
  for (const way of normalisations) {
    for (const j of [0, 1, 2]) {
      const column = filtered(createExactFilter(features, way), Float32Array.from([0, 1, 2], i => Number(i === j)))
      for (const [i, value] of column.entries()) {
        const divisor = { none: 1, mean: degrees[i]!, symmetric: Math.sqrt(degrees[i]! * degrees[j]!) }[way]
        assert.ok(Math.abs(value - kernel[i]![j]! / divisor) < 1e-7)
      }
    }
  }
})
