import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import type { OptimizerSpec } from '../../src/tensor/optimizers.js'
import { createTrainer, type Trainer } from '../../src/tensor/trainer.js'
import { cnn, makeBatches, makeExamples, mlp, openTestEngine } from './helpers.js'
import { testStates } from './state-cases.js'

const engine = await openTestEngine()
testStates(engine)

const normalized: Architecture = {
  inputShape: [6],
  layers: [
    { type: 'dense', units: 5, activation: 'linear', bias: false },
    { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5, activation: 'relu' },
    { type: 'dense', units: 3, activation: 'linear' }
  ]
}
const adam: OptimizerSpec = { type: 'adam' }
const batches = makeBatches(40, 16, 8)

interface Both { network: Network, trainer: Trainer }

function make (architecture: Architecture, mode: 'compiled' | 'eager' = 'compiled', optimizer = adam): Both {
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  return { network, trainer: createTrainer(engine, network, { ...makeExamples(architecture), optimizer, batchSize: 16, mode }) }
}

function dispose ({ network, trainer }: Both): void {
  trainer.dispose()
  network.dispose()
}

/** The weights as save() gives them, flat. */
function saved (network: Network): Float32Array {
  const arrays = network.save()
  return Float32Array.from(network.parameters.flatMap(({ name }) => [...arrays[name]!.data]))
}

/** Another network's weights, in shared memory. */
function makeTarget (architecture: Architecture): Float32Array {
  const network = createNetwork(engine, architecture, openStream(4, 'target'))
  const weights = saved(network)
  network.dispose()
  const target = new Float32Array(new SharedArrayBuffer(weights.byteLength))
  target.set(weights)
  return target
}

function statistics (network: Network): unknown[] {
  const arrays = network.save()
  return network.statistics.map(({ name }) => arrays[name])
}

for (const [name, architecture] of Object.entries({ MLP: mlp, CNN: cnn, 'batch-norm': normalized })) {
  test(`mix, ${name}: weights become w - strength (w - target) to the bit, slots and statistics stay`, () => {
    const { network, trainer } = make(architecture)
    const target = makeTarget(architecture)
    for (const batch of batches.slice(0, 3)) trainer.step(batch, 0.01)
    const [before, slots, kept] = [saved(network), trainer.save(), statistics(network)]
    trainer.mix(target, 0.3)
    const s = Math.fround(0.3)
    assert.deepEqual(saved(network), before.map((w, i) => w - Math.fround(s * Math.fround(w - target[i]!))))
    assert.deepEqual([trainer.save(), statistics(network)], [slots, kept])
    dispose({ network, trainer })
  })

  test(`mix, ${name}: compiled is eager to the bit, on its own and between steps`, () => {
    const target = makeTarget(architecture)
    const run = (mode: 'compiled' | 'eager') => {
      const both = make(architecture, mode)
      both.trainer.mix(target, 0.5) // before any step
      const losses = batches.map((batch, i) => {
        if (i % 2 === 1) both.trainer.mix(target, 0.1)
        return both.trainer.step(batch, 0.01)
      })
      const end = { losses, weights: both.network.save(), slots: both.trainer.save() }
      dispose(both)
      return end
    }
    assert.deepEqual(run('compiled'), run('eager'))
  })

  test(`mix, ${name}: training goes on as that of a trainer that was loaded with those weights`, () => {
    const target = makeTarget(architecture)
    const mixed = make(architecture)
    const loaded = make(architecture)
    for (const { trainer } of [mixed, loaded]) for (const batch of batches.slice(0, 3)) trainer.step(batch, 0.01)
    mixed.trainer.mix(target, 0.3)
    const s = Math.fround(0.3)
    const arrays = loaded.network.save()
    let at = 0
    for (const { name } of loaded.network.parameters) {
      const { data } = arrays[name]!
      data.forEach((w, i) => { data[i] = w - Math.fround(s * Math.fround(w - target[at++]!)) })
    }
    loaded.network.load(arrays)
    const [a, b] = [mixed, loaded].map(({ network, trainer }) => {
      const losses = batches.slice(3).map(batch => trainer.step(batch, 0.01))
      return { losses, weights: network.save(), slots: trainer.save() }
    })
    assert.deepEqual(a, b)
    for (const both of [mixed, loaded]) dispose(both)
  })
}

for (const mode of ['compiled', 'eager'] as const) {
  test(`readWeights, ${mode}: gives the newest weights into shared memory, before, between and after steps`, () => {
    const { network, trainer } = make(cnn, mode)
    const size = saved(network).length
    const into = new Float32Array(new SharedArrayBuffer(4 * size))
    trainer.readWeights(into)
    assert.deepEqual(Float32Array.from(into), saved(network))
    for (const batch of [batches[0]!, batches[1]!, batches[2]!.subarray(0, 7)]) {
      const before = Float32Array.from(into)
      trainer.step(batch, 0.1)
      trainer.readWeights(into)
      assert.notDeepEqual(Float32Array.from(into), before)
      assert.deepEqual(Float32Array.from(into), saved(network))
    }
    network.load(make(cnn).network.save())
    trainer.readWeights(into)
    assert.deepEqual(Float32Array.from(into), saved(network))
    dispose({ network, trainer })
  })
}

test('mix, readWeights: what others have read and mixed leaves no tensor behind', () => {
  const both = make(mlp)
  const target = makeTarget(mlp)
  const round = () => {
    both.trainer.step(batches[0]!, 0.01)
    both.trainer.mix(target, 0.1)
    both.trainer.readWeights(target)
  }
  round()
  const count = engine.tensorCount()
  for (let i = 0; i < 10; i++) round()
  assert.equal(engine.tensorCount(), count)
  dispose(both)
})

test('mix, readWeights: arrays of another length are refused, with both lengths', () => {
  const both = make(mlp)
  const size = saved(both.network).length
  const tooLong = new Float32Array(size + 1)
  const message = { code: 'invalid_input', message: new RegExp(`target must be a Float32Array of the ${size} weights, got Float32Array of ${size + 1}`) }
  assert.throws(() => { both.trainer.mix(tooLong, 0.5) }, message)
  assert.throws(() => { both.trainer.readWeights(tooLong) }, { code: 'invalid_input', message: /into must be/ })
  dispose(both)
})
