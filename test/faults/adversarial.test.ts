/**
 * adversarial-bias in a real service: the executor of a linear classifier's training and of a network's is killed, and later
 * the experiment is paused and resumed. Both end as undisturbed ones do, to the bit, results and stored weights too.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startService } from '../helpers/service.js'
import { pauseAndResume, runOne, type Disturbances } from './disturb.js'

const linear = {
  problem: {
    type: 'linear',
    points: { type: 'random', dimensions: 20, examples: 200 },
    steps: 2_000_000,
    batch: 32,
    learningRate: 0.02,
    recordsPerDecade: 50
  },
  trainings: [{ radius: { type: 'fraction', of: 0.9 }, q: 'infinity' }],
  seeds: [1]
}

const network = {
  problem: {
    type: 'network',
    data: { generator: { type: 'glyphs', classes: 10, train: 4000, test: 200, noise: 0.05, seed: 1 } },
    network: { type: 'mlp', hidden: [256], activation: 'relu' },
    epochs: 16,
    batchSize: 20,
    attack: { steps: 5, stepSize: 0.3, warmup: 2 },
    evaluation: { radii: [0, 0.1], examples: 100, steps: 20, restarts: 1 },
    slots: 1
  },
  trainings: [{ q: 'infinity', radius: { type: 'absolute', value: 0.1 } }],
  seeds: [1]
}

test('adversarial-bias: killed, then paused and resumed', { timeout: 1_200_000 }, async t => {
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: '6', LANES: 'cpu:2' })
  // Of how many metrics still to come: those of linear are log-spaced. Between the two lie seconds, in which the trial is at work again
  const left = { linear: [40, 15], network: [13, 3] } as const

  for (const [name, spec] of Object.entries({ linear, network })) {
    await t.test(name, async () => {
      const body = { kind: 'adversarial-bias', spec }
      const undisturbed = await runOne(service, body)
      const count = undisturbed.frames.filter(({ type }) => type === 'metrics').length
      const [kill, pause] = left[name as keyof typeof left]
      const disturbances: Disturbances = {
        [count - kill]: async () => { await service.kill('executor') },
        [count - pause]: async id => { await pauseAndResume(service, id) }
      }
      const disturbed = await runOne(service, body, disturbances)
      assert.equal(undisturbed.outcome.state, 'succeeded')
      assert.deepEqual(disturbed.outcome, undisturbed.outcome)
      assert.deepEqual(disturbed.result, undisturbed.result)
      assert.ok(disturbed.attempts >= 3, `a kill and a pause make three attempts of one, or more where leases ran out: ${disturbed.attempts}`)
      assert.deepEqual(disturbed.weights, undisturbed.weights)
    })
  }
})
