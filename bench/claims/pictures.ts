/** Trains a small residual network on photographs: answers a line {folder} on stdin with {accuracy, seconds, processorSeconds}. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { openStream } from '../../src/math/random.js'
import { openEngine } from '../../src/tensor/open-engine.js'
import { evaluate } from '../../src/tensor/evaluate.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { nets } from '../training/cases.js'
import { readPictures } from './cifar.js'

export interface Learned {
  /** share of the test pictures that the last weights read rightly; no others were looked at */
  accuracy: number
  /** of training and test */
  seconds: number
  processorSeconds: number
}

const EPOCHS = 20
const BATCH = 64
const RATE = 0.1
/** Part of the training in which the rate rises; then it falls along a cosine to 0. */
const RISING = 0.15

const engine = await openEngine({ backend: 'auto', threads: Number(process.env.TF_NUM_INTRAOP_THREADS) })
answer({ backend: engine.backend, ...engine.versions })
for await (const line of createInterface({ input: process.stdin })) answer(learn(JSON.parse(line).folder))

function learn (folder: string): Learned {
  const read = (name: string) => readPictures(gunzipSync(readFileSync(path.join(folder, `${name}.bin.gz`))))
  const [train, test] = [read('train_10000'), read('test_2000')]
  const used = process.cpuUsage()
  const started = performance.now()
  const architecture = nets['resnet-8 batch-norm']!
  const photographs = { offset: 120, scale: 1 / 64 } // about their mean and deviation
  const seen = { inputShape: architecture.inputShape, preprocessing: photographs }
  const network = createNetwork(engine, architecture, openStream(0, 'init'))
  const trainer = createTrainer(engine, network, {
    data: train,
    target: train.labels,
    ...seen,
    batchSize: BATCH,
    augmentation: { cropPadding: 4, flip: true },
    optimizer: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 }
  })
  const perEpoch = Math.floor(train.count / BATCH)
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = Int32Array.from(openStream(0, 'order', epoch).permutation(train.count))
    let sum = 0
    for (let step = 0; step < perEpoch; step++) {
      sum += trainer.step(order.slice(step * BATCH, (step + 1) * BATCH), rateAt((epoch + step / perEpoch) / EPOCHS))
    }
    process.stderr.write(`  epoch ${epoch + 1} of ${EPOCHS}: loss ${(sum / perEpoch).toFixed(3)}\n`)
  }
  const { predictions } = evaluate(engine, network, { data: test, target: test.labels, ...seen })
  const accuracy = predictions.filter((label, i) => label === test.labels[i]).length / test.count
  trainer.dispose()
  network.dispose()
  const { user, system } = process.cpuUsage(used)
  return { accuracy, seconds: (performance.now() - started) / 1000, processorSeconds: (user + system) / 1e6 }
}

/** @param at part of the training that is done, 0 .. 1 */
function rateAt (at: number): number {
  return at < RISING ? RATE * at / RISING : RATE * (1 + Math.cos(Math.PI * (at - RISING) / (1 - RISING))) / 2
}

function answer (message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
