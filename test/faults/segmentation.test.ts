/**
 * adm-segmentation in a real service: the executor is killed while X-steps are under way, and later the experiment is paused and
 * resumed. X of a grid CRF at every step, of all pictures after some passes, and marginals of a dense CRF: each ends as the
 * undisturbed one does, to the bit, results and stored weights too.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startService } from '../helpers/service.js'
import { pauseAndResume, runOne } from './disturb.js'

const spec = {
  data: { generator: { type: 'scenes', size: 64, classes: 4, shapes: 5, train: 16, test: 4, noise: 0.12, seed: 1 } },
  network: { type: 'conv', filters: [8, 8] },
  warmup: 4,
  epochs: 16,
  batchSize: 4,
  seeds: [1],
  slots: 1
}

const methods = {
  'grid, at every step': { type: 'adm', every: 0 },
  // the step takes most of the time, so that it is in one that the executor is killed
  'grid, after every pass': { type: 'adm', every: 1, rounds: 20 },
  'dense, at every step': { type: 'adm', every: 0, lambda: 1, pairs: { type: 'dense', position: 5, colour: 40 } }
}

test('adm-segmentation: killed within an X-step, then paused and resumed', { timeout: 1_200_000 }, async t => {
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: '6', LANES: 'cpu:2' })
  for (const [name, method] of Object.entries(methods)) {
    await t.test(name, async () => {
      const body = { kind: 'adm-segmentation', spec: { ...spec, methods: [method] } }
      const undisturbed = await runOne(service, body)
      const count = undisturbed.frames.filter(({ type }) => type === 'metrics').length
      const disturbed = await runOne(service, body, {
        [Math.floor(count / 2)]: async () => { await service.kill('executor') },
        [count - 3]: async id => { await pauseAndResume(service, id) }
      })
      assert.equal(undisturbed.outcome.state, 'succeeded')
      assert.deepEqual(disturbed.outcome, undisturbed.outcome)
      assert.deepEqual(disturbed.result, undisturbed.result)
      assert.ok(disturbed.attempts >= 3, `a kill and a pause make three attempts of one, or more where leases ran out: ${disturbed.attempts}`)
      assert.deepEqual(disturbed.weights, undisturbed.weights)
    })
  }
})
