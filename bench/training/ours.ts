/**
 * Our side of `bench:training`: answers every request {net, optimizer, mode, steps} with {ms} per step, as a process a
 * line on stdin with one on stdout, as a thread (ours-threads.ts) messages.
 */
import { createInterface } from 'node:readline'
import { parentPort, workerData } from 'node:worker_threads'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { sizeOf } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { outputShapes, type Architecture } from '../../src/tensor/architecture.js'
import { createPerturb } from '../../src/tensor/attack.js'
import { createResident, type Examples } from '../../src/tensor/batches.js'
import { createBlocks } from '../../src/tensor/blocks.js'
import { openEngine } from '../../src/tensor/open-engine.js'
import { evaluate } from '../../src/tensor/evaluate.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import { createTrainer, type Trainer } from '../../src/tensor/trainer.js'
import { readIdx } from './idx.js'
import { BATCH, LEARNING_RATE, nets, optimizers, PGD } from './cases.js'

/** how many different batches take turns */
const BATCHES = 8

const engine = await openEngine({ backend: 'auto', threads: Number(process.env.TF_NUM_INTRAOP_THREADS), ...workerData })
let large: Uint8Array | undefined
const trainers = new Map<string, Trainer>()

answer({ backend: engine.backend, device: engine.device, ...engine.versions })
if (parentPort) {
  parentPort.on('message', request => { answer(measure(request)) })
} else {
  for await (const line of createInterface({ input: process.stdin })) answer(measure(JSON.parse(line)))
}

function measure (request: Wanted & { mnist?: string, source?: 'resident' | 'blocks' }): object {
  if (request.mnist) return { seconds: trainMnist(request.mnist) }
  return { ms: request.source ? timeSource({ ...request, source: request.source }) : time(request) }
}

interface Wanted { net: string, optimizer: string, mode: 'compiled' | 'eager', steps: number, batch?: number }

function time ({ net, optimizer, mode, steps, batch = BATCH }: Wanted): number {
  const key = `${net} ${optimizer} ${mode} ${batch}`
  const trainer = trainers.get(key) ?? makeTrainer(net, optimizer, mode, batch)
  trainers.set(key, trainer)
  const batches = Array.from({ length: BATCHES }, (_, b) => Int32Array.from({ length: batch }, (_, i) => b * batch + i))
  for (let i = 0; i < BATCHES; i++) trainer.step(batches[i]!, LEARNING_RATE)
  const started = performance.now()
  for (let i = 0; i < steps; i++) trainer.step(batches[i % BATCHES]!, LEARNING_RATE)
  return (performance.now() - started) / steps
}

function makeTrainer (net: string, optimizer: string, mode: Wanted['mode'], batch: number): Trainer {
  const architecture = nets[net]!
  const network = createNetwork(engine, architecture, openStream(0, 'init'))
  const threat = { norm: 'linf', objective: 'loss', box: { low: 0, high: 1 } } as const
  const examples = makeExamples(architecture, BATCHES * batch)
  return createTrainer(engine, network, {
    ...(optimizer === 'pgd-10' ? { perturb: createPerturb(engine, network, threat, PGD) } : {}),
    ...examples,
    batchSize: batch,
    mode,
    optimizer: optimizers[optimizer]!
  })
}

function makeExamples (architecture: Architecture, count: number): Examples {
  const { inputShape } = architecture
  const stream = openStream(1, 'bench')
  const inputs = Uint8Array.from({ length: count * sizeOf(inputShape) }, () => stream.integer(256))
  return { data: { inputs, count }, target: makeTarget(architecture, count), inputShape, preprocessing: { offset: 0, scale: 1 / 255 } }
}

/** A class per example, or per pixel, of which a fifth have none. */
function makeTarget (architecture: Architecture, count: number): Int32Array {
  const shape = outputShapes(architecture).at(-1)!
  const classes = shape.at(-1)!
  const stream = openStream(2, 'bench')
  if (architecture.head?.type !== 'class-map') return Int32Array.from({ length: count }, () => stream.integer(classes))
  const pixels = count * sizeOf(shape.slice(0, -1))
  return Int32Array.from({ length: pixels }, () => stream.uniform() < 0.2 ? UNLABELLED : stream.integer(classes))
}

/**
 * Steps over 94 MB of examples in shared memory, in new random orders of all of them: with all of them on the device, or
 * with a block of 8 MB at a time.
 */
function timeSource ({ net, source, steps }: { net: string, source: 'resident' | 'blocks', steps: number }): number {
  const architecture = nets[net]!
  const count = 120_000
  large ??= new Uint8Array(new SharedArrayBuffer(count * 784)).map((_, i) => i * 31 % 251)
  const data = { inputs: large, count }
  const target = new Int32Array(count)
  const examples = { data, target, inputShape: architecture.inputShape, preprocessing: { offset: 0, scale: 1 / 255 } }
  const network = createNetwork(engine, architecture, openStream(0, 'init'))
  const trainer = createTrainer(engine, network, {
    ...examples,
    batchSize: BATCH,
    optimizer: { type: 'sgd' },
    source: source === 'resident' ? createResident(engine, examples) : createBlocks(engine, examples, { blockBytes: 2 ** 23, batchSize: BATCH })
  })
  const order = Int32Array.from(openStream(0, 'order').permutation(count))
  trainer.expect(order)
  for (let i = 0; i < 8; i++) trainer.step(order.subarray(i * BATCH, (i + 1) * BATCH), LEARNING_RATE)
  const started = performance.now()
  for (let i = 8; i < steps + 8; i++) trainer.step(order.subarray(i * BATCH, (i + 1) * BATCH), LEARNING_RATE)
  const ms = (performance.now() - started) / steps
  trainer.dispose()
  network.dispose()
  return ms
}

/** Three epochs over MNIST and the test set's accuracy after each, as a user waits for them. */
function trainMnist (folder: string): number {
  const [train, test] = [readIdx(folder, 'train'), readIdx(folder, 't10k')]
  const started = performance.now()
  const architecture = nets['cnn 32-64-128']!
  const preprocessing = { offset: 0, scale: 1 / 255 }
  const network: Network = createNetwork(engine, architecture, openStream(0, 'init'))
  const examples = { data: train, target: train.labels, inputShape: architecture.inputShape, preprocessing }
  const trainer = createTrainer(engine, network, { ...examples, batchSize: BATCH, optimizer: { type: 'sgd', momentum: 0.9 } })
  for (let epoch = 0; epoch < 3; epoch++) {
    const order = Int32Array.from(openStream(0, 'order', epoch).permutation(train.count))
    for (let at = 0; at < train.count; at += BATCH) trainer.step(order.subarray(at, at + BATCH).slice(), 0.05)
    const { predictions } = evaluate(engine, network, { ...examples, data: test, target: test.labels })
    const accuracy = predictions.filter((label, i) => label === test.labels[i]).length / test.count
    process.stderr.write(`  ours: epoch ${epoch + 1}, test accuracy ${accuracy}\n`)
  }
  trainer.dispose()
  return (performance.now() - started) / 1000
}

function answer (message: object): void {
  if (parentPort) parentPort.postMessage(message)
  else process.stdout.write(`${JSON.stringify(message)}\n`)
}
