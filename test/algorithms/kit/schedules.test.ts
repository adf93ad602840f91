import assert from 'node:assert/strict'
import test from 'node:test'
import { checkpointEpochs } from '../../../src/algorithms/kit/checkpoints.js'
import { rateAt, type Schedule } from '../../../src/algorithms/kit/schedule.js'

test('rateAt: constant is constant', () => {
  assert.equal(rateAt({ type: 'constant' }, 0.3, 7, 0.5, 10), 0.3)
})

test('rateAt: step multiplies once for every drop that is behind', () => {
  const schedule = { type: 'step' as const, drops: [20, 10], factor: 0.5 }
  assert.deepEqual([9, 10, 19, 20].map(epoch => rateAt(schedule, 8, epoch, 0, 30)), [8, 4, 4, 2])
})

test('rateAt: cosine starts full, is half way down in the middle, ends at its final part', () => {
  const schedule = { type: 'cosine' as const, final: 0.1 }
  assert.equal(rateAt(schedule, 1, 0, 0, 10), 1)
  // (1 + cos(pi / 2)) / 2 = 1/2 of the way: 0.1 + 0.9 / 2
  assert.ok(Math.abs(rateAt(schedule, 1, 5, 0, 10) - 0.55) < 1e-12)
  assert.ok(Math.abs(rateAt(schedule, 1, 9, 1, 10) - 0.1) < 1e-12)
})

test('rateAt: a warm-up rises in a straight line from 0, and a cosine takes the rest', () => {
  const schedules: Schedule[] = [{ type: 'constant' }, { type: 'step', drops: [1], factor: 1 }, { type: 'cosine', final: 0 }]
  for (const schedule of schedules) {
    const rate = (epoch: number, within: number) => rateAt({ ...schedule, warmup: 2 }, 4, epoch, within, 10)
    assert.deepEqual([rate(0, 0), rate(0, 0.5), rate(1, 0.5)], [0, 1, 3])
  }
  const cosine = { type: 'cosine' as const, final: 0.1, warmup: 2 }
  assert.equal(rateAt(cosine, 1, 2, 0, 10), 1)
  assert.ok(Math.abs(rateAt(cosine, 1, 6, 0, 10) - 0.55) < 1e-12)
  assert.ok(Math.abs(rateAt(cosine, 1, 9, 1, 10) - 0.1) < 1e-12)
})

test('checkpointEpochs: every n, and the last', () => {
  assert.deepEqual(checkpointEpochs({ type: 'every', epochs: 4 }, 10), [4, 8, 10])
  assert.deepEqual(checkpointEpochs({ type: 'every', epochs: 20 }, 3), [3])
})

test('checkpointEpochs: explicit ones sorted and within the training, and the last', () => {
  assert.deepEqual(checkpointEpochs({ type: 'explicit', epochs: [7, 2, 99] }, 8), [2, 7, 8])
})

test('checkpointEpochs: log goes from 1 to the end in equal factors', () => {
  // 1, 100^(1/2), 100
  assert.deepEqual(checkpointEpochs({ type: 'log', count: 3 }, 100), [1, 10, 100])
  assert.deepEqual(checkpointEpochs({ type: 'log', count: 6 }, 3), [1, 2, 3])
  assert.deepEqual(checkpointEpochs({ type: 'log', count: 1 }, 9), [1, 9])
})
