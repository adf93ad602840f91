/** Blobs for a thread that sleeps until they are there: what wakes it, and what it gets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../src/errors.js'
import { serveBlobs } from '../../src/jobs/blob-port.js'
import { until } from '../helpers/trials.js'

const timeout = 120_000
const reader = `
  const { parentPort, workerData: { module, blobs, hashes } } = require('node:worker_threads')
  import(module).then(({ readBlob }) => {
    for (const sha256 of hashes) {
      try { parentPort.postMessage([...readBlob(blobs, sha256)]) } catch ({ code, message }) { parentPort.postMessage({ code, message }) }
    }
  })`

/** Starts a thread that reads blobs one after another. @returns its word, and what it read so far */
function startReader (t: TestContext, hashes: string[], read: (sha256: string) => Promise<SharedArrayBuffer>) {
  const { close, ...blobs } = serveBlobs({ read })
  const module = new URL('../../src/jobs/blob-port.js', import.meta.url).href
  const thread = new Worker(reader, { eval: true, workerData: { module, blobs, hashes }, transferList: [blobs.port] })
  const came: unknown[] = []
  thread.on('message', answer => { came.push(answer) })
  t.after(async () => {
    close()
    await thread.terminate()
  })
  return { thread, word: new Int32Array(blobs.signal), came }
}

function bytes (...values: number[]): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(values.length)
  new Uint8Array(memory).set(values)
  return memory
}

test('readBlob: whoever is woken without cause goes on waiting', { timeout }, async t => {
  let give = (_: SharedArrayBuffer): void => {}
  const asked = new Promise<SharedArrayBuffer>(resolve => { give = resolve })
  const { thread, word, came } = startReader(t, ['a'], async () => await asked)
  // What a wake-up does that was meant for the answer before: it finds a thread asleep for the next one.
  await until(async () => Atomics.notify(word, 0) === 1 || undefined)
  give(bytes(1, 2, 3))
  await once(thread, 'exit')
  assert.deepEqual(came, [[1, 2, 3]])
})

test('readBlob: one answer after another, and a failure by its own name', { timeout }, async t => {
  const { thread, came } = startReader(t, ['a', 'gone', 'b'], async sha256 => {
    if (sha256 === 'gone') throw new AppError('file_missing', 'gone')
    return bytes(sha256.charCodeAt(0))
  })
  await once(thread, 'exit')
  assert.deepEqual(came, [[97], { code: 'file_missing', message: new AppError('file_missing', 'gone').message }, [98]])
})
