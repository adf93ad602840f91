/**
 * Attacks on MNIST: a small CNN that was trained on clean digits loses them to small perturbations. First the experiment
 * of the reference in this process, network, training and attack as they were there, in PyTorch: 82, 41 and 4 % right
 * after PGD-40 of radius 0.1, 0.2 and 0.3. Its attack differentiates through the clamp to 0 .. 1, so that pixels which
 * once left that range never move again; ours projects onto the range, and leaves fewer right. Then ours over HTTP, on a
 * network that the service trained, with the checks that say whether an attack is weak. Called by check.ts.
 */
import assert from 'node:assert/strict'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { readIdx } from '../../bench/training/idx.js'
import type { AttackResponse } from '../../src/influence/attack/schema.js'
import { sizeOf } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture, Layer } from '../../src/tensor/architecture.js'
import { createAttack } from '../../src/tensor/attack.js'
import type { Engine } from '../../src/tensor/engine.js'
import { lossOf } from '../../src/tensor/losses.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { ask, trainModel } from '../helpers/experiments.js'
import type { Service } from '../helpers/service.js'
import { openTestEngine } from '../tensor/helpers.js'

type Aim = (name: string, value: number, is: 'at least' | 'at most', limit: number) => void

/** Radius and what the reference leaves right, in per cent; figures count as equal within ten points. */
const reference = [[0.1, 82], [0.2, 41], [0.3, 4]] as const
const DIGITS = 250
const inputShape = [28, 28, 1]
const preprocessing = { offset: 0, scale: 1 / 255 }

const conv = (filters: number): Layer => ({ type: 'conv', filters, kernel: 3, stride: 1, padding: 'same', activation: 'relu' })
const architecture: Architecture = {
  inputShape,
  layers: [
    conv(16), { type: 'max-pool', size: 2 }, conv(32), { type: 'max-pool', size: 2 }, { type: 'flatten' },
    { type: 'dense', units: 64, activation: 'relu' }, { type: 'dense', units: 10, activation: 'linear' }
  ]
}

/**
 * Repeats the reference's experiment, and attacks the same network with the projected attack.
 * @param folder MNIST's files
 * @param aim    prints a figure beside its aim, and asserts it
 */
export async function checkReference (folder: string, aim: Aim): Promise<void> {
  const engine = await openTestEngine()
  const network = trainAsReference(engine, folder)
  const data = readIdx(folder, 't10k')
  const digits = Int32Array.from({ length: DIGITS }, (_, i) => i)
  const attack = createAttack(engine, network, { data, target: data.labels, inputShape, preprocessing, norm: 'linf', objective: 'loss', box: { low: 0, high: 1 } })
  for (const [radius, percent] of reference) {
    const clamped = 100 * attackAsReference(engine, network, data, radius)
    if (percent > 10) aim(`right after the reference’s PGD-40 of radius ${radius}, %`, clamped, 'at least', percent - 10)
    aim(`right after the reference’s PGD-40 of radius ${radius}, %`, clamped, 'at most', percent + 10)
    let right = 0
    const budget = { radius, steps: 40, stepSize: radius / 10, restarts: 1, startRadius: radius, seed: 0 }
    attack.run(digits, budget, ({ at, attacked }) => {
      attacked.forEach((predicted, i) => { right += Number(predicted === data.labels[at + i]) })
    })
    aim(`right after ours, which projects, of radius ${radius}, %`, 100 * right / DIGITS, 'at most', clamped)
  }
  attack.dispose()
  network.dispose()
}

/** Three passes of Adam over 10,000 digits, from weights and biases that are uniform within 1 / sqrt(fan-in), as PyTorch's. */
function trainAsReference (engine: Engine, folder: string): Network {
  const network = createNetwork(engine, architecture, openStream(0, 'unused'))
  const stream = openStream(0, 'init')
  let limit = 0
  network.load(Object.fromEntries(Object.entries(network.save()).map(([name, { shape, data }]) => {
    if (name.endsWith('.weight')) limit = 1 / Math.sqrt(sizeOf(shape) / shape.at(-1)!)
    return [name, { shape, data: Float32Array.from(data, () => limit * (2 * stream.uniform() - 1)) }]
  })))
  const all = readIdx(folder, 'train')
  const data = { inputs: all.inputs.subarray(0, 10_000 * 784), labels: all.labels.subarray(0, 10_000), count: 10_000 }
  const trainer = createTrainer(engine, network, { data, target: data.labels, inputShape, preprocessing, optimizer: { type: 'adam' }, batchSize: 100 })
  for (let epoch = 0; epoch < 3; epoch++) {
    const order = Int32Array.from(openStream(0, 'order', epoch).permutation(data.count))
    for (let at = 0; at < data.count; at += 100) trainer.step(order.slice(at, at + 100), 0.002)
  }
  network.settle()
  trainer.dispose()
  return network
}

/** The attack of the reference: the network sees clamp(x + d), d is only kept within the radius, and the last one counts. */
function attackAsReference (engine: Engine, network: Network, { inputs, labels }: ReturnType<typeof readIdx>, radius: number): number {
  const { tf } = engine
  const shape: [number, number, number, number] = [DIGITS, 28, 28, 1]
  const stream = openStream(0, 'start')
  const x = tf.tensor4d(Float32Array.from(inputs.subarray(0, DIGITS * 784), value => value / 255), shape)
  const y = tf.tensor1d(labels.slice(0, DIGITS), 'int32')
  const logits = (d: Tensor4D) => network.forward(tf.clipByValue(tf.add(x, d), 0, 1))
  let d = tf.tensor4d(Float32Array.from({ length: DIGITS * 784 }, () => radius * (2 * stream.uniform() - 1)), shape)
  for (let k = 0; k < 40; k++) {
    const before = d
    d = tf.tidy(() => {
      const gradient = tf.grad(values => tf.sum(lossOf(network)(engine, logits(values as Tensor4D), y)))(before)
      return tf.clipByValue(tf.add(before, tf.mul(tf.sign(gradient), radius / 10)), -radius, radius) as Tensor4D
    })
    before.dispose()
  }
  const right = tf.tidy(() => tf.mean(tf.cast(tf.equal(tf.argMax(logits(d), 1), y), 'float32')).dataSync()[0]!)
  tf.dispose([x, y, d])
  return right
}

/** A network of the same size that the service trains: 10,000 digits, three passes. */
const spec = {
  trainExamples: 10_000,
  network: {
    type: 'cnn',
    layers: [
      { type: 'conv', filters: 16, kernel: 3 }, { type: 'max-pool', size: 2 },
      { type: 'conv', filters: 32, kernel: 3 }, { type: 'max-pool', size: 2 },
      { type: 'dense', units: 64, activation: 'relu' }
    ]
  },
  optimizer: { learningRate: 0.05, momentum: 0.9 },
  epochs: 3,
  batchSize: 100,
  checkpoints: { type: 'every', epochs: 3 },
  labelNoise: { kind: 'none' },
  selfInfluence: ['last'],
  seeds: [0]
}

/**
 * Has the service train a network and attacks its reading of the first 250 test digits.
 * @param datasetId  MNIST, as uploaded by the caller
 * @param aim        prints a figure beside its aim, and asserts it
 */
export async function checkAttacks (service: Service, datasetId: string, aim: Aim): Promise<void> {
  const { modelId } = await trainModel(service, { kind: 'tracin', spec: { data: { datasetId }, ...spec } })
  for (const [radius, percent] of reference) {
    const { cleanAccuracy, robustAccuracy, checks } = await ask<AttackResponse>(service, `/v1/models/${modelId}/attack`, {
      examples: { count: DIGITS }, norm: 'linf', radius, stepSize: radius / 10, steps: 40
    })
    if (radius === 0.1) aim('accuracy on the clean digits, %', 100 * cleanAccuracy, 'at least', 95)
    aim(`right after PGD-40 of radius ${radius} over HTTP, %`, 100 * robustAccuracy, 'at most', percent + 10)
    for (const { name, passed, evidence } of checks) {
      process.stdout.write(`  ${name}: ${evidence}\n`)
      assert.ok(passed, name)
    }
  }
}
