/** What people ask of a running experiment: pause, resume, cancel, a time budget, a retry, seeds side by side. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { follow, startService, yielded, type Frame, type Service } from '../helpers/service.js'

const spec = {
  data: { generator: { type: 'glyphs', classes: 10, train: 1000, test: 200, noise: 0.05, seed: 4 } },
  network: { type: 'mlp', hidden: [64] },
  optimizer: { learningRate: 0.05, momentum: 0.9 },
  epochs: 60,
  batchSize: 16,
  checkpoints: { type: 'every', epochs: 20 },
  labelNoise: { kind: 'random', fraction: 0.1 },
  seeds: [1]
}

async function submit (service: Service, more: object = {}): Promise<string> {
  const { id } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec, ...more })
  return id
}

/** Follows, and asks for something once when the trial is at work. */
async function followAsking (service: Service, id: string, action: string): Promise<Frame[]> {
  let asked: Promise<unknown> | undefined
  let seen = 0
  const frames = await follow(service, id, frame => {
    if (frame.type === 'metrics' && ++seen === 15) asked = service.json('POST', `/v1/experiments/${id}/${action}`)
    if (frame.trialId !== null && frame.data.state === 'paused') void service.json('POST', `/v1/experiments/${id}/resume`)
  })
  await asked
  assert.ok(asked, `the run ended before it could be asked to ${action}`)
  return frames
}

const trialStates = (frames: Frame[]): unknown[] => frames.filter(frame => frame.type === 'state' && frame.trialId).map(frame => frame.data.state)

test('the life of an experiment', { timeout: 200_000 }, async t => {
  const service = await startService(t)
  const undisturbed = yielded(await follow(service, await submit(service)))

  await t.test('pause and resume: it goes on from the boundary and yields what an undisturbed run yields', async () => {
    const frames = await followAsking(service, await submit(service), 'pause')
    assert.deepEqual(trialStates(frames), ['running', 'pausing', 'paused', 'queued', 'running', 'succeeded'])
    assert.deepEqual(yielded(frames), undisturbed)
  })

  await t.test('cancel: it ends at the next boundary, what was recorded stays, the report gives no verdict', async () => {
    const id = await submit(service)
    const frames = await followAsking(service, id, 'cancel')
    assert.deepEqual(trialStates(frames), ['running', 'stopping', 'canceled'])
    assert.deepEqual(yielded(frames), undisturbed.slice(0, yielded(frames).length))
    const experiment = await service.json('GET', `/v1/experiments/${id}`)
    assert.equal(experiment.state, 'canceled')
    assert.equal((await service.json('GET', `/v1/experiments/${id}/report`)).verdict.holds, null)
    const again = await service.request('POST', `/v1/experiments/${id}/cancel`)
    assert.equal(again.status, 409)
    assert.equal((await service.request('DELETE', `/v1/experiments/${id}`)).status, 204)
  })

  await t.test('cancel while queued: it ends at once', async () => {
    const first = await submit(service)
    const second = await submit(service)
    await service.json('POST', `/v1/experiments/${second}/cancel`)
    assert.deepEqual(trialStates(await follow(service, second)), ['canceled'])
    await service.json('POST', `/v1/experiments/${first}/cancel`)
    await follow(service, first)
  })

  await t.test('maxSeconds: it fails as timed_out with its snapshot kept; every retry goes on from there, to the same end', async () => {
    const id = await submit(service, { maxSeconds: 1 })
    const frames = await follow(service, id)
    assert.deepEqual(trialStates(frames), ['running', 'failed'])
    const experiment = await service.json('GET', `/v1/experiments/${id}`)
    assert.equal(experiment.failure.code, 'timed_out')
    assert.ok(yielded(frames).length < undisturbed.length)
    for (let retries = 0; (await service.json('GET', `/v1/experiments/${id}`)).state === 'failed'; retries++) {
      assert.ok(retries < 60, 'every retry gets further')
      await service.json('POST', `/v1/experiments/${id}/retry`)
      frames.push(...await follow(service, id, undefined, frames.at(-1)!.seq))
    }
    assert.deepEqual(yielded(frames), undisturbed)
  })

  await t.test('two seeds side by side: one gapless stream, and each yields what it yields alone', async () => {
    const alone = yielded(await follow(service, await submit(service, { spec: { ...spec, slots: 1, seeds: [7] } })))
    const frames = await follow(service, await submit(service, { spec: { ...spec, slots: 1, seeds: [7, 8] } }))
    assert.deepEqual(frames.map(frame => frame.seq), frames.map((_, i) => i + 1))
    const [first] = new Set(frames.flatMap(frame => frame.trialId === null ? [] : [frame.trialId]))
    const of = (isFirst: boolean): Frame[] => frames.filter(frame => frame.trialId !== null && (frame.trialId === first) === isFirst)
    const same = [of(true), of(false)].filter(one => JSON.stringify(yielded(one)) === JSON.stringify(alone))
    assert.equal(same.length, 1)
    const secondBegins = frames.findIndex(frame => frame.trialId !== null && frame.trialId !== first)
    assert.ok(secondBegins < frames.findLastIndex(frame => frame.trialId === first), 'they ran at the same time')
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

  await t.test('a stop and a start of the service in mid-run: a graceful hand-back, then it goes on', async () => {
    const id = await submit(service)
    let restarting: Promise<void> | undefined
    let seen = 0
    const frames = await follow(service, id, frame => {
      if (frame.type === 'metrics' && ++seen === 15) restarting = service.stop().then(service.start)
    })
    await restarting
    assert.deepEqual(trialStates(frames), ['running', 'queued', 'running', 'succeeded'])
    assert.deepEqual(yielded(frames), undisturbed)
    const [trial] = (await service.json('GET', `/v1/experiments/${id}`)).trials
    const { attempts } = await service.json('GET', `/v1/trials/${trial.id}`)
    assert.match(attempts[0].end, /drain/)
  })
})
