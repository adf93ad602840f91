import assert from 'node:assert/strict'
import test from 'node:test'
import type { Dataset, FieldArray, TrainingView } from '../../src/datasets/dataset.js'
import { drawScribbles } from '../../src/datasets/scribbles/scribble.js'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { openView } from '../../src/influence/view.js'
import { openStream } from '../../src/math/random.js'

type Opened = Pick<Dataset, 'train' | 'fields'>

function makeDataset (labels: number[]): Opened {
  return {
    fields: { inputs: { type: 'features', shape: [1], dtype: 'float32' }, target: { type: 'classes', names: ['a', 'b', 'c', 'd', 'e'] } },
    train: { count: labels.length, arrays: { inputs: new Float32Array(labels.length), target: Int32Array.from(labels) } }
  }
}

const whole: TrainingView = { datasetId: 'd', split: 'train', count: 9, dropped: [0], relabelled: { indices: [], labels: [] } }

test('openView: takes the first examples after dropping and puts the training labels in place', () => {
  const dataset = makeDataset([0, 1, 2, 3, 0, 1])
  const view = openView({ ...whole, count: 3, dropped: [1, 4], relabelled: { indices: [3], labels: [4] } }, dataset)
  assert.deepEqual([...view.indices], [0, 2, 3])
  assert.deepEqual([...view.target], [0, 1, 2, 4, 0, 1])
  assert.equal(dataset.train.arrays.target![3], 3) // the data set itself is not touched
})

test('openView: has no more examples than the split after dropping', () => {
  const view = openView(whole, makeDataset([0, 1, 2]))
  assert.deepEqual([...view.indices], [1, 2])
})

/** Three maps of 4 x 6, a bar of class 1 in each, with a field of scribbles. */
function makeMaps (): Opened {
  const map = (i: number) => Array.from({ length: 24 }, (_, p) => Number(p % 6 > i && p % 6 < i + 3))
  const target = Uint8Array.from([0, 1, 2].flatMap(map))
  const scribbles = target.map((label, p) => p % 5 === 0 ? label : UNLABELLED)
  const field = { type: 'classMap' as const, shape: [4, 6], names: ['ground', 'bar'] }
  return {
    fields: { inputs: { type: 'image', shape: [4, 6, 1], dtype: 'uint8' }, target: field, scribbles: field },
    train: { count: 3, arrays: { inputs: new Uint8Array(72), target, scribbles } }
  }
}

test('openView: another field of the data set, where that was learned', () => {
  const dataset = makeMaps()
  assert.equal(openView({ ...whole, learned: { type: 'field', field: 'scribbles' } }, dataset).target, dataset.train.arrays.scribbles)
})

test('openView: the strokes that the trial drew of the maps it saw, map by map by its seed', () => {
  const dataset = makeMaps()
  const options = { length: 0.5, width: 1, regions: 'all' as const }
  const { indices, target } = openView({ ...whole, count: 2, dropped: [], learned: { type: 'scribbles', seed: 4, ...options } }, dataset)
  const mapOf = (values: FieldArray, i: number) => values.subarray(i * 24, (i + 1) * 24) as Uint8Array
  for (const i of indices) {
    assert.deepEqual(mapOf(target, i), drawScribbles(mapOf(dataset.train.arrays.target!, i), [4, 6], options, openStream(4, 'strokes', i)))
    assert.ok(mapOf(target, i).some(label => label === 1))
  }
  assert.deepEqual(new Set(mapOf(target, 2)), new Set([UNLABELLED]), 'of no picture that was not learned from')
})
