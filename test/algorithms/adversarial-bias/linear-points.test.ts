/** The points that linear classifiers are trained on. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { openClassPoints } from '../../../src/algorithms/adversarial-bias/linear/class-points.js'
import { openPoints } from '../../../src/algorithms/adversarial-bias/linear/points.js'
import { recordSteps, thin } from '../../../src/algorithms/adversarial-bias/linear/records.js'
import type { Points } from '../../../src/algorithms/adversarial-bias/linear/spec.js'
import type { Dataset } from '../../../src/datasets/dataset.js'
import { openStream } from '../../../src/math/random.js'
import { largestMargin } from '../../../src/optimizers/margin.js'
import type { Rows } from '../../../src/optimizers/rows.js'

function open (points: Points, seed = 0): Rows {
  return openPoints(points, { random: (purpose, ...keys) => openStream(seed, purpose, ...keys), data: {} })
}

function listed ({ count, dimensions, copyRow }: Rows): number[][] {
  return Array.from({ length: count }, (_, row) => {
    const point = new Float64Array(dimensions)
    copyRow(row, point)
    return [...point]
  })
}

function marginOf (rows: Rows): number {
  const found = largestMargin(rows)
  assert.ok(found.separable)
  return found.margin
}

test('openPoints: two vectors and random points have the margin that is asked for', () => {
  assert.ok(Math.abs(marginOf(open({ type: 'two-vectors', margin: 0.3, along: [3, 0.4] })) - 0.3) < 1e-7)
  for (const [dimensions, examples, margin] of [[2, 2, 1], [5, 60, 0.7], [20, 40, 0.1]] as const) {
    for (const seed of [0, 1]) {
      const rows = open({ type: 'random', dimensions, examples, margin }, seed)
      assert.deepEqual([rows.count, rows.dimensions], [examples, dimensions])
      assert.ok(Math.abs(marginOf(rows) / margin - 1) < 1e-7, `${dimensions}: ${marginOf(rows)}`)
    }
  }
})

/** Six pictures of 1 x 3 of three classes; their last number is 0 in two of these. */
function makeData (inputs: Uint8Array | Float32Array): Dataset {
  return {
    id: 'made',
    fields: { inputs: { type: 'image', shape: [1, 3, 1] }, target: { type: 'classes', names: ['a', 'b', 'c'] } },
    counts: { train: 6, test: 0 },
    train: { count: 6, arrays: { inputs, target: Int32Array.of(0, 1, 2, 0, 1, 2) } },
    test: { count: 0, arrays: { inputs: inputs.subarray(0, 0), target: new Int32Array() } }
  } as unknown as Dataset
}

const bytes = [255, 0, 0, 51, 102, 0, 9, 9, 9, 0, 204, 0, 1, 2, 0, 9, 9, 9]
const classes = { type: 'classes', data: { generator: {} }, positive: 'b', negative: 'a', scaling: 'auto' } as unknown as Extract<Points, { type: 'classes' }>

test('openClassPoints: y x of two classes in the units of the scaling, without what is 0 in all of them', () => {
  const expected = [[-1, 0], [0.2, 0.4], [0, -0.8], [1 / 255, 2 / 255]]
  const close = (rows: Rows) => listed(rows).forEach((point, i) => {
    point.forEach((value, k) => { assert.ok(Math.abs(value - expected[i]![k]!) < 1e-7) })
  })
  const stored = openClassPoints(classes, makeData(Uint8Array.from(bytes)))
  assert.equal(stored.storage.form, 'sparse')
  assert.deepEqual([stored.count, stored.dimensions], [4, 2])
  close(stored)
  const floats = openClassPoints(classes, makeData(Float32Array.from(bytes)))
  assert.equal(floats.storage.form, 'dense')
  close(floats)
  const standard = openClassPoints({ ...classes, scaling: 'standard' }, makeData(Uint8Array.from(bytes)))
  assert.deepEqual([standard.storage.form, standard.dimensions], ['dense', 3])
  assert.equal(openClassPoints({ ...classes, trainExamples: 3 }, makeData(Uint8Array.from(bytes))).count, 2)
})

test('openClassPoints: a class without examples, and examples without numbers, are refused', () => {
  assert.throws(() => openClassPoints({ ...classes, trainExamples: 1 }, makeData(Uint8Array.from(bytes))), { code: 'unfit_dataset' })
  assert.throws(() => openClassPoints(classes, makeData(new Uint8Array(18))), { code: 'unfit_dataset' })
})

test('recordSteps: every step at first, then so many for a factor of ten, and the last', () => {
  assert.deepEqual(recordSteps(12, 20), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  assert.deepEqual(recordSteps(1000, 2), [1, 3, 10, 32, 100, 316, 1000])
  assert.deepEqual(recordSteps(1, 20), [1])
  assert.ok(recordSteps(10_000_000, 100).length <= 1000)
  assert.deepEqual(thin([1, 2, 3, 4, 5], 3), [1, 3, 5])
})
