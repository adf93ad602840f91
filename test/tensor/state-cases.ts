/** One trainer that trains many workers in turn: the tests of readState and writeState, for both backends. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import type { Engine } from '../../src/tensor/engine.js'
import { createNetwork } from '../../src/tensor/network.js'
import type { OptimizerSpec } from '../../src/tensor/optimizers.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { makeBatches, makeExamples } from './helpers.js'

/** Statistics of batches, something random in every step, and pictures that are moved. */
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
const momentum: OptimizerSpec = { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 }

function inSharedMemory (numbers: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(numbers.byteLength))
  copy.set(numbers)
  return copy
}

export function testStates (engine: Engine): void {
  const workers = 3
  const at = engine.backend
  const examples = makeExamples(architecture)
  /** of every worker: the last batch is a smaller one, whose step is prepared when it comes */
  const batches = Array.from({ length: workers }, (_, worker) => [...makeBatches(40, 8, 6), makeBatches(40, 5 + worker, 1)[0]!])

  function make (worker: number, optimizer: OptimizerSpec, mode: 'compiled' | 'eager') {
    const network = createNetwork(engine, architecture, openStream(3, 'init', worker))
    const trainer = createTrainer(engine, network, {
      ...examples, optimizer, mode, batchSize: 8, key: worker, augmentation: { cropPadding: 1, flip: true }
    })
    const { weights, statistics, slots } = trainer.stateSizes
    const state = inSharedMemory(new Float32Array(weights + statistics + slots))
    return { network, trainer, state, dispose () { trainer.dispose(); network.dispose() } }
  }

  for (const [name, optimizer] of [['momentum', momentum], ['Adam', { type: 'adam' }]] as const) {
    for (const mode of ['compiled', 'eager'] as const) {
      test(`writeState on ${at}, ${name}, ${mode}: a trainer that trains three workers in turn trains each as one of its own, to the bit`, () => {
        const all = Array.from({ length: workers }, (_, worker) => make(worker, optimizer, mode))
        for (const { trainer, state } of all) trainer.readState(state)
        const losses: number[][] = all.map(() => [])
        const one = make(9, optimizer, mode)
        const shared = all.map(({ state }) => inSharedMemory(state))
        const spans = [[0, 1], [1, 3], [3, 6], [6, 7]] as const
        for (const [from, to] of spans) {
          for (const [worker, state] of shared.entries()) {
            one.trainer.writeState(state, { steps: from, key: worker })
            for (const batch of batches[worker]!.slice(from, to)) losses[worker]!.push(one.trainer.step(batch, 0.05))
            one.trainer.readState(state)
          }
        }
        for (const [worker, { network, trainer, state }] of all.entries()) {
          assert.deepEqual(losses[worker], batches[worker]!.map(batch => trainer.step(batch, 0.05)))
          trainer.readState(state)
          assert.deepEqual(shared[worker], state)
          one.trainer.writeState(state, { steps: 7, key: worker })
          assert.deepEqual(one.network.save(), network.save())
          assert.deepEqual(one.trainer.save(), trainer.save())
        }
        assert.equal(new Set(losses.flat()).size, 21, 'all of it moves')
        for (const each of [one, ...all]) each.dispose()
      })
    }
  }

  test(`readState on ${at}: weights as readWeights() gives them, then statistics, then the velocities of the weights`, () => {
    const { network, trainer, state, dispose } = make(0, momentum, 'compiled')
    for (const batch of batches[0]!) trainer.step(batch, 0.05)
    trainer.readState(state)
    const { weights, statistics, slots } = trainer.stateSizes
    const plain = new Float32Array(weights)
    trainer.readWeights(plain)
    assert.deepEqual(state.slice(0, weights), plain)
    const arrays = network.save()
    assert.deepEqual([...state.slice(weights, weights + statistics)], network.statistics.flatMap(({ name }) => [...arrays[name]!.data]))
    const remembered = trainer.save()
    assert.deepEqual([...state.slice(weights + statistics)], network.parameters.flatMap(({ name }) =>
      [...remembered[`${name}.momentum`]!.data]))
    assert.deepEqual([statistics, slots], [6, weights])
    dispose()
  })

  test(`writeState on ${at}: leaves no tensor behind, and refuses a state of another length`, () => {
    const { trainer, state, dispose } = make(0, momentum, 'compiled')
    trainer.readState(state)
    const round = () => {
      trainer.writeState(state, { steps: 2, key: 1 })
      trainer.step(batches[0]![0]!, 0.05)
      trainer.readState(state)
    }
    round()
    const count = engine.tensorCount()
    for (let i = 0; i < 5; i++) round()
    assert.equal(engine.tensorCount(), count)
    assert.throws(() => { trainer.writeState(state.subarray(1), { steps: 0, key: 0 }) }, {
      code: 'invalid_input', message: new RegExp(`state must be a Float32Array of the ${state.length} numbers of a state, got Float32Array of ${state.length - 1}`)
    })
    assert.throws(() => { trainer.readState(state.subarray(1)) }, { code: 'invalid_input', message: /into must be/ })
    dispose()
  })
}
