/**
 * adm-segmentation in a real service: its executor is killed while X-steps are under way, a thread of its crew is lost alone, and
 * later the experiment is paused and resumed. X of a grid CRF at every step, of all pictures after some passes, and marginals of
 * a dense CRF, by one thread and by two: each ends as the undisturbed one does, to the bit, results and stored weights too. So
 * do two methods with one warm-up, killed while it is trained and when it is just stored.
 */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../helpers/folder.js'
import { until } from '../helpers/processes.js'
import { startService } from '../helpers/service.js'
import { disturb, pauseAndResume, runOne } from './disturb.js'
import { losing } from './lose-member.js'
import { readSharers, runApart, sharing } from './warmups.js'

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

test('adm-segmentation: killed within an X-step, robbed of a thread, paused and resumed', { timeout: 1_200_000 }, async t => {
  const sign = path.join(temporaryFolder(), 'lose a member')
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: '6', LANES: 'cpu:2', ...losing(sign) })
  const kill = async (): Promise<void> => { await service.kill('executor') }
  const loseMember = async (): Promise<void> => {
    writeFileSync(sign, '')
    await until(() => !existsSync(sign), 'a member of the crew takes the sign')
  }

  for (const [name, method] of Object.entries(methods)) {
    await t.test(name, async () => {
      const request = (crew: number): object => ({ kind: 'adm-segmentation', spec: { ...spec, methods: [method], crew } })
      const undisturbed = await runOne(service, request(1))
      assert.equal(undisturbed.outcome.state, 'succeeded')
      const count = undisturbed.frames.filter(({ type }) => type === 'metrics').length
      // A crew finds what one thread does: both are held against that one.
      for (const crew of [1, 2]) {
        const disturbed = await runOne(service, request(crew), {
          [Math.floor(count / 2)]: kill,
          ...(crew > 1 ? { [Math.floor(count * 3 / 4)]: loseMember } : {}),
          [count - 3]: async id => { await pauseAndResume(service, id) }
        })
        assert.deepEqual(disturbed.outcome, undisturbed.outcome)
        assert.deepEqual(disturbed.result, undisturbed.result)
        assert.deepEqual(disturbed.weights, undisturbed.weights)
        const least = 2 + crew
        assert.ok(disturbed.attempts >= least, `each disturbance makes one attempt more, or more where leases ran out: ${least}, got ${disturbed.attempts}`)
      }
    })
  }

  await t.test('two methods with one warm-up, killed while it is trained and just after it was stored', async () => {
    const apart = await runApart(service)
    const { id, frames } = await disturb(service, sharing(), { 15: kill, model: kill })
    const sharers = await readSharers(service, id, frames)
    assert.deepEqual(sharers.map(({ came }) => came), apart)
    assert.deepEqual(sharers.map(({ tookOver }) => tookOver), [false, true])
    assert.ok(sharers[0]!.nodes.length >= 3, `two kills make three attempts, got ${sharers[0]!.nodes.length}`)
  })
})
