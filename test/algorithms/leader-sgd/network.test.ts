import assert from 'node:assert/strict'
import test from 'node:test'
import { createBatches } from '../../../src/algorithms/leader-sgd/problems/batches.js'
import { createNetworkLearning, type NetworkOptions } from '../../../src/algorithms/leader-sgd/problems/network.js'
import { createNetworkMeasuring } from '../../../src/algorithms/leader-sgd/problems/network-measuring.js'
import { examplesOf, type NetworkTask } from '../../../src/algorithms/leader-sgd/problems/network-task.js'
import { cnn7 } from '../../../src/algorithms/leader-sgd/preset-networks.js'
import { architectureOf } from '../../../src/algorithms/kit/network.js'
import { meanLoss } from '../../../src/algorithms/kit/passes.js'
import { openStream } from '../../../src/math/random.js'
import { parameterCount, type Architecture } from '../../../src/tensor/architecture.js'
import { evaluate } from '../../../src/tensor/evaluate.js'
import { createNetwork } from '../../../src/tensor/network.js'
import { reestimateStatistics } from '../../../src/tensor/statistics.js'
import { createTrainer } from '../../../src/tensor/trainer.js'
import { makeExamples, openTestEngine } from '../../tensor/helpers.js'

const engine = await openTestEngine()
const random = (purpose: string, ...keys: number[]) => openStream(5, purpose, ...keys)

const architecture: Architecture = {
  inputShape: [5, 4, 1],
  layers: [
    { type: 'conv', filters: 3, kernel: 2, stride: 1, padding: 'same', activation: 'linear', bias: false },
    { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5, activation: 'relu' },
    { type: 'flatten' },
    { type: 'dropout', rate: 0.3 },
    { type: 'dense', units: 3, activation: 'linear' }
  ]
}
const { data: { inputs }, target, preprocessing } = makeExamples(architecture, { count: 40 })
const part = (from: number, to: number) =>
  ({ inputs: inputs.subarray(from * 20, to * 20), labels: target.subarray(from, to), count: to - from })
const task: NetworkTask = { architecture, preprocessing, train: part(0, 23), heldOut: part(23, 30), test: part(30, 40) }
const options: NetworkOptions = {
  task,
  problem: { batchSize: 4, share: 'sharded', augmentation: { cropPadding: 1, flip: true } },
  descent: { rate: (worker, step) => 0.05 * (worker + 1) / (step + 1), momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  workers: 3,
  startOf: worker => worker,
  criterion: { type: 'held-out', examples: 7 },
  random
}

test('createNetworkLearning: workers that share a trainer in uneven spans train as trainers of their own, batch by batch', () => {
  const learning = createNetworkLearning(engine, options)
  const states = [0, 1, 2].map(() => learning.room(learning.size, true))
  const losses = states.map(() => new Float64Array(9))
  states.forEach((state, worker) => { learning.begin(worker, state) })
  for (const [from, to] of [[0, 1], [1, 5], [5, 5], [5, 9]] as const) {
    states.forEach((state, worker) => {
      learning.advance(state, { worker, from, count: to - from }, [], losses[worker]!.subarray(from, to))
    })
  }
  const batchOf = createBatches({ count: 23, workers: 3, batchSize: 4, share: 'sharded', random })
  for (const [worker, state] of states.entries()) {
    const network = createNetwork(engine, architecture, random('init', worker))
    const trainer = createTrainer(engine, network, {
      ...examplesOf(task, task.train),
      optimizer: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
      batchSize: 4,
      augmentation: { cropPadding: 1, flip: true },
      key: random('key', worker).integer(2 ** 30)
    })
    const own = Array.from(losses[worker]!, (_, step) => trainer.step(batchOf(worker, step).slice(), 0.05 * (worker + 1) / (step + 1)))
    assert.deepEqual([...losses[worker]!], own)
    const end = new Float32Array(learning.size)
    trainer.readState(end)
    assert.deepEqual(Float32Array.from(state), end)
    trainer.dispose()
    network.dispose()
  }
  learning.dispose()
})

test('createNetworkLearning: pulls come after every step, one after the other, on the weights alone', () => {
  const learning = createNetworkLearning(engine, options)
  const { weights } = learning
  const room = () => learning.room(learning.size)
  const [pulled, plain, first, second] = [room(), room(), room(), room()]
  for (const state of [pulled, plain]) learning.begin(0, state)
  learning.begin(1, first)
  learning.begin(2, second)
  const losses = new Float64Array(1)
  for (const from of [0, 1]) {
    learning.advance(pulled, { worker: 0, from, count: 1 }, [{ target: first, strength: 0.3 }, { target: second, strength: 0.1 }], losses)
    learning.advance(plain, { worker: 0, from, count: 1 }, [], losses)
    for (const [target, strength] of [[first, 0.3], [second, 0.1]] as const) {
      for (let i = 0; i < weights; i++) plain[i] = plain[i]! - Math.fround(Math.fround(strength) * Math.fround(plain[i]! - target[i]!))
    }
  }
  assert.deepEqual(pulled, plain)
  assert.notEqual(pulled[learning.velocities!], 0)
  learning.dispose()
})

test('createNetworkLearning: the mean of all after a step from one place is a step on all of their examples', () => {
  const plain: NetworkTask = {
    ...task, architecture: { ...architecture, layers: [{ type: 'flatten' }, { type: 'dense', units: 3, activation: 'linear' }] }
  }
  const rate = () => 0.1
  const learning = createNetworkLearning(engine, {
    ...options, task: plain, problem: { batchSize: 4, share: 'sharded' }, startOf: () => 0, descent: { ...options.descent, rate }
  })
  const network = createNetwork(engine, plain.architecture, random('init', 0))
  const trainer = createTrainer(engine, network, {
    ...examplesOf(plain, plain.train), optimizer: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 }, batchSize: 12
  })
  const mean = learning.room(learning.size)
  const whole = learning.room(learning.size)
  learning.begin(0, mean)
  const batchOf = createBatches({ count: 23, workers: 3, batchSize: 4, share: 'sharded', random })
  for (const from of [0, 1, 2]) {
    const states = [0, 1, 2].map(worker => {
      const state = mean.slice()
      learning.advance(state, { worker, from, count: 1 }, [], new Float64Array(1))
      return state
    })
    mean.forEach((_, i) => { mean[i] = states.reduce((sum, state) => sum + state[i]!, 0) / 3 })
    trainer.step(Int32Array.from([0, 1, 2].flatMap(worker => [...batchOf(worker, from)])), 0.1)
    trainer.readState(whole)
    mean.forEach((value, i) => { assert.ok(Math.abs(value - whole[i]!) < 1e-5, `${i}: ${value} for ${whole[i]}`) }) // float32
  }
  for (const each of [learning, trainer, network]) each.dispose()
})

test('createNetworkLearning: sizes, first weights that are shared, the criteria', () => {
  const shared = createNetworkLearning(engine, { ...options, startOf: () => 0, descent: { ...options.descent, momentum: 0 } })
  assert.deepEqual([shared.size - shared.weights, shared.velocities], [6, undefined])
  const [a, b] = [shared.room(shared.size), shared.room(shared.size)]
  shared.begin(0, a)
  shared.begin(2, b)
  assert.deepEqual(a, b)
  const network = createNetwork(engine, architecture, random('init', 0))
  const meanOver = (split: typeof task.test) => meanLoss(evaluate(engine, network, examplesOf(task, split)))
  assert.equal(shared.criterion(a, { worker: 0, step: 0 }), meanOver(task.heldOut))
  const exact = createNetworkLearning(engine, { ...options, criterion: { type: 'exact' } })
  assert.equal(exact.criterion(a, { worker: 0, step: 0 }), meanOver(task.train))
  for (const each of [shared, exact, network]) each.dispose()
})

test('createNetworkMeasuring: test loss, mistakes and statistics found anew are those of the network, whatever follows in a state', () => {
  const measuring = createNetworkMeasuring(engine, options)
  const network = createNetwork(engine, architecture, random('init', 1))
  const learning = createNetworkLearning(engine, options)
  const state = learning.room(learning.size + 5)
  learning.begin(1, state.subarray(0, learning.size))
  state.fill(7, learning.size)
  const check = (state: Float32Array) => {
    const { losses, predictions } = evaluate(engine, network, examplesOf(task, task.test))
    const mistakes = [...predictions.keys()].filter(i => predictions[i] !== task.test.labels[i])
    assert.deepEqual(drain(measuring.measure(state)), { loss: meanLoss({ losses }), error: mistakes.length / 10, mistakes })
    assert.deepEqual(measuring.arrays!(state), network.save())
  }
  check(state)
  reestimateStatistics(engine, network, examplesOf(task, task.train), 4)
  const found = drain(measuring.reestimate!(state))
  assert.notDeepEqual(found, state)
  assert.deepEqual(found.slice(0, learning.weights), state.slice(0, learning.weights))
  check(found)
  for (const each of [measuring, network, learning]) each.dispose()
})

test('createNetworkLearning, createNetworkMeasuring: leave no tensor behind', () => {
  const before = engine.tensorCount()
  const learning = createNetworkLearning(engine, options)
  const measuring = createNetworkMeasuring(engine, options)
  const state = learning.room(learning.size)
  learning.begin(0, state)
  learning.advance(state, { worker: 0, from: 0, count: 2 }, [{ target: state.slice(), strength: 0.1 }], new Float64Array(2))
  learning.criterion(state, { worker: 0, step: 2 })
  drain(measuring.measure(drain(measuring.reestimate!(state))))
  learning.dispose()
  measuring.dispose()
  assert.equal(engine.tensorCount(), before)
})

test('cnn7: of 28 x 28 pictures flattens the paper’s 256 numbers', () => {
  const names = Array.from({ length: 10 }, (_, i) => String(i))
  const made = architectureOf(cnn7, { inputs: { type: 'image', shape: [28, 28, 3], dtype: 'uint8' }, target: { type: 'classes', names } })
  const convolutions = 5 * 5 * 3 * 64 + 64 + 5 * 5 * 64 * 128 + 128 + 3 * 3 * 128 * 64 + 64
  assert.equal(parameterCount(made), convolutions + 256 * 256 + 256 + 256 * 10 + 10)
})

function drain<T> (parts: Generator<void, T>): T {
  for (;;) {
    const { done, value } = parts.next()
    if (done) return value
  }
}
