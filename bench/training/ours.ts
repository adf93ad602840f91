/** Our side of `bench:training`: answers every line {net, optimizer, mode, steps} on stdin with {ms} per step. */
import { createInterface } from 'node:readline'
import { openStream } from '../../src/math/random.js'
import { createPerturb } from '../../src/tensor/attack.js'
import { createResident } from '../../src/tensor/batches.js'
import { createBlocks } from '../../src/tensor/blocks.js'
import { openEngine } from '../../src/tensor/open-engine.js'
import { evaluate } from '../../src/tensor/evaluate.js'
import { createNetwork, type Network } from '../../src/tensor/network.js'
import { createTrainer, type Trainer } from '../../src/tensor/trainer.js'
import { readIdx } from './idx.js'
import { BATCH, LEARNING_RATE, nets, optimizers, PGD } from './cases.js'

const EXAMPLES = 8 * BATCH

const engine = await openEngine({ backend: 'auto', threads: Number(process.env.TF_NUM_INTRAOP_THREADS) })
let large: Uint8Array | undefined
const trainers = new Map<string, Trainer>()
const data = makeData()
const batches = Array.from({ length: 8 }, (_, b) => Int32Array.from({ length: BATCH }, (_, i) => b * BATCH + i))

answer({ backend: engine.backend, device: engine.device, ...engine.versions })
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  answer(request.mnist ? { seconds: trainMnist(request.mnist) } : { ms: request.source ? timeSource(request) : time(request) })
}

function makeData () {
  const stream = openStream(1, 'bench')
  const inputs = Uint8Array.from({ length: EXAMPLES * 784 }, () => stream.integer(256))
  return { inputs, labels: Int32Array.from({ length: EXAMPLES }, () => stream.integer(10)), count: EXAMPLES }
}

function time ({ net, optimizer, mode, steps }: { net: string, optimizer: string, mode: 'compiled' | 'eager', steps: number }): number {
  const key = `${net} ${optimizer} ${mode}`
  const trainer = trainers.get(key) ?? makeTrainer(net, optimizer, mode)
  trainers.set(key, trainer)
  for (let i = 0; i < 8; i++) trainer.step(batches[i % 8]!, LEARNING_RATE)
  const started = performance.now()
  for (let i = 0; i < steps; i++) trainer.step(batches[i % 8]!, LEARNING_RATE)
  return (performance.now() - started) / steps
}

function makeTrainer (net: string, optimizer: string, mode: 'compiled' | 'eager'): Trainer {
  const architecture = nets[net]!
  const network = createNetwork(engine, architecture, openStream(0, 'init'))
  const threat = { norm: 'linf', objective: 'loss', box: { low: 0, high: 1 } } as const
  return createTrainer(engine, network, {
    ...(optimizer === 'pgd-10' ? { perturb: createPerturb(engine, network, threat, PGD) } : {}),
    data,
    target: data.labels,
    inputShape: architecture.inputShape,
    preprocessing: { offset: 0, scale: 1 / 255 },
    batchSize: BATCH,
    mode,
    optimizer: optimizers[optimizer]!
  })
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
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
