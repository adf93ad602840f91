import assert from 'node:assert/strict'
import test from 'node:test'
import { checkpointsOf, observedEpochs, weightsOf, type Pace, type Place, type Weighting } from '../../../src/algorithms/tracin-approximation/checkpoints.js'
import type { ApproximationSpec } from '../../../src/algorithms/tracin-approximation/spec.js'

type Planned = Pick<ApproximationSpec, 'epochs' | 'schedule' | 'checkpoints'>

const training: Planned = { epochs: 10, schedule: { type: 'constant' }, checkpoints: { counts: [1, 5], spacing: 'even' } }
const pace: Pace = { rate: 0.2, batchSize: 32, examples: 100 }

function listed (count: number, at: Place, weighting: Weighting, spec = training, of = pace): [number, number][] {
  return weightsOf(checkpointsOf(count, at, spec, of), weighting).map(({ epoch, weight }) => [epoch, Number(weight.toFixed(12))])
}

test('checkpointsOf: by interval a checkpoint weighs what its steps learned of one example, by rate the rate in force', () => {
  // 100 examples in batches of 32 are 4 steps: two epochs give each example 2 x 4 x 0.2 / 100
  assert.deepEqual(listed(5, 'end', 'interval'), [2, 4, 6, 8, 10].map(epoch => [epoch, 0.016]))
  assert.deepEqual(listed(5, 'start', 'interval'), [0, 2, 4, 6, 8].map(epoch => [epoch, 0.016]))
  assert.deepEqual(listed(5, 'end', 'rate'), [2, 4, 6, 8, 10].map(epoch => [epoch, 0.2]))
  assert.deepEqual(observedEpochs(training), [0, 2, 4, 6, 8, 10])
})

test('checkpointsOf: a dropped rate counts where it was in force, and longer intervals count more', () => {
  const dropped: Planned = { ...training, schedule: { type: 'step', drops: [4], factor: 0.1 }, checkpoints: { counts: [2], spacing: 'even' } }
  // single examples: four epochs at 0.2 and one at 0.02, then five at 0.02
  assert.deepEqual(listed(2, 'end', 'interval', dropped, { ...pace, batchSize: 1 }), [[5, 0.82], [10, 0.1]])
  assert.deepEqual(listed(2, 'end', 'rate', dropped), [[5, 0.02], [10, 0.02]])
  assert.deepEqual(listed(2, 'start', 'rate', dropped), [[0, 0.2], [5, 0.02]])
  const log: Planned = { ...training, epochs: 16, checkpoints: { counts: [5], spacing: 'log' } }
  assert.deepEqual(listed(5, 'end', 'interval', log, { ...pace, batchSize: 1 }), [[1, 0.2], [2, 0.2], [4, 0.4], [8, 0.8], [16, 1.6]])
  assert.deepEqual(listed(1, 'end', 'interval', log, { ...pace, batchSize: 1 }), [[16, 3.2]])
})
