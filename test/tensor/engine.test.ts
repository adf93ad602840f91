import assert from 'node:assert/strict'
import { once } from 'node:events'
import test from 'node:test'
import { Worker, threadId } from 'node:worker_threads'
import { openEngine } from '../../src/tensor/open-engine.js'
import { createLoadLock, releaseLoadLock, withLoadLock } from '../../src/tensor/load-lock.js'
import { openTestEngine } from './helpers.js'

test('openEngine: refuses TensorFlow when the environment does not fix its threads', async () => {
  delete process.env.TF_NUM_INTRAOP_THREADS
  await assert.rejects(openEngine({ backend: 'tensorflow', threads: 2 }), /TF_NUM_INTRAOP_THREADS must be set to 2.*got nothing/)
  process.env.TF_NUM_INTRAOP_THREADS = '1'
  await assert.rejects(openEngine({ backend: 'tensorflow', threads: 2 }), /got 1/)
})

test('openEngine: says what it opened, and a second call gets the same library', async () => {
  const engine = await openTestEngine()
  assert.equal(engine.backend, 'tensorflow')
  assert.equal(engine.threads, 2)
  assert.equal(engine.versions.tensorflow, '2.15.1')
  assert.equal((await openTestEngine()).tf, engine.tf)
})

test('openEngine: what nobody uses of tfjs is not there', async () => {
  const { tf } = await openTestEngine()
  assert.ok('grads' in tf && 'matMul' in tf)
  assert.deepEqual(['sequential', 'loadGraphModel', 'webgl', 'csv'].filter(name => name in tf), [])
})

test('withLoadLock: threads work one after the other', async () => {
  const lock = createLoadLock()
  const inside = new Int32Array(new SharedArrayBuffer(8)) // now inside, most at once
  const code = `
    const { workerData } = require('node:worker_threads')
    import(workerData.module).then(({ withLoadLock }) => withLoadLock(workerData.lock, async () => {
      const { inside } = workerData
      const now = Atomics.add(inside, 0, 1) + 1
      if (now > Atomics.load(inside, 1)) Atomics.store(inside, 1, now)
      await new Promise(resolve => setImmediate(resolve))
      Atomics.sub(inside, 0, 1)
    }))`
  const module = new URL('../../src/tensor/load-lock.js', import.meta.url).href
  const workers = Array.from({ length: 4 }, () => new Worker(code, { eval: true, workerData: { module, lock, inside } }))
  await Promise.all(workers.map(worker => once(worker, 'exit')))
  assert.deepEqual([...inside], [0, 1])
})

test('releaseLoadLock: frees what a terminated thread held, and only that', async () => {
  const lock = createLoadLock()
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData.module).then(({ withLoadLock }) => withLoadLock(workerData.lock, () => {
      parentPort.postMessage('inside')
      return new Promise(() => { setInterval(() => {}, 1000) })
    }))`
  const module = new URL('../../src/tensor/load-lock.js', import.meta.url).href
  const worker = new Worker(code, { eval: true, workerData: { module, lock } })
  await once(worker, 'message')
  const holder = worker.threadId
  await worker.terminate()
  releaseLoadLock(lock, threadId) // not the holder: no effect
  assert.equal(new Int32Array(lock)[0], holder)
  releaseLoadLock(lock, holder)
  assert.equal(await withLoadLock(lock, async () => 'free'), 'free')
})
