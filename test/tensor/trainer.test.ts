import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { NamedArrays } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { createMlp } from '../helpers/exact-mlp.js'
import { createAttack, createPerturb, type Perturb } from '../../src/tensor/attack.js'
import { createNetwork } from '../../src/tensor/network.js'
import type { OptimizerSpec } from '../../src/tensor/optimizers.js'
import { createTrainer, type TrainerOptions } from '../../src/tensor/trainer.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { cnn, flatten, makeBatches, makeExamples, mlp, openTestEngine } from './helpers.js'

const engine = await openTestEngine()

const optimizers: Record<string, OptimizerSpec> = {
  SGD: { type: 'sgd' },
  'SGD with weight decay': { type: 'sgd', weightDecay: 0.01 },
  momentum: { type: 'sgd', momentum: 0.9 },
  Nesterov: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  Adam: { type: 'adam' },
  AdamW: { type: 'adamw', weightDecay: 0.1 },
  LARS: { type: 'lars', trust: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  'clipped gradients': { type: 'sgd', momentum: 0.9, clipNorm: 0.5 }
}

interface Run { losses: number[], weights: NamedArrays, slots: NamedArrays }

/** Trains from the same weights on the given batches, with a rate that changes from step to step. */
function train (architecture: Architecture, batches: Int32Array[], options: Partial<TrainerOptions> = {}): Run {
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  const trainer = createTrainer(engine, network, {
    ...makeExamples(architecture), optimizer: { type: 'sgd' }, batchSize: batches[0]!.length, ...options
  })
  const losses = batches.map((batch, step) => trainer.step(batch, 0.02 / (1 + step / 10)))
  const result = { losses, weights: network.save(), slots: trainer.save() }
  trainer.dispose()
  network.dispose()
  return result
}

for (const [name, architecture] of Object.entries({ MLP: mlp, CNN: cnn })) {
  for (const [title, optimizer] of Object.entries(optimizers)) {
    test(`createTrainer: 50 compiled steps of the ${name} with ${title} are those of the eager run, bit for bit`, () => {
      const batches = makeBatches(40, 16, 50)
      const compiled = train(architecture, batches, { optimizer })
      const eager = train(architecture, batches, { optimizer, mode: 'eager' })
      assert.equal(new Set(compiled.losses).size, 50) // both standing still would be equal too
      assert.deepEqual(compiled, eager)
    })
  }
}

test('step: one step of SGD is w - rate times the gradient of the Float64 network, plus the decay', () => {
  const architecture: Architecture = {
    inputShape: [4],
    layers: [{ type: 'dense', units: 5, activation: 'tanh' }, { type: 'dense', units: 3, activation: 'linear' }]
  }
  const examples = makeExamples(architecture, { type: 'float32', count: 6 })
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  const before = flatten(network.save())
  const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd', weightDecay: 0.1 }, batchSize: 3 })
  const loss = trainer.step(Int32Array.of(5, 0, 2), 0.5)
  const after = flatten(network.save())

  const exact = createMlp({ sizes: [4, 5, 3], activation: 'tanh' })
  const gradient = new Float64Array(exact.parameterCount)
  const { data: { inputs }, target: labels } = examples
  const sum = [5, 0, 2].reduce((total, index) =>
    total + exact.addGradient(before, inputs.subarray(index * 4, index * 4 + 4), labels[index]!, gradient), 0)
  assert.ok(Math.abs(loss - sum / 3) < 1e-6) // float32
  for (const [i, weight] of before.entries()) {
    assert.ok(Math.abs(after[i]! - (weight - 0.5 * (gradient[i]! / 3 + 0.1 * weight))) < 1e-6)
  }
  trainer.dispose()
  network.dispose()
})

test('step: two steps of Adam are those of Kingma and Ba', () => {
  const architecture: Architecture = { inputShape: [3], layers: [{ type: 'dense', units: 2, activation: 'linear' }] }
  const examples = makeExamples(architecture, { type: 'float32', count: 4 })
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  const weights = flatten(network.save())
  const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'adam', epsilon: 1e-3 }, batchSize: 4 })
  const exact = createMlp({ sizes: [3, 2], activation: 'tanh' })
  const m = weights.map(() => 0)
  const v = weights.map(() => 0)
  for (const t of [1, 2]) {
    trainer.step(Int32Array.of(0, 1, 2, 3), 0.1)
    const gradient = new Float64Array(exact.parameterCount)
    for (let i = 0; i < 4; i++) {
      exact.addGradient(weights, examples.data.inputs.subarray(i * 3, i * 3 + 3), examples.target[i]!, gradient)
    }
    for (const [i, sum] of gradient.entries()) {
      const g = sum / 4
      m[i] = 0.9 * m[i]! + 0.1 * g
      v[i] = 0.999 * v[i]! + 0.001 * g * g
      weights[i]! -= 0.1 * (m[i]! / (1 - 0.9 ** t)) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-3)
    }
  }
  // 1 - 0.999 in float32 is off by 1e-5 of itself, and so is v.
  flatten(network.save()).forEach((weight, i) => assert.ok(Math.abs(weight - weights[i]!) < 1e-5))
  trainer.dispose()
  network.dispose()
})

/** Steps of a linear network on its four examples beside a formula of the Float64 network's gradients. */
function checkSteps (
  optimizer: OptimizerSpec, rate: number, update: (weights: Float64Array, gradient: Float64Array, step: number) => void
): void {
  const architecture: Architecture = { inputShape: [3], layers: [{ type: 'dense', units: 2, activation: 'linear' }] }
  const examples = makeExamples(architecture, { type: 'float32', count: 4 })
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  const weights = flatten(network.save())
  const trainer = createTrainer(engine, network, { ...examples, optimizer, batchSize: 4 })
  const exact = createMlp({ sizes: [3, 2], activation: 'tanh' })
  for (let step = 1; step <= 3; step++) {
    trainer.step(Int32Array.of(0, 1, 2, 3), rate)
    const gradient = new Float64Array(exact.parameterCount)
    for (let i = 0; i < 4; i++) {
      exact.addGradient(weights, examples.data.inputs.subarray(i * 3, i * 3 + 3), examples.target[i]!, gradient)
    }
    update(weights, gradient.map(sum => sum / 4), step)
    flatten(network.save()).forEach((weight, i) => assert.ok(Math.abs(weight - weights[i]!) < 1e-5, `${weight} for ${weights[i]}`))
  }
  trainer.dispose()
  network.dispose()
}

test('step: AdamW shrinks the weights by rate and decay before the step of Adam', () => {
  const [m, v] = [new Float64Array(8), new Float64Array(8)]
  checkSteps({ type: 'adamw', epsilon: 1e-3, weightDecay: 0.5 }, 0.1, (weights, gradient, t) => {
    for (const [i, g] of gradient.entries()) {
      m[i] = 0.9 * m[i]! + 0.1 * g
      v[i] = 0.999 * v[i]! + 0.001 * g * g
      weights[i] = weights[i]! * (1 - 0.1 * 0.5) - 0.1 * (m[i]! / (1 - 0.9 ** t)) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-3)
    }
  })
})

test('step: LARS takes its rate from the lengths of each array and its gradient; an array of zeros descends plainly', () => {
  const [trust, decay, momentum] = [0.02, 0.1, 0.9]
  const a = new Float64Array(8)
  const length = (values: Float64Array) => Math.hypot(...values)
  checkSteps({ type: 'lars', trust, momentum, weightDecay: decay }, 0.5, (weights, gradient, step) => {
    for (const [from, to] of [[0, 6], [6, 8]]) { // the weight, the bias
      const [w, g] = [weights.subarray(from, to), gradient.subarray(from, to)]
      const isZero = length(w) === 0
      assert.equal(isZero, step === 1 && from === 6)
      const lambda = isZero ? 1 : trust * length(w) / (length(g) + decay * length(w))
      for (let i = from!; i < to!; i++) a[i] = momentum * a[i]! + lambda * (gradient[i]! + decay * weights[i]!)
    }
    for (const [i, velocity] of a.entries()) weights[i]! -= 0.5 * velocity
  })
})

test('step: Nesterov’s momentum goes on from where the momentum leads', () => {
  const a = new Float64Array(8)
  checkSteps({ type: 'sgd', momentum: 0.9, nesterov: true }, 0.1, (weights, gradient) => {
    for (const [i, g] of gradient.entries()) {
      a[i] = 0.9 * a[i]! + g
      weights[i]! -= 0.1 * (g + 0.9 * a[i]!)
    }
  })
})

test('step: gradients that are too long together are scaled by one factor, before weight decay; shorter ones are left', () => {
  for (const [clipNorm, isClipped] of [[0.05, true], [1e3, false]] as const) {
    checkSteps({ type: 'sgd', weightDecay: 0.1, clipNorm }, 0.5, (weights, gradient) => {
      const length = Math.hypot(...gradient)
      assert.equal(length > clipNorm, isClipped)
      const factor = isClipped ? clipNorm / length : 1
      for (const [i, g] of gradient.entries()) weights[i]! -= 0.5 * (g * factor + 0.1 * weights[i]!)
    })
  }
  const batches = makeBatches(40, 16, 10)
  const optimizer = { type: 'sgd', momentum: 0.9 } as const
  assert.deepEqual(train(mlp, batches, { optimizer: { ...optimizer, clipNorm: 1e6 } }), train(mlp, batches, { optimizer }))
})

/** Trains by projected gradient steps inside the step, or without. @returns losses, and what withstands an attack */
function trainAgainst (steps: number, mode: 'compiled' | 'eager' = 'compiled') {
  const network = createNetwork(engine, mlp, openStream(3, 'init'))
  const examples = makeExamples(mlp)
  const threat = { norm: 'linf', objective: 'loss' } as const
  const perturb = createPerturb(engine, network, threat, { radius: 0.3, steps, stepSize: 0.1 })
  const trainer = createTrainer(engine, network, {
    ...examples, optimizer: { type: 'adam' }, batchSize: 20, mode, ...(steps > 0 ? { perturb } : {})
  })
  const losses = makeBatches(40, 20, 250).map(batch => trainer.step(batch, 0.01))
  const weights = trainer.save() && network.save()
  trainer.dispose()
  const attack = createAttack(engine, network, { ...examples, ...threat })
  let withstand = 0
  const budget = { radius: 0.3, steps: 20, stepSize: 0.05, restarts: 2, startRadius: 0.3, seed: 1 }
  attack.run(Int32Array.from({ length: 40 }, (_, i) => i), budget, ({ at, attacked }) => {
    attacked.forEach((predicted, i) => { withstand += Number(predicted === examples.target[at + i]) })
  })
  attack.dispose()
  network.dispose()
  return { losses, weights, withstand }
}

test('perturb: adversarial training inside the step is the eager run bit for bit, and what it trains withstands more', () => {
  const robust = trainAgainst(4)
  assert.deepEqual(robust, trainAgainst(4, 'eager'))
  const { withstand } = trainAgainst(0)
  assert.ok(robust.withstand >= withstand + 4, `${robust.withstand} beside ${withstand} of 40`)
})

test('perturb: a step is fed how much of the radius is in force, and compiled once', () => {
  const examples = makeExamples(mlp)
  const batches = makeBatches(40, 20, 3)
  const run = (norm: 'linf' | 'l2', radius: number, { reaches, isClean = false }: { reaches: number[], isClean?: boolean }) => {
    const network = createNetwork(engine, mlp, openStream(3, 'init'))
    let made = 0
    const inner = createPerturb(engine, network, { norm, objective: 'loss' }, { radius, steps: 3, stepSize: radius / 2 })
    const perturb: Perturb = (...given) => {
      made++
      return inner(...given)
    }
    const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'adam' }, batchSize: 20, ...(isClean ? {} : { perturb }) })
    const before = made
    const losses = batches.map((batch, i) => trainer.step(batch, 0.01, reaches[i]))
    assert.equal(made, before, 'no step is made anew')
    const weights = network.save()
    trainer.dispose()
    network.dispose()
    return { losses, weights }
  }
  for (const norm of ['linf', 'l2'] as const) {
    assert.deepEqual(run(norm, 1, { reaches: [0.5, 0.5, 0.5] }), run(norm, 0.5, { reaches: [] }))
    assert.deepEqual(run(norm, 1, { reaches: [0, 0, 0] }), run(norm, 1, { reaches: [], isClean: true }))
    const rising = run(norm, 1, { reaches: [0, 0.5, 1] }).losses
    assert.equal(rising[0], run(norm, 1, { reaches: [], isClean: true }).losses[0])
    assert.ok(rising[2]! > run(norm, 1, { reaches: [0, 0.5, 0.5] }).losses[2]!)
  }
})

test('perturb: the loss is that of the perturbed examples, and no gradient goes through the perturbation', () => {
  const architecture: Architecture = { inputShape: [4], layers: [{ type: 'dense', units: 3, activation: 'linear' }] }
  const examples = makeExamples(architecture, { type: 'float32', count: 6 })
  const run = (options: Partial<TrainerOptions>, inputs = examples.data.inputs) => {
    const network = createNetwork(engine, architecture, openStream(3, 'init'))
    const trainer = createTrainer(engine, network, { ...examples, data: { ...examples.data, inputs }, optimizer: { type: 'sgd' }, batchSize: 6, ...options })
    const result = { loss: trainer.step(Int32Array.of(0, 1, 2, 3, 4, 5), 0.1), weights: network.save() }
    trainer.dispose()
    network.dispose()
    return result
  }
  const shift = (x: Tensor) => engine.tf.add(x, 0.25)
  assert.deepEqual(run({ perturb: shift }), run({}, examples.data.inputs.map(value => Math.fround(value + 0.25))))
})

for (const [title, optimizer] of Object.entries(optimizers)) {
  test(`save and load: going on with ${title} from the saved state is bit for bit the undisturbed run`, () => {
    const batches = makeBatches(40, 16, 20)
    const whole = train(mlp, batches, { optimizer })

    const first = createNetwork(engine, mlp, openStream(3, 'init'))
    const examples = makeExamples(mlp)
    const before = createTrainer(engine, first, { ...examples, optimizer, batchSize: 16 })
    const losses = batches.slice(0, 8).map((batch, step) => before.step(batch, 0.02 / (1 + step / 10)))
    const saved = { weights: first.save(), slots: before.save() }
    before.dispose()
    first.dispose()

    const second = createNetwork(engine, mlp, openStream(99, 'other weights'))
    const after = createTrainer(engine, second, { ...examples, optimizer, batchSize: 16 })
    second.load(saved.weights)
    after.load(saved.slots)
    batches.slice(8).forEach((batch, step) => losses.push(after.step(batch, 0.02 / (1 + (step + 8) / 10))))
    assert.deepEqual({ losses, weights: second.save(), slots: after.save() }, whole)
    after.dispose()
    second.dispose()
  })
}

test('step: a smaller last batch goes between full ones without losing state', () => {
  const sizes = [16, 16, 8, 16, 8, 16]
  const batches = sizes.map((size, i) => makeBatches(40, 16, 6)[i]!.subarray(0, size))
  const optimizer: OptimizerSpec = { type: 'sgd', momentum: 0.9 }
  assert.deepEqual(train(cnn, batches, { optimizer }), train(cnn, batches, { optimizer, mode: 'eager' }))
})

test('load of the network in mid-training: the next step starts from the loaded weights and keeps the slots', () => {
  const batches = makeBatches(40, 16, 4)
  const run = (mode: 'compiled' | 'eager') => {
    const network = createNetwork(engine, mlp, openStream(3, 'init'))
    const start = network.save()
    const trainer = createTrainer(engine, network, { ...makeExamples(mlp), optimizer: optimizers.momentum!, batchSize: 16, mode })
    const losses = [trainer.step(batches[0]!, 0.1), trainer.step(batches[1]!, 0.1)]
    network.load(start)
    losses.push(trainer.step(batches[2]!, 0.1), trainer.step(batches[3]!, 0.1))
    const result = { losses, weights: network.save(), slots: trainer.save() }
    trainer.dispose()
    network.dispose()
    return result
  }
  assert.deepEqual(run('compiled'), run('eager'))
})

test('borrow: two trainers that take turns on one network each go on from what the other left, and keep their slots', () => {
  const batches = makeBatches(40, 16, 6)
  const run = (mode: 'compiled' | 'eager') => {
    const network = createNetwork(engine, mlp, openStream(3, 'init'))
    const trainers = [optimizers.momentum!, optimizers.Adam!].map(optimizer =>
      createTrainer(engine, network, { ...makeExamples(mlp), optimizer, batchSize: 16, mode }))
    const losses = batches.map((batch, i) => trainers[i % 3 === 0 ? 0 : 1]!.step(batch, 0.05))
    const result = { losses, slots: trainers.map(trainer => trainer.save()) }
    for (const trainer of trainers) trainer.dispose()
    const weights = network.save()
    network.dispose()
    return { ...result, weights }
  }
  assert.deepEqual(run('compiled'), run('eager'))
})

test('logits and save: see the newest weights by themselves', () => {
  const network = createNetwork(engine, mlp, openStream(3, 'init'))
  const trainer = createTrainer(engine, network, { ...makeExamples(mlp), optimizer: { type: 'sgd' }, batchSize: 16 })
  const logits = () => engine.tf.tidy(() => network.logits(engine.tf.ones([1, 12])).dataSync())
  const before = logits()
  trainer.step(makeBatches(40, 16, 1)[0]!, 0.1)
  assert.notDeepEqual(logits(), before)
  trainer.dispose()
  network.dispose()
})

test('step: uint8 examples train like the same numbers preprocessed to float32', () => {
  const examples = makeExamples(mlp)
  const { inputs, count } = examples.data
  const prepared = Float32Array.from(inputs, value => (value - 128) / 64) // exact: small integers by a power of 2
  const batches = makeBatches(40, 16, 10)
  assert.deepEqual(
    train(mlp, batches),
    train(mlp, batches, { data: { inputs: prepared, count }, preprocessing: { offset: 0, scale: 1 } })
  )
})

test('step: a data set in shared memory trains as one in its own', () => {
  const { data, target } = makeExamples(mlp)
  const inputs = new Uint8Array(new SharedArrayBuffer(data.inputs.length))
  const shared = new Int32Array(new SharedArrayBuffer(data.count * 4))
  inputs.set(data.inputs)
  shared.set(target)
  const batches = makeBatches(40, 16, 5)
  assert.deepEqual(train(mlp, batches, { data: { inputs, count: data.count }, target: shared }), train(mlp, batches))
})

test('step: a loss that is not finite comes back as it is', () => {
  const { losses } = train(mlp, makeBatches(40, 16, 6), { preprocessing: { offset: 0, scale: 1e38 } })
  assert.ok(losses.some(loss => !Number.isFinite(loss)))
})

test('dispose: steps leave nothing behind, and dispose leaves nothing at all', () => {
  const before = engine.tensorCount()
  const network = createNetwork(engine, cnn, openStream(3, 'init'))
  const trainer = createTrainer(engine, network, { ...makeExamples(cnn), optimizer: { type: 'adam' }, batchSize: 4 })
  const [full, rest] = [Int32Array.of(0, 1, 2, 3), Int32Array.of(4, 5)]
  trainer.step(full, 0.01)
  trainer.step(rest, 0.01)
  network.save()
  const running = engine.tensorCount()
  for (let step = 0; step < 500; step++) trainer.step(step % 50 === 0 ? rest : full, 0.01)
  network.settle()
  assert.equal(engine.tensorCount(), running)
  trainer.dispose()
  network.dispose()
  assert.equal(engine.tensorCount(), before)
})
