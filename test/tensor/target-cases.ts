/**
 * What every head learns from on every backend: its target beside the inputs, whatever brings the batches; run by
 * targets.test.ts and targets-wasm.test.ts.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { FieldArray } from '../../src/datasets/dataset.js'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { generateDataset } from '../../src/datasets/generators/index.js'
import { sizeOf } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { type Architecture } from '../../src/tensor/architecture.js'
import { createFed, createResident, type Examples, type Source } from '../../src/tensor/batches.js'
import { createBlocks } from '../../src/tensor/blocks.js'
import type { Engine } from '../../src/tensor/engine.js'
import { evaluate } from '../../src/tensor/evaluate.js'
import type { Head } from '../../src/tensor/heads/index.js'
import type { LossFunction } from '../../src/tensor/losses.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTensorObjective } from '../../src/tensor/objective.js'
import { createTrainer, type TrainerOptions } from '../../src/tensor/trainer.js'
import { makeBatches } from './helpers.js'

const COUNT = 60

interface Case { architecture: Architecture & { head: Head }, examples: Examples }

const dense = (units: number) => ({ type: 'dense' as const, units, activation: 'linear' as const })
const pixels = { type: 'conv' as const, filters: 3, kernel: 3, stride: 1, padding: 'same' as const, activation: 'linear' as const }

function makeCase (head: Head, target: FieldArray): Case {
  const isMap = head.type === 'class-map'
  const inputShape = isMap ? [4, 5, 2] : [6]
  const stream = openStream(3, 'targets')
  const inputs = isMap
    ? Uint8Array.from({ length: COUNT * sizeOf(inputShape) }, () => stream.integer(256))
    : Float32Array.from({ length: COUNT * sizeOf(inputShape) }, () => stream.normal())
  const units = head.type === 'classes' ? 3 : target.length / COUNT
  return {
    architecture: { inputShape, layers: [isMap ? pixels : dense(units)], head },
    examples: { data: { inputs, count: COUNT }, inputShape, preprocessing: { offset: 0, scale: isMap ? 1 / 255 : 1 }, target }
  }
}

const stream = openStream(4, 'target')
const integers = (length: number, below: number) => Int32Array.from({ length }, () => stream.integer(below))
const cases: Record<string, Case> = {
  classes: makeCase({ type: 'classes' }, integers(COUNT, 3)),
  'binary, one output': makeCase({ type: 'binary' }, integers(COUNT, 2)),
  'binary, bytes of two outputs': makeCase({ type: 'binary' }, Uint8Array.from(integers(COUNT * 2, 2))),
  'values, one': makeCase({ type: 'values', loss: 'squared' }, Float32Array.from({ length: COUNT }, () => stream.normal())),
  'values, two': makeCase({ type: 'values', loss: 'huber' }, Float32Array.from({ length: COUNT * 2 }, () => stream.normal())),
  'class map, bytes': makeCase({ type: 'class-map' }, Uint8Array.from(integers(COUNT * 20, 4), label => label === 3 ? UNLABELLED : label))
}

/** Losses of some steps and the weights after them. */
function train (engine: Engine, { architecture, examples }: Case, options: Partial<TrainerOptions> = {}): number[] {
  const network = createNetwork(engine, architecture, openStream(1, 'init'))
  const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd', momentum: 0.5 }, batchSize: 16, ...options })
  const batches = makeBatches(COUNT, 16, 8)
  trainer.expect(Int32Array.from(batches.flatMap(batch => [...batch])))
  const numbers = batches.map(batch => trainer.step(batch, 0.1))
  numbers.push(...Object.values(network.save()).flatMap(({ data }) => [...data]))
  trainer.dispose()
  network.dispose()
  return numbers
}

const sources: Record<string, (engine: Engine, examples: Examples) => Source> = {
  resident: createResident,
  fed: createFed,
  blocks: (engine, examples) => createBlocks(engine, examples, { blockBytes: 20 * examples.data.inputs.byteLength / COUNT, batchSize: 16 })
}

/** Registers the tests. */
export function testTargets (engine: Engine): void {
  for (const [name, one] of Object.entries(cases)) {
    test(`createTrainer, ${name}: every source of batches teaches the same target`, () => {
      const numbers = train(engine, one)
      assert.ok(numbers.every(Number.isFinite))
      for (const [what, open] of Object.entries(sources)) {
        assert.deepEqual(train(engine, one, { source: open(engine, one.examples) }), numbers, what)
      }
      const other = { ...one, examples: { ...one.examples, target: one.examples.target.map(value => value === 0 ? 1 : 0) } }
      assert.notDeepEqual(train(engine, other), numbers)
    })

    test(`createTensorObjective, ${name}: the loss of all examples is the mean of those that evaluate() finds`, () => {
      const network = createNetwork(engine, one.architecture, openStream(1, 'init'))
      const objective = createTensorObjective(engine, network, { ...one.examples, chunk: 25 })
      const theta = new Float64Array(objective.size).map((_, i) => Math.sin(i))
      const value = objective.value(theta)
      const { losses, predictions } = evaluate<FieldArray>(engine, network, one.examples)
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / COUNT
      assert.ok(Math.abs(value - mean) < 1e-5 * (1 + mean), `${value} for ${mean}`)
      assert.equal(predictions.length, one.examples.target.length, 'as many numbers as the target has')
      objective.dispose()
      network.dispose()
    })
  }

  test('createTrainer: a network of values learns the generator of values', () => {
    const { train: { arrays, count } } = generateDataset({ type: 'nonlinear', train: 600, test: 10, noise: 2, seed: 1 })
    const target = (arrays.target as Float32Array).map(distance => distance / 100) // in units of 100 m
    const examples = { data: { inputs: arrays.inputs!, count }, inputShape: [3], preprocessing: { offset: 0, scale: 1 / 40 }, target }
    const network = createNetwork(engine, {
      inputShape: [3], layers: [{ type: 'dense', units: 24, activation: 'tanh' }, dense(1)], head: { type: 'values', loss: 'squared' }
    }, openStream(2, 'init'))
    const rootMeanSquare = () => {
      const { predictions } = evaluate<Float32Array>(engine, network, examples)
      return Math.sqrt(predictions.reduce((sum, value, i) => sum + (value - target[i]!) ** 2, 0) / count)
    }
    const before = rootMeanSquare()
    const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'adam' }, batchSize: 50 })
    for (const batch of makeBatches(count, 50, 600)) trainer.step(batch, 0.02)
    trainer.dispose()
    assert.ok(rootMeanSquare() < 0.3 * before, `${before} became ${rootMeanSquare()}`)
    network.dispose()
  })

  test('createTrainer: a network of pixels learns which of them are bright, and nothing of those without a label', () => {
    const stream = openStream(5, 'maps')
    const shape = [5, 6, 1]
    const inputs = Uint8Array.from({ length: COUNT * 30 }, () => stream.integer(2) * 255)
    const bright = inputs.map(value => value / 255)
    const target = bright.map((label, i) => i % 3 === 0 ? UNLABELLED : label)
    const learn = (target: FieldArray, steps: number) => {
      const examples = { data: { inputs, count: COUNT }, inputShape: shape, preprocessing: { offset: 127.5, scale: 1 / 127.5 }, target }
      const network = createNetwork(engine, { inputShape: shape, layers: [{ ...pixels, filters: 2 }], head: { type: 'class-map' } }, openStream(2, 'init'))
      const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd' }, batchSize: 20 })
      for (const batch of makeBatches(COUNT, 20, steps)) trainer.step(batch, 0.5)
      const { predictions } = evaluate(engine, network, examples)
      trainer.dispose()
      network.dispose()
      return predictions
    }
    assert.deepEqual(Array.from(learn(target, 80)), Array.from(bright), 'the unlabelled pixels too, which look like the others')
    assert.deepEqual(learn(target.fill(UNLABELLED), 80), learn(target, 0), 'without labels there is nothing to learn')
  })

  test('createTrainer: a loss of a kind’s own reads further fields of the batch, whatever brings it', () => {
    const one = cases['values, one']!
    const weights = Float32Array.from({ length: COUNT }, (_, i) => i % 2)
    const weighted: LossFunction = ({ tf }, outputs, target, further) =>
      tf.mul(tf.square(tf.sub(tf.reshape(outputs, [-1]), target)), further!.weights!)
    const examples = { ...one.examples, further: { weights, scribbles: Uint8Array.from({ length: COUNT * 4 }, (_, i) => i % 256) } }
    const numbers = train(engine, { ...one, examples }, { loss: weighted })
    for (const [what, open] of Object.entries(sources)) {
      assert.deepEqual(train(engine, { ...one, examples }, { loss: weighted, source: open(engine, examples) }), numbers, what)
    }
    const none = { ...examples, further: { ...examples.further, weights: new Float32Array(COUNT) } }
    assert.ok(train(engine, { ...one, examples: none }, { loss: weighted }).slice(0, 8).every(loss => loss === 0))
    const scribbles: LossFunction = ({ tf }, outputs, _, further) => {
      assert.deepEqual([further!.scribbles!.dtype, further!.scribbles!.shape], ['int32', [16, 4]])
      return tf.mul(tf.sum(outputs as Tensor, 1), 0)
    }
    train(engine, { ...one, examples }, { loss: scribbles })
  })

  test('createTrainer: a target that examples do not share equally is refused', () => {
    const { architecture, examples } = cases.classes!
    assert.throws(() => train(engine, { architecture, examples: { ...examples, target: new Int32Array(COUNT + 1) } }), {
      code: 'invalid_input', detail: 'target must have as many numbers for every one of 60 examples, got 61'
    })
  })
}
