/**
 * What people ask of a running experiment: pause, resume, cancel, a time budget, a retry, seeds side by side. The trials
 * would go on for minutes on the fastest machine and are canceled when what was asked has been seen; what they yielded
 * is compared with an undisturbed run that goes as far as the longest of them.
 */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { follow, startService, yielded, type Frame, type Service } from '../helpers/service.js'

const endless = {
  data: { generator: { type: 'glyphs', classes: 10, train: 1000, test: 200, noise: 0.05, seed: 4 } },
  network: { type: 'mlp', hidden: [64] },
  optimizer: { learningRate: 0.05, momentum: 0.9 },
  epochs: 10_000,
  batchSize: 16,
  checkpoints: { type: 'every', epochs: 20 },
  labelNoise: { kind: 'random', fraction: 0.1 },
  seeds: [1]
}

/** So many metrics say that a trial is at work. */
const enough = 5

async function submit (service: Service, more: object = {}): Promise<string> {
  const { id } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec: endless, ...more })
  return id
}

/** What to do at a frame; `seen` counts the metrics of the trial's present attempt. */
type Reaction = (frame: Frame, seen: number, ask: (action: string) => void) => void

/** Follows to the end, counting metrics from each time that the trial begins to run. */
async function followAsking (service: Service, id: string, react: Reaction, after = 0): Promise<Frame[]> {
  const asked: Promise<unknown>[] = []
  const ask = (action: string): void => { asked.push(service.json('POST', `/v1/experiments/${id}/${action}`)) }
  let seen = 0
  const frames = await follow(service, id, frame => {
    if (frame.trialId === null) return
    if (frame.data.state === 'running') seen = 0
    if (frame.type === 'metrics') seen++
    react(frame, seen, ask)
  }, after)
  await Promise.all(asked)
  return frames
}

const isMetrics = (frame: Frame): boolean => frame.type === 'metrics'
const trialStates = (frames: Frame[]): unknown[] => frames.filter(frame => frame.type === 'state' && frame.trialId).map(frame => frame.data.state)

test('the life of an experiment', { timeout: 800_000 }, async t => {
  const service = await startService(t)
  const disturbed: unknown[][] = []

  await t.test('pause and resume: it goes on', async () => {
    let wasPaused = false
    const frames = await followAsking(service, await submit(service), (frame, seen, ask) => {
      if (isMetrics(frame) && seen === enough) ask(wasPaused ? 'cancel' : 'pause')
      if (frame.data.state === 'paused') {
        wasPaused = true
        ask('resume')
      }
    })
    assert.deepEqual(trialStates(frames), ['running', 'pausing', 'paused', 'queued', 'running', 'stopping', 'canceled'])
    disturbed.push(yielded(frames))
  })

  await t.test('cancel: it ends at the next boundary, what was recorded stays, the report gives no verdict', async () => {
    const id = await submit(service)
    const frames = await followAsking(service, id, (frame, seen, ask) => { if (isMetrics(frame) && seen === enough) ask('cancel') })
    assert.deepEqual(trialStates(frames), ['running', 'stopping', 'canceled'])
    disturbed.push(yielded(frames))
    const experiment = await service.json('GET', `/v1/experiments/${id}`)
    assert.equal(experiment.state, 'canceled')
    assert.equal((await service.json('GET', `/v1/experiments/${id}/report`)).verdict.holds, null)
    const again = await service.request('POST', `/v1/experiments/${id}/cancel`)
    assert.equal(again.status, 409)
    assert.equal((await service.request('DELETE', `/v1/experiments/${id}`)).status, 204)
  })

  await t.test('cancel while queued: it ends at once', async () => {
    const first = await submit(service, { spec: { ...endless, slots: 'all' } }) // no room beside it
    const second = await submit(service)
    await service.json('POST', `/v1/experiments/${second}/cancel`)
    assert.deepEqual(trialStates(await follow(service, second)), ['canceled'])
    await service.json('POST', `/v1/experiments/${first}/cancel`)
    await follow(service, first)
  })

  await t.test('maxSeconds: it fails as timed_out with its snapshot kept; retries go on from there', async () => {
    const id = await submit(service, { maxSeconds: 5 })
    const frames = await follow(service, id)
    const first = yielded(frames).length
    for (let retries = 0; ; retries++) {
      const experiment = await service.json('GET', `/v1/experiments/${id}`)
      assert.equal(experiment.failure.code, 'timed_out')
      assert.equal(trialStates(frames).filter(state => state === 'failed').length, retries + 1)
      if (yielded(frames).length > first) break
      assert.ok(retries < 200, 'a retry gets further') // not each: on a busy machine loading takes most of the time
      await service.json('POST', `/v1/experiments/${id}/retry`)
      frames.push(...await follow(service, id, undefined, frames.at(-1)!.seq))
    }
    assert.deepEqual(trialStates(frames).slice(0, 4), ['running', 'failed', 'queued', 'running'])
    disturbed.push(yielded(frames))
  })

  await t.test('a stop and a start of the service in mid-run: a graceful hand-back, then it goes on', async () => {
    const id = await submit(service)
    let restarting: Promise<void> | undefined
    const frames = await followAsking(service, id, (frame, seen, ask) => {
      if (!isMetrics(frame) || seen !== enough) return
      if (restarting) ask('cancel')
      else restarting = service.stop().then(service.start)
    })
    await restarting
    assert.deepEqual(trialStates(frames), ['running', 'queued', 'running', 'stopping', 'canceled'])
    disturbed.push(yielded(frames))
    const [trial] = (await service.json('GET', `/v1/experiments/${id}`)).trials
    const { attempts } = await service.json('GET', `/v1/trials/${trial.id}`)
    assert.match(attempts[0].end, /drain/)
  })

  await t.test('all of them yielded what an undisturbed run yields', async () => {
    const undisturbed = await yieldedUndisturbed(service, endless, Math.max(...disturbed.map(events => events.length)))
    assert.equal(disturbed.length, 4)
    for (const events of disturbed) assert.deepEqual(events, undisturbed.slice(0, events.length))
  })

  await t.test('two seeds side by side: one gapless stream, and each yields what it yields alone', async () => {
    const id = await submit(service, { spec: { ...endless, slots: 1, seeds: [7, 8] } })
    const seen = new Map<string, number>()
    const frames = await followAsking(service, id, (frame, _, ask) => {
      if (!isMetrics(frame)) return
      seen.set(frame.trialId!, (seen.get(frame.trialId!) ?? 0) + 1)
      if (seen.size === 2 && Math.min(...seen.values()) === enough && seen.get(frame.trialId!) === enough) ask('cancel')
    })
    assert.deepEqual(frames.map(frame => frame.seq), frames.map((_, i) => i + 1))
    const { trials } = await service.json('GET', `/v1/experiments/${id}`)
    const [first = [], second = []] = trials.map(({ id }: { id: string }) => frames.filter(frame => frame.trialId === id)) as Frame[][]
    for (const own of [first, second]) assert.deepEqual(trialStates(own), ['running', 'stopping', 'canceled'], 'they ran at the same time')
    const alone = await yieldedUndisturbed(service, { ...endless, slots: 1, seeds: [7] }, yielded(first).length)
    assert.deepEqual(yielded(first), alone)
    assert.notDeepEqual(yielded(second).slice(0, alone.length), alone)
  })

  await t.test('many short trials: each runs once, whatever starts and ends beside it', async () => {
    const { id } = await service.json('POST', '/v1/experiments', {
      kind: 'frequency-principle',
      spec: { target: { type: 'sines', terms: [{ frequency: 1 }, { frequency: 3 }] }, optimizers: [{ type: 'bfgs', steps: 20 }], seeds: [...Array(16).keys()] }
    })
    const frames = await follow(service, id)
    const byTrial = new Map<string, Frame[]>()
    for (const frame of frames) if (frame.trialId) byTrial.set(frame.trialId, [...byTrial.get(frame.trialId) ?? [], frame])
    assert.equal(byTrial.size, 16)
    for (const own of byTrial.values()) assert.deepEqual(trialStates(own), ['running', 'succeeded'])
  })

  await t.test('what is stored is for nobody else on this machine', () => {
    const modeOf = (entry: string): number => statSync(path.join(service.folder, entry)).mode & 0o777
    // as root the database's user must get through to its folder
    assert.equal(modeOf(''), process.getuid?.() === 0 ? 0o711 : 0o700)
    const entries = readdirSync(service.folder, { recursive: true }).map(String)
    assert.ok(entries.some(entry => /^blobs\/..\/..\/\w{64}$/.test(entry)) && entries.includes('node-id') && entries.includes('work.log'))
    assert.deepEqual(entries.filter(entry => modeOf(entry) & 0o077 && !entry.startsWith('postgres/')), [])
  })
})

/** What a run yields that nobody disturbs: so many events, then it is canceled. */
async function yieldedUndisturbed (service: Service, spec: object, count: number): Promise<unknown[]> {
  let seen = 0
  const frames = await followAsking(service, await submit(service, { spec }), (frame, _, ask) => {
    if (yielded([frame]).length > 0 && ++seen === count) ask('cancel')
  })
  return yielded(frames).slice(0, count)
}
