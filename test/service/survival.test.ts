/**
 * kill -9 of every part of the service in mid-epoch: the experiment completes, and what it recorded is what an
 * undisturbed run with the same seed records; nothing is lost, nothing is doubled, no process is left behind.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { follow, startService, yielded, type Frame, type Part, type Service } from '../helpers/service.js'

/** Some seconds of training, so that a kill finds it at work; a snapshot every second. */
const spec = {
  data: { generator: { type: 'glyphs', classes: 10, train: 1500, test: 300, noise: 0.05, seed: 3 } },
  network: { type: 'mlp', hidden: [128] },
  optimizer: { learningRate: 0.05, momentum: 0.9 },
  epochs: 60,
  batchSize: 16,
  checkpoints: { type: 'every', epochs: 10 },
  labelNoise: { kind: 'random', fraction: 0.1 },
  seeds: [5]
}

async function run (service: Service, onFrame: (frame: Frame, seen: number) => void = () => {}): Promise<Frame[]> {
  const { id } = await service.json('POST', '/v1/experiments', { kind: 'tracin', name: 'survival', spec })
  let seen = 0
  const frames = await follow(service, id, frame => { onFrame(frame, frame.type === 'metrics' ? ++seen : seen) })
  const experiment = await service.json('GET', `/v1/experiments/${id}`)
  assert.equal(experiment.state, 'succeeded', JSON.stringify(experiment.failure))
  return frames
}

test('kill -9 of any part in mid-epoch: the experiment completes as if nothing had happened', { timeout: 240_000 }, async t => {
  const service = await startService(t, { SNAPSHOT_SECONDS: '1' })
  const undisturbed = await run(service)
  const expected = yielded(undisturbed)
  assert.ok(expected.length > 60, `${expected.length} events`)

  for (const part of ['executor', 'work', 'serve', 'postgres', 'everything'] as Part[]) {
    await t.test(part, async () => {
      let killing: Promise<void> | undefined
      const frames = await run(service, (_frame, metrics) => {
        if (metrics < 20) return
        killing ??= service.kill(part).then(async () => { if (part === 'everything') await service.start() })
      })
      await killing
      assert.ok(killing, 'the kill came too late')
      assert.deepEqual(frames.map(frame => frame.seq), frames.map((_, i) => i + 1), 'every event once, in order')
      assert.deepEqual(yielded(frames), expected)
      if (part === 'executor' || part === 'work' || part === 'everything') {
        const states = frames.filter(frame => frame.type === 'state' && frame.trialId).map(frame => frame.data.state)
        assert.deepEqual(states, ['running', 'queued', 'running', 'succeeded'], 'the kill interrupted the trial')
      }
    })
  }
  await service.stop()
  assert.deepEqual(service.processes(), [], 'no process is left')
})
