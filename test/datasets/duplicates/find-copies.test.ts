/** Copies that were planted, in data that have none by themselves. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Field } from '../../../src/datasets/description.js'
import type { FieldArray } from '../../../src/datasets/dataset.js'
import { findCopies, type Copies } from '../../../src/datasets/duplicates/index.js'
import { createGroups } from '../../../src/datasets/duplicates/groups.js'
import { joinNear } from '../../../src/datasets/duplicates/near.js'
import { project } from '../../../src/datasets/duplicates/projection.js'
import { distanceOf, toRows } from '../../../src/datasets/duplicates/rows.js'
import { createSmallest } from '../../../src/datasets/duplicates/smallest.js'
import { openStream } from '../../../src/math/random.js'

function finish<T> (work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

const features: Field = { type: 'features', shape: [1], dtype: 'float32' } as unknown as Field
const tokens: Field = { type: 'tokens', shape: [1] } as unknown as Field

function search (parts: FieldArray[], width: number, { field = features, scale = 1 } = {}): Copies {
  return finish(findCopies({ field, parts, width, scale: { offset: 0, scale } }))
}

/** Standard normal rows. */
function normal (count: number, width: number, seed: number): Float32Array {
  const stream = openStream(seed, 'test')
  return Float32Array.from({ length: count * width }, () => stream.normal())
}

/** Pictures of 8 x 8 bytes: a blot at any place, of any size, with noise. */
function blots (count: number, seed: number): Uint8Array {
  const stream = openStream(seed, 'blots')
  const pictures = new Uint8Array(count * 64)
  for (let i = 0; i < count; i++) {
    const [x, y, radius] = [8 * stream.uniform(), 8 * stream.uniform(), 1 + 2 * stream.uniform()]
    for (let k = 0; k < 64; k++) {
      const away = Math.hypot(k % 8 - x, Math.floor(k / 8) - y) / radius
      pictures[i * 64 + k] = Math.min(255, 220 * Math.exp(-away * away) + 30 * stream.uniform())
    }
  }
  return pictures
}

test('findCopies: random data of any dimension have none', () => {
  for (const [count, width, seed] of [[70, 3, 1], [400, 1, 2], [1000, 2, 3], [800, 30, 4], [3100, 5, 5]] as const) {
    const { groups, threshold } = search([normal(count, width, seed)], width)
    assert.deepEqual(groups, [], `${count} x ${width}`)
    assert.ok(threshold! > 0)
  }
})

test('findCopies: finds every exact copy, within a split and across them, whatever stands between', () => {
  const train = normal(500, 6, 7)
  const test = normal(100, 6, 8)
  train.copyWithin(6 * 499, 6 * 3, 6 * 4)
  train.copyWithin(6 * 250, 6 * 3, 6 * 4)
  test.set(train.subarray(6 * 40, 6 * 41), 6 * 99)
  const { groups } = search([train, test], 6)
  assert.deepEqual(groups, [{ rows: [3, 250, 499], firsts: [3, 3, 3] }, { rows: [40, 599], firsts: [40, 40] }])
})

test('findCopies: a picture with one other pixel is a near copy; groups join exact and near ones', () => {
  const pictures = blots(1500, 9)
  const planted = [[10, 1400], [11, 1401], [500, 501], [12, 1499]] as const
  for (const [from, to] of planted) {
    pictures.copyWithin(to * 64, from * 64, (from + 1) * 64)
    pictures[to * 64 + 17]! ^= 8 // noise makes two blots differ by as much in every pixel
  }
  pictures.copyWithin(1300 * 64, 10 * 64, 11 * 64)
  const { groups, leftOut } = search([pictures], 64, { scale: 1 / 255 })
  assert.deepEqual(groups, [
    { rows: [10, 1300, 1400], firsts: [10, 10, 1400] }, { rows: [11, 1401], firsts: [11, 1401] },
    { rows: [12, 1499], firsts: [12, 1499] }, { rows: [500, 501], firsts: [500, 501] }
  ])
  assert.equal(leftOut, 0)
})

test('findCopies: texts that share all but a word are near copies, in any order of their words', () => {
  const stream = openStream(3, 'texts')
  const length = 30
  // words as rare as words are: the r-th with probability about 1 / r
  const texts = Int32Array.from({ length: 400 * length }, () => 2 + Math.floor(Math.exp(stream.uniform() * Math.log(5000))))
  texts.copyWithin(100 * length, 0, length)
  texts[100 * length + 4] = 6001
  texts.set(texts.slice(length, 2 * length).reverse(), 200 * length)
  const { groups } = search([texts], length, { field: tokens })
  assert.deepEqual(groups.map(({ rows }) => rows), [[0, 100], [1, 200]])
})

test('findCopies: too few rows to know what chance does have exact copies only', () => {
  const rows = normal(20, 4, 1)
  rows.copyWithin(4, 0, 4)
  rows.set(rows.subarray(8, 12).map(value => value + 1e-6), 12)
  assert.deepEqual(search([rows], 4), { groups: [{ rows: [0, 1], firsts: [0, 0] }], threshold: null, leftOut: 0 })
})

test('findCopies: rows that differ only where no network looks are no near copies of all others', () => {
  const { groups, threshold } = search([normal(200, 2, 1)], 2, { scale: 0 })
  assert.deepEqual([groups, threshold], [[], 0])
})

/** Copies that joinNear joins among rows that are all different and have one scale. */
function join (rows: Float32Array, width: number, threshold: number): { groups: number[][], leftOut: number } {
  const all = Int32Array.from({ length: rows.length / width }, (_, i) => i)
  const [pool, weights] = [toRows([rows], width), new Float64Array(width).fill(1)]
  const groups = createGroups(all)
  const projected = finish(project(pool, all, weights, 0))
  const compared = { projected, scales: new Float64Array(all.length).fill(1), distance: distanceOf(pool, weights), width, ...groups }
  const leftOut = finish(joinNear(compared, threshold, 0))
  return { groups: groups.list().map(group => group.rows), leftOut }
}

test('joinNear: by cells it finds what comparing all finds', () => {
  const [count, width, threshold] = [3200, 12, 0.3]
  const rows = normal(count, width, 11)
  const stream = openStream(12, 'near')
  for (let k = 0; k < 100; k++) { // pairs at distances up to 0.3, most of them far below the threshold
    for (let i = 0; i < width; i++) rows[(count - 1 - k) * width + i] = rows[k * width + i]! + 0.05 * stream.normal()
  }
  const distance = distanceOf(toRows([rows], width), new Float64Array(width).fill(1))
  const expected = Array.from({ length: 100 }, (_, k) => [k, count - 1 - k] as const).filter(([a, b]) => distance(a, b) <= threshold)
  assert.ok(expected.length > 90)
  assert.deepEqual(join(rows, width, threshold), { groups: expected, leftOut: 0 })
})

test('findCopies: what is near is near in its place: close together where rows are dense, farther apart where they are not', () => {
  const [count, width] = [1000, 5]
  const rows = normal(count, width, 14)
  for (let i = 500 * width; i < count * width; i++) rows[i] = 50 + rows[i]! / 100 // half of them a hundred times as dense
  const near = (from: number, to: number, way: number) =>
    rows.set(rows.slice(from * width, (from + 1) * width).map(x => x + way), to * width)
  near(0, 1, 0.01)
  near(600, 601, 0.0001)
  near(700, 701, 0.01) // as far as 0 and 1, and as any two of them
  assert.deepEqual(search([rows], width).groups.map(group => group.rows), [[0, 1], [600, 601]])
})

test('joinNear: says what it leaves out where thousands are in one place', () => {
  assert.deepEqual(join(normal(3200, 2, 13), 2, 1e-5), { groups: [], leftOut: 0 })
  const crowded = join(normal(3200, 2, 13), 2, 1)
  assert.deepEqual([crowded.groups.length > 0, crowded.leftOut > 0], [true, true])
})

test('findCopies: what was found is known, and is of these very bytes, of this scale and of this type of numbers', () => {
  const rows = normal(200, 3, 4)
  rows.copyWithin(3 * 100, 0, 3)
  const first = search([rows], 3)
  assert.equal(search([rows.slice()], 3), first)
  assert.notEqual(search([rows], 3, { scale: 2 }), first)
  assert.notEqual(search([rows.subarray(0, 3 * 150), rows.subarray(3 * 150)], 3), first)
  rows[3 * 100]! += 1
  assert.deepEqual([first.groups.length, search([rows], 3).groups.length], [1, 0])
})

test('distanceOf: to the bit where it is within the limit, else above it', () => {
  const rows = normal(40, 100, 5)
  const weights = Float64Array.from({ length: 100 }, (_, k) => 1 + k / 50)
  const distance = distanceOf(toRows([rows.subarray(0, 1500), rows.subarray(1500)], 100), weights)
  for (let a = 0; a < 40; a++) {
    const whole = distance(a, 39)
    assert.equal(distance(a, 39, whole), whole)
    for (const limit of [0, 0.5 * whole, whole * (1 - 1e-9)]) assert.ok(whole === 0 || distance(a, 39, limit) > limit)
  }
})

test('createSmallest: those that sorting all would put first', () => {
  const values = normal(5000, 1, 6)
  for (const count of [1, 7, 1600, 5000, 6000]) {
    const smallest = createSmallest(count)
    for (const value of values) if (value <= smallest.atMost()) smallest.add(value)
    assert.deepEqual(smallest.list(), Float64Array.from(values).sort().slice(0, count))
  }
})
