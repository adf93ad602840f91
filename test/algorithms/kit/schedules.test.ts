import assert from 'node:assert/strict'
import test from 'node:test'
import type { Descent } from '../../../src/algorithms/contract.js'
import { checkpointEpochs, countedCheckpoints, weighCheckpoints } from '../../../src/algorithms/kit/checkpoints.js'
import { rateAt, sumRates, type Schedule } from '../../../src/algorithms/kit/schedule.js'

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

test('checkpointEpochs: even intervals are of one length, at most one an epoch', () => {
  assert.deepEqual(checkpointEpochs({ type: 'even', count: 3 }, 12), [4, 8, 12])
  assert.deepEqual(checkpointEpochs({ type: 'even', count: 9 }, 3), [1, 2, 3])
  assert.deepEqual(checkpointEpochs({ type: 'even', count: 3, at: 'start' }, 12), [0, 4, 8, 12], 'the last is stored: it answers')
})

test('countedCheckpoints: intervals follow each other; a checkpoint stands at the end of its own or at its start', () => {
  const everyFour = { type: 'every' as const, epochs: 4 }
  assert.deepEqual(countedCheckpoints(everyFour, 10), [{ epoch: 4, from: 0, to: 4 }, { epoch: 8, from: 4, to: 8 }])
  assert.deepEqual(countedCheckpoints({ ...everyFour, at: 'start' }, 10), [{ epoch: 0, from: 0, to: 4 }, { epoch: 4, from: 4, to: 8 }])
  assert.deepEqual(countedCheckpoints({ type: 'even', count: 2 }, 10).map(({ to }) => to), [5, 10])
})

const descents: Exclude<Descent, { type: 'other' }>[] = [
  { type: 'sgd', momentum: 0 }, { type: 'sgd', momentum: 0.8 }, { type: 'adam', beta1: 0.7, beta2: 0.99, epsilon: 1e-8 }
]

for (const descent of descents) {
  test(`sumRates: how far a gradient of 1 at each step moves a weight until the end, replayed (${JSON.stringify(descent)})`, () => {
    const steps = 23
    const rate = (step: number) => 0.3 / (1 + step) + (step % 5) / 10
    // Each step's gradient alone, through the recursion of the optimizer itself (Adam's with D = 1).
    const moved = Array.from({ length: steps }, (_, own) => {
      let [velocity, weight] = [0, 0]
      for (let step = 0; step < steps; step++) {
        const gradient = step === own ? 1 : 0
        if (descent.type === 'sgd') velocity = descent.momentum * velocity + gradient
        else velocity = descent.beta1 * velocity + (1 - descent.beta1) * gradient
        weight -= rate(step) * velocity / (descent.type === 'sgd' ? 1 : 1 - descent.beta1 ** (step + 1))
      }
      return -weight
    })
    const ends = [4, 5, 17]
    const expected = [[0, 4], [4, 5], [5, 17]].map(([from, to]) => moved.slice(from, to).reduce((a, b) => a + b, 0))
    sumRates(rate, steps, { ends, descent }).forEach((sum, i) => assert.ok(Math.abs(sum - expected[i]!) < 1e-12, `${sum} is not ${expected[i]}`))
  })
}

test('weighCheckpoints: an interval counts its rates over the examples, whatever the sizes of batches; the paper’s weight is the rate there', () => {
  const training = {
    epochs: 6, perEpoch: 4, examples: 50, descent: { type: 'sgd' as const, momentum: 0 }, rate: (epoch: number) => epoch < 3 ? 0.2 : 0.1
  }
  // 3 epochs of 4 steps: 12 x 0.2 / 50 = 0.048; half of it at half the rate
  const weighed = weighCheckpoints({ type: 'even', count: 2 }, training)
  const places = weighed.map(({ epoch, learningRate, interval: { from, to } }) => [epoch, learningRate, from, to])
  assert.deepEqual(places, [[3, 0.2, 0, 12], [6, 0.1, 12, 24]])
  weighed.forEach(({ interval: { weight } }, i) => assert.ok(Math.abs(weight - [0.048, 0.024][i]!) < 1e-15))
  assert.deepEqual(weighCheckpoints({ type: 'even', count: 2, at: 'start' }, training).map(({ epoch, learningRate }) => [epoch, learningRate]), [[0, 0.2], [3, 0.1]])
  const log = weighCheckpoints({ type: 'explicit', epochs: [1, 6] }, { ...training, rate: () => 0.1 })
  assert.deepEqual(log.map(({ interval }) => Math.round(interval.weight * 1e6)), [8000, 40000], 'unequal intervals count by their length')
})
