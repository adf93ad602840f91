/**
 * Processes that stop and wake: whoever holds a trial and falls silent loses it, once, and whoever wakes writes nothing.
 * What is recorded is what an undisturbed run records.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../helpers/folder.js'
import { follow, startService, yielded, type Frame, type Service } from '../helpers/service.js'

const spec = {
  data: { generator: { type: 'glyphs', classes: 10, train: 1500, test: 300, noise: 0.05, seed: 3 } },
  network: { type: 'mlp', hidden: [128] },
  optimizer: { learningRate: 0.05, momentum: 0.9 },
  epochs: 45,
  batchSize: 16,
  checkpoints: { type: 'every', epochs: 15 },
  labelNoise: { kind: 'random', fraction: 0.1 },
  seeds: [5]
}

interface Run { frames: Frame[], trial: { attempt: number, deaths: number, state: string, failure: unknown } }

async function run (service: Service, onFrame: (frame: Frame, metrics: number) => void = () => {}): Promise<Run> {
  const { id, trials: [{ id: trialId }] } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec })
  let seen = 0
  const frames = await follow(service, id, frame => { onFrame(frame, frame.type === 'metrics' ? ++seen : seen) })
  const trial = await service.json<Run['trial']>('GET', `/v1/trials/${trialId}`)
  assert.equal(trial.state, 'succeeded', JSON.stringify(trial.failure))
  assert.deepEqual(frames.map(frame => frame.seq), frames.map((_, i) => i + 1), 'every event once, in order')
  return { frames, trial }
}

/** Starts a second node on the same database and blobs. */
function startNode (t: TestContext, service: Service): void {
  const [first] = service.processes().filter(one => /main\.js work/.test(one.command))
  const environment = Object.fromEntries(readFileSync(`/proc/${first!.pid}/environ`, 'utf8').split('\0').filter(line => line !== '' && !line.startsWith('NODE_CHANNEL')).map(line => {
    const at = line.indexOf('=')
    return [line.slice(0, at), line.slice(at + 1)]
  }))
  const main = path.join(import.meta.dirname, '../../src/main.js')
  const child = spawn(process.execPath, [main, 'work'], { env: { ...environment, DATA_DIR: temporaryFolder() }, stdio: 'ignore' })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
}

test('processes that freeze in mid-run', { timeout: 800_000 }, async t => {
  const service = await startService(t, { SNAPSHOT_SECONDS: '1', LEASE_SECONDS: '9' })
  const expected = yielded((await run(service)).frames)

  await t.test('the executor: it is replaced, and the trial goes on after one hand-back', async () => {
    let thaw: (() => void) | undefined
    const { frames, trial } = await run(service, (_frame, metrics) => { if (metrics >= 10) thaw ??= service.freeze('executor') })
    assert.ok(thaw, 'the freeze came too late')
    assert.deepEqual(yielded(frames), expected)
    assert.equal(trial.attempt, 2)
    assert.ok(trial.deaths <= 1)
  })

  await t.test('a whole node: another takes over, the one that wakes writes nothing and works on', async t => {
    let thaw: (() => void) | undefined
    const { frames, trial } = await run(service, (frame, metrics) => {
      if (metrics >= 10 && thaw === undefined) {
        thaw = service.freeze('work', 'executor')
        startNode(t, service)
      }
      if (thaw && frame.data.state === 'running' && frame.trialId) thaw()
    })
    assert.ok(thaw, 'the freeze came too late')
    assert.deepEqual(yielded(frames), expected)
    assert.deepEqual([trial.attempt, trial.deaths], [2, 0], 'a lease that ran out is nobody’s death')
  })
})
