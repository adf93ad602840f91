/** The control words between an executor's main thread and a trial's thread. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { createControl, viewControl } from '../../src/jobs/control.js'

test('control: a stop and a request for a snapshot reach the view; the request is taken once', () => {
  const panel = createControl()
  const view = viewControl(panel.memory)
  assert.equal(view.stop(), 'none')
  assert.equal(view.takeSnapshotRequest(), false)
  panel.stop('pause')
  panel.askSnapshot()
  assert.equal(view.stop(), 'pause')
  assert.equal(view.takeSnapshotRequest(), true)
  assert.equal(view.takeSnapshotRequest(), false)
})

test('control: a thread that sent more than may wait goes on when the events are written', async () => {
  const panel = createControl()
  const sent = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(`
    const { workerData } = require('node:worker_threads')
    import(workerData.module).then(({ viewControl }) => {
      const view = viewControl(workerData.memory)
      for (let i = 0; i < 5000; i++) { view.sent(0); Atomics.add(workerData.sent, 0, 1) }
    })`, {
    eval: true,
    workerData: { module: new URL('../../src/jobs/control.js', import.meta.url).href, memory: panel.memory, sent }
  })
  const ended = new Promise(resolve => worker.once('exit', resolve))
  // the 4,001st event is counted, but its sender waits before it can say so
  const pending = new Int32Array(panel.memory)
  while (Atomics.load(pending, 2) < 4001) await new Promise(resolve => setImmediate(resolve))
  assert.equal(Atomics.load(sent, 0), 4000)
  while (!panel.isWaiting()) await new Promise(resolve => setImmediate(resolve)) // so that its silence is not taken for a hang
  panel.written(4001, 0)
  assert.equal(await ended, 0)
  assert.equal(panel.isWaiting(), false)
  assert.equal(Atomics.load(sent, 0), 5000)
})
