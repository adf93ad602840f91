/** How far and how hard a network is attacked, and what that is in work. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { checkedRadius, effortOf, reachOf } from '../../../src/algorithms/adversarial-bias/network/adversary.js'
import { countsOf } from '../../../src/algorithms/adversarial-bias/network/data.js'
import type { NetworkProblem } from '../../../src/algorithms/adversarial-bias/network/spec.js'
import { createStopwatch } from '../../../src/algorithms/adversarial-bias/network/stopwatch.js'
import { workOf } from '../../../src/algorithms/adversarial-bias/network/work.js'

test('reachOf: the radius grows evenly over the warm-up, which may end within an epoch', () => {
  const places = [[0, 0], [0, 0.5], [1, 0], [1, 0.5], [2, 0.25]] as const
  const reach = (warmup: number) => places.map(([epoch, within]) => reachOf({ warmup }, epoch, within))
  assert.deepEqual(reach(0), [1, 1, 1, 1, 1])
  assert.deepEqual(reach(2), [0, 0.25, 0.5, 0.75, 1])
  assert.deepEqual(reach(0.5), [0, 1, 1, 1, 1])
})

test('checkedRadius: nearest to the training’s and above 0, the smaller of two as near', () => {
  assert.deepEqual([0.2, 0, 0.15, 9].map(radius => checkedRadius([0, 0.1, 0.2, 0.3], radius)), [0.2, 0.1, 0.1, 0.3])
  assert.equal(checkedRadius([0], 0.2), undefined)
})

test('workOf: all is the steps, and every pass, attack and check in steps of as many gradients', () => {
  const evaluation = { radii: [0, 0.1, 0.2], examples: 50, steps: 6, restarts: 3 }
  const problem = { epochs: 2, batchSize: 10, attack: { steps: 4 }, evaluation, trainExamples: 100 } as unknown as NetworkProblem
  const counts = countsOf(problem, { trainCount: 1000, testCount: 30 })
  assert.deepEqual(counts, { train: 100, test: 30, attacked: 30 })
  assert.deepEqual([effortOf(evaluation, 'epoch', 0.1), effortOf(evaluation, 'end', 0.1), effortOf(evaluation, 'end', 0)],
    [{ steps: 2, restarts: 1 }, { steps: 6, restarts: 3 }, { steps: 0, restarts: 0 }])
  // a step has 10 (1 + 4) gradients; a look at 30 examples is 30 of them
  const look = 30 / 50
  const all = 2 * (10 + 130 / 3 / 50 + look * (1 + 2 * (1 + 3))) + look * (1 + 2 * (1 + 21)) + 2 * look * (1 + 21)
  assert.equal(workOf(problem, { radius: { type: 'absolute', value: 0.1 } }, counts).all, Math.round(all))
  // clean steps have 10 gradients
  assert.equal(workOf(problem, { radius: { type: 'none' } }, counts).all, Math.round(20 + 5 * (all - 20)))
})

test('createStopwatch: the median step, from call to call, whatever comes between', () => {
  let now = 0
  const stopwatch = createStopwatch(() => now)
  const lap = (seconds: number) => {
    now += seconds
    stopwatch.lap()
  }
  for (const seconds of [100, 2, 2, 50, 2]) lap(seconds)
  assert.equal(stopwatch.read(), 2)
  lap(1000)
  assert.equal(stopwatch.read(), undefined)
})
