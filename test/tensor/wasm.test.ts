import assert from 'node:assert/strict'
import { once } from 'node:events'
import test from 'node:test'
import { Worker } from 'node:worker_threads'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { openEngine } from '../../src/tensor/open-engine.js'
import { createLoadLock } from '../../src/tensor/load-lock.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { makeBatches, makeExamples, cnn, openTestEngine } from './helpers.js'
import { runScenario, type Outcome } from './scenario.js'
import { testStates } from './state-cases.js'

const engine = await openTestEngine('wasm')
const { tf } = engine
testStates(engine)

async function inThread (backend: 'tensorflow' | 'wasm', loadLock: SharedArrayBuffer): Promise<Outcome> {
  const worker = new Worker(new URL('scenario.js', import.meta.url), { workerData: { backend, loadLock } })
  const [outcome] = await once(worker, 'message') as [Outcome]
  await once(worker, 'exit')
  return outcome
}

test('WASM: trains, evaluates and factorizes as TensorFlow to float32 accuracy', async () => {
  const lock = createLoadLock()
  const [first, second] = await Promise.all([inThread('tensorflow', lock), inThread('tensorflow', lock)])
  assert.deepEqual(first, second, 'two TensorFlow threads of one process agree bit for bit')
  const wasm = runScenario(engine)
  assert.deepEqual(Object.keys(wasm), Object.keys(first))
  for (const [name, values] of Object.entries(wasm)) {
    const expected = first[name]!
    assert.equal(values.length, expected.length, name)
    // Sums in another order: 6e-8 a rounding, and 10 steps to let it grow.
    for (let i = 0; i < values.length; i++) {
      assert.ok(Math.abs(values[i]! - expected[i]!) < 2e-4 * (1 + Math.abs(expected[i]!)), `${name}[${i}]: ${values[i]} for ${expected[i]}`)
    }
  }
})

const convolutions = [
  [3, 1, 'same'], [3, 1, 'valid'], [2, 1, 'same'], [3, 2, 'same'], [3, 2, 'valid'], [5, 3, 'same']
] as const
for (const [kernel, stride, padding] of convolutions) {
  test(`WASM: gradients of a convolution with kernel ${kernel}, stride ${stride}, padding ${padding} are its differences`, () => {
    tf.tidy(() => {
      const stream = openStream(1, 'kernel')
      const normal = (shape: number[]) =>
        tf.tensor(Float32Array.from({ length: sizeOf(shape) }, () => stream.normal()), shape)
      const x = normal([2, 8, 7, 2]) as Tensor4D
      const w = normal([kernel, kernel, 2, 3]) as Tensor4D
      const convolve = (x: Tensor4D, w: Tensor4D) => tf.conv2d(x, w, stride, padding)
      const dy = normal(convolve(x, w).shape) as Tensor4D
      const [dx, dw] = tf.grads((x, w) => tf.sum(tf.mul(convolve(x as Tensor4D, w as Tensor4D), dy)))([x, w])
      // The convolution is linear in each: <dx, u> is the convolution of u against dy, exactly.
      const dot = (a: Tensor4D, b: Tensor4D) => tf.sum(tf.mul(a, b)).dataSync()[0]!
      const u = normal(x.shape) as Tensor4D
      const v = normal(w.shape) as Tensor4D
      assert.ok(Math.abs(dot(dx as Tensor4D, u) - dot(convolve(u, w), dy)) < 1e-3) // sums of some 500 float32 products
      assert.ok(Math.abs(dot(dw as Tensor4D, v) - dot(convolve(x, v), dy)) < 1e-3)
    })
  })
}

test('WASM: steps leave nothing behind', () => {
  const before = engine.tensorCount()
  const network = createNetwork(engine, cnn, openStream(3, 'init'))
  const trainer = createTrainer(engine, network, { ...makeExamples(cnn), optimizer: { type: 'adam' }, batchSize: 4 })
  const batches = makeBatches(40, 4, 20)
  trainer.step(batches[0]!, 0.01)
  const running = engine.tensorCount()
  for (const batch of batches) trainer.step(batch, 0.01)
  assert.equal(engine.tensorCount(), running)
  trainer.dispose()
  network.dispose()
  assert.equal(engine.tensorCount(), before)
})

test('openEngine: a thread keeps its backend', async () => {
  assert.equal((await openEngine({ backend: 'auto', threads: 2 })).backend, 'wasm')
  await assert.rejects(openEngine({ backend: 'tensorflow', threads: 2 }), { code: 'unavailable' })
})
