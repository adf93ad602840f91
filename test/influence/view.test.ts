import assert from 'node:assert/strict'
import test from 'node:test'
import type { Split } from '../../src/datasets/dataset.js'
import { openView } from '../../src/influence/view.js'

function makeDataset (labels: number[]): { train: Split } {
  return { train: { count: labels.length, arrays: { inputs: new Float32Array(labels.length), target: Int32Array.from(labels) } } }
}

test('openView: takes the first examples after dropping and puts the training labels in place', () => {
  const dataset = makeDataset([0, 1, 2, 3, 0, 1])
  const view = openView({ datasetId: 'd', split: 'train', count: 3, dropped: [1, 4], relabelled: { indices: [3], labels: [4] } }, dataset)
  assert.deepEqual([...view.indices], [0, 2, 3])
  assert.deepEqual([...view.target], [0, 1, 2, 4, 0, 1])
  assert.equal(dataset.train.arrays.target![3], 3) // the data set itself is not touched
})

test('openView: has no more examples than the split after dropping', () => {
  const view = openView({ datasetId: 'd', split: 'train', count: 9, dropped: [0], relabelled: { indices: [], labels: [] } }, makeDataset([0, 1, 2]))
  assert.deepEqual([...view.indices], [1, 2])
})
