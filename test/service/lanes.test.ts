/** A lane whose trials want different numbers of threads, seen from outside: questions, builds and trials stay undisturbed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { follow, startService, type Service } from '../helpers/service.js'

const spec = {
  data: { generator: { type: 'glyphs', classes: 10, train: 400, test: 80, noise: 0.05, seed: 4 } },
  network: { type: 'mlp', hidden: [32] },
  epochs: 4,
  batchSize: 16,
  checkpoints: { type: 'every', epochs: 1 },
  labelNoise: { kind: 'none' },
  seeds: [1]
}

/** Changes that make a trial of it which nobody waits for. */
const endless = {
  data: { generator: { ...spec.data.generator, train: 1500 } }, epochs: 10_000, checkpoints: { type: 'explicit', epochs: [10_000] }, selfInfluence: ['last']
}

async function submit (service: Service, changes: object = {}): Promise<{ id: string, trialId: string }> {
  const { id, trials: [trial] } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec: { ...spec, ...changes } })
  return { id, trialId: trial.id }
}

async function until (isTrue: () => Promise<boolean>): Promise<void> {
  while (!await isTrue()) await delay(20)
}

test('a lane of two slots: questions are answered and indexes built while trials of another number of threads run', { timeout: 600_000 }, async t => {
  const service = await startService(t, { LANES: 'cpu:2' })
  const executors = (): number[] => service.processes().filter(({ command }) => /jobs\/executor/.test(command)).map(({ pid }) => pid).sort()
  const long = await submit(service, endless)
  await until(async () => (await service.json('GET', `/v1/trials/${long.trialId}`)).progress.done > 0)
  const before = executors()
  // A network of this size is given one thread, and leaves the other slot free.
  const { slots, threads, fingerprint } = await service.json('GET', `/v1/trials/${long.trialId}`)
  assert.deepEqual([slots, threads, fingerprint.threads], [1, 1, 1])
  const short = await submit(service)
  await follow(service, short.id)
  const { items: [{ id: modelId }] } = await service.json('GET', `/v1/models?experimentId=${short.id}`)

  const { id: indexId } = await service.json('POST', `/v1/models/${modelId}/influence-indexes`, { layers: 'all' })
  const ask = async (): Promise<boolean> => {
    const { results } = await service.json('POST', `/v1/models/${modelId}/predict`, { queries: [{ split: 'test', index: 0 }] })
    return results !== undefined
  }
  await until(ask)
  await follow(service, (await submit(service, { seeds: [2] })).id)
  await until(async () => {
    const { items } = await service.json('GET', `/v1/models/${modelId}/influence-indexes`)
    return items.find((one: { id: string }) => one.id === indexId).state === 'ready'
  })
  await until(async () => {
    const { items: [{ lanes: [{ warmModels }] }] } = await service.json('GET', '/v1/nodes')
    return warmModels.includes(modelId)
  })
  const { items: [{ lanes: [lane] }] } = await service.json('GET', '/v1/nodes')
  assert.deepEqual(lane.executors.map((one: { threads: number }) => one.threads).sort(), [1, 2])
  assert.equal(before.length, 2)
  assert.deepEqual(executors(), before, 'none was forked anew')
  const { state, attempt } = await service.json('GET', `/v1/trials/${long.trialId}`)
  assert.deepEqual([state, attempt], ['running', 1])
})
