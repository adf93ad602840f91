/**
 * leader-sgd on a crew of two threads in a real service: its executor is killed while the threads exchange at every step, and
 * later it is paused and resumed. In step it ends as undisturbed ones do, to the bit; where nobody waits for anybody what came after
 * the last snapshot is taken back, and all steps are made. Streams have no gaps in either mode.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startService } from '../helpers/service.js'
import { pauseAndResume, runOne, type Disturbances } from './disturb.js'

const steps = 1500

const request = (mode: 'sync' | 'async', method: object): object => ({
  kind: 'leader-sgd',
  spec: {
    problem: { type: 'quadratic', dimensions: 500, condition: 1000 },
    methods: [method],
    workers: 4,
    learningRate: 0.0002,
    momentum: 0.5,
    steps,
    mode,
    records: 60,
    execution: { type: 'parallel', threads: 2 },
    seeds: [1]
  }
})

test('crews of leader-sgd: killed, then paused and resumed, in either mode', { timeout: 1_200_000 }, async t => {
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: '6', LANES: 'cpu:2' })
  const disturbances: Disturbances = {
    4: async () => { await service.kill('executor') },
    12: async id => { await pauseAndResume(service, id) }
  }

  for (const method of [{ type: 'lsgd', tau: 1, proximal: 0.01, lambda: 0.01 }, { type: 'easgd', tau: 1 }]) {
    await t.test(`in step, ${method.type}`, async () => {
      const undisturbed = await runOne(service, request('sync', method))
      const disturbed = await runOne(service, request('sync', method), disturbances)
      assert.deepEqual(disturbed.outcome, undisturbed.outcome)
      assert.equal(disturbed.attempts, 3)
    })
    await t.test(`each when it comes, ${method.type}`, async () => {
      const { outcome, attempts, result } = await runOne(service, request('async', method), disturbances)
      const made = (result.workers as { steps: number }[]).map(worker => worker.steps)
      assert.deepEqual([outcome.state, attempts, made], ['succeeded', 3, new Array(4).fill(steps)])
    })
  }
})
