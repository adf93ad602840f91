import assert from 'node:assert/strict'
import test from 'node:test'
import type { Dataset } from '../../src/dataset.js'
import { openView } from '../../src/influence/view.js'

function makeDataset (labels: number[]): Dataset {
  const train = { inputs: new Float32Array(labels.length), labels: Int32Array.from(labels), count: labels.length }
  return {
    id: 'd', inputShape: [1], classes: 5, trainCount: labels.length, testCount: 0, labelNames: [], train, test: { inputs: new Float32Array(0), labels: new Int32Array(0), count: 0 }
  }
}

test('openView: takes the first examples after dropping and puts the told labels in place', () => {
  const view = openView({ split: 'train', count: 3, dropped: [1, 4], relabelled: { indices: [3], labels: [4] } }, makeDataset([0, 1, 2, 3, 0, 1]))
  assert.deepEqual([...view.indices], [0, 2, 3])
  assert.deepEqual([...view.labels], [0, 2, 4])
  assert.deepEqual([...view.positions], [0, -1, 1, 2, -1, -1])
})

test('openView: a relabelled example that was not seen changes nothing', () => {
  const view = openView({ split: 'train', count: 2, dropped: [], relabelled: { indices: [3], labels: [4] } }, makeDataset([0, 1, 2, 3]))
  assert.deepEqual([...view.labels], [0, 1])
})
