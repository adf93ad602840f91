/**
 * Trials that reach no boundary: a step of this network on this batch is over 2.5e12 floating-point operations for one
 * thread, many times longer than the patience that these tests are given with.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { follow, startService, type Frame, type Service } from '../helpers/service.js'

const spec = {
  data: { generator: { type: 'glyphs', train: 512, test: 10 } },
  network: { type: 'cnn', layers: [{ type: 'conv', filters: 256, kernel: 7 }, { type: 'conv', filters: 256, kernel: 7 }, { type: 'max-pool' }, { type: 'dense', units: 32 }] },
  epochs: 50,
  batchSize: 512,
  labelNoise: { kind: 'none' },
  seeds: [1]
}

interface Run { frames: Frame[], trial: Record<string, unknown> & { failure: { code: string } | null } }

/** @param request made when the trial is at work */
async function run (service: Service, more: object, request?: string): Promise<Run> {
  const { id, trials: [{ id: trialId }] } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec, ...more })
  let asked: Promise<unknown> | undefined
  const frames = await follow(service, id, frame => {
    if (frame.trialId === null) return
    if (frame.data.state === 'running' && request) asked ??= service.json('POST', `/v1/experiments/${id}/${request}`)
    if (frame.data.state === 'paused') void service.json('POST', `/v1/experiments/${id}/cancel`)
  })
  await asked
  return { frames, trial: await service.json('GET', `/v1/trials/${trialId}`) }
}

const trialStates = (frames: Frame[]): unknown[] => frames.filter(frame => frame.type === 'state' && frame.trialId).map(frame => frame.data.state)

test('a trial that reaches no boundary', { timeout: 280_000 }, async t => {
  const service = await startService(t, { LANES: 'cpu:1', HUNG_SECONDS: '3' })

  await t.test('maxSeconds: it is ended by force as timed_out, once, and its time counts', async () => {
    const { frames, trial } = await run(service, { maxSeconds: 1 })
    assert.deepEqual(trialStates(frames), ['running', 'failed'])
    assert.deepEqual([trial.failure?.code, trial.attempt, trial.deaths], ['timed_out', 1, 0])
    assert.ok(Number(trial.secondsUsed) >= 1, `${String(trial.secondsUsed)} s`)
  })

  await t.test('no maxSeconds: it is ended as hung', async () => {
    const { frames, trial } = await run(service, {})
    assert.deepEqual(trialStates(frames), ['running', 'failed'])
    assert.deepEqual([trial.failure?.code, trial.attempt, trial.deaths], ['hung', 1, 0])
  })

  await t.test('a pause and a cancel that have to be forced end as what was asked', async () => {
    // The pause may come when the watchdog has had enough: both are ends, and neither is a run again.
    const paused = trialStates((await run(service, {}, 'pause')).frames)
    assert.ok(['running,pausing,paused,canceled', 'running,failed', 'running,pausing,failed'].includes(paused.join()), paused.join())
    const canceled = trialStates((await run(service, {}, 'cancel')).frames)
    assert.deepEqual(canceled.slice(0, 2), ['running', 'stopping'])
    assert.equal(canceled.length, 3)
  })
})
