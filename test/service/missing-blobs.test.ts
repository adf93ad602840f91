/** A blob store that lost its files: what can be made again is, all else is named, and nothing answers 500. */
import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { askInVain } from '../helpers/experiments.js'
import { follow, startService, type Service } from '../helpers/service.js'

const spec = {
  data: { generator: { type: 'glyphs', classes: 5, train: 200, test: 40, noise: 0.05, seed: 4 } },
  network: { type: 'mlp', hidden: [16] },
  epochs: 4,
  batchSize: 16,
  checkpoints: { type: 'every', epochs: 2 },
  labelNoise: { kind: 'none' },
  seeds: [1]
}

const rows = Array.from({ length: 600 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${i % 2 === 0 ? 'even' : 'odd'}`)

async function uploadRows (service: Service): Promise<{ id: string, sha256: string }> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ name: 'parity', format: 'csv' })) form.append(name, value)
  form.append('train', new Blob([`x,y,kind\n${rows.join('\n')}\n`]), 'parity.csv')
  return await service.json('POST', '/v1/datasets', form)
}

/** Empties the store; a service that starts anew holds nothing of it in memory. */
async function loseBlobs (service: Service): Promise<void> {
  await service.stop()
  const folder = path.join(service.folder, 'blobs')
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true })
  await service.start()
}

interface Problem { status: number, code: string, detail: string }

async function problem (service: Service, method: string, where: string, body?: unknown): Promise<Problem> {
  const response = await service.request(method, where, body)
  const { code, detail } = await response.json() as Problem
  assert.ok(!JSON.stringify(detail).includes(service.folder), `no path of ours in ${detail}`)
  return { status: response.status, code, detail }
}

test('a blob store that lost its files', { timeout: 600_000 }, async t => {
  const service = await startService(t, { LANES: 'cpu:1' }) // one executor: the lane's first has as many threads as the trials want
  const { id } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec })
  await follow(service, id)
  const experiment = await service.json('GET', `/v1/experiments/${id}`)
  const datasetId = experiment.spec.data.datasetId
  const [trial] = experiment.trials
  const { items: [{ id: modelId }] } = await service.json('GET', `/v1/models?experimentId=${id}`)
  const { items: checkpoints } = await service.json('GET', `/v1/trials/${trial.id}/checkpoints`)
  const uploaded = await uploadRows(service)

  // A trial on the upload that would go on for hours, paused with a snapshot.
  const { id: endless } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec: { ...spec, data: { datasetId: uploaded.id }, batchSize: 1, epochs: 10_000, checkpoints: { type: 'every', epochs: 5000 } } })
  let asked: Promise<unknown> | undefined
  const untilPaused = new Promise<number>((resolve, reject) => {
    follow(service, endless, frame => {
      if (frame.type === 'metrics' || frame.type === 'progress') asked ??= service.json('POST', `/v1/experiments/${endless}/pause`)
      if (frame.trialId !== null && frame.data.state === 'paused') resolve(frame.seq)
    }).catch(reject)
  })
  const pausedAt = await untilPaused
  await asked
  await loseBlobs(service)

  await t.test('weights are 410, also for HEAD, and named', async () => {
    const { status, code, detail } = await problem(service, 'GET', `/v1/checkpoints/${checkpoints[0].id}/weights`)
    assert.deepEqual([status, code], [410, 'file_missing'])
    assert.ok(detail.includes(checkpoints[0].id) && detail.includes(checkpoints[0].sha256), detail)
    assert.equal((await service.request('HEAD', `/v1/checkpoints/${checkpoints[0].id}/weights`)).status, 410)
  })

  await t.test('an uploaded data set is named with 422, by examples and by submissions', async () => {
    for (const [method, where, body] of [
      ['GET', `/v1/datasets/${uploaded.id}/examples/train/0`, undefined],
      ['POST', '/v1/experiments', { kind: 'tracin', spec: { ...spec, data: { datasetId: uploaded.id } } }]
    ] as const) {
      const { status, code, detail } = await problem(service, method, where, body)
      assert.deepEqual([status, code], [422, 'data_missing'], where)
      assert.ok(detail.includes(uploaded.id) && detail.includes(uploaded.sha256), detail)
    }
    const { valid, errors } = await service.json('POST', '/v1/experiments?validate=true', { kind: 'tracin', spec: { ...spec, data: { datasetId: uploaded.id } } })
    assert.equal(valid, false)
    assert.match(errors[0].rule, /is not in the blob store/)
  })

  await t.test('a trial that needs it fails as data_missing', async () => {
    await service.json('POST', `/v1/experiments/${endless}/resume`)
    await follow(service, endless, undefined, pausedAt)
    const { failure } = await service.json('GET', `/v1/experiments/${endless}`)
    assert.equal(failure.code, 'data_missing')
    assert.ok(failure.message.includes(uploaded.id), failure.message)
  })

  await t.test('a trial makes a generated data set again, and yields what it did before', async () => {
    const again = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec: { ...spec, data: { datasetId } } })
    await follow(service, again.id)
    assert.equal((await service.json('GET', `/v1/experiments/${again.id}`)).state, 'succeeded')
    const results = await Promise.all([trial, ...(await service.json('GET', `/v1/experiments/${again.id}`)).trials].map(async ({ id }) =>
      (await service.json('GET', `/v1/trials/${id}/checkpoints`)).items.length))
    assert.equal(results[0], results[1])
  })

  await t.test('questions: missing weights are 410, a missing part of an index leaves it to be built', async () => {
    const predicted = await askInVain(service, `/v1/models/${modelId}/predict`, { queries: [{ split: 'test', index: 0 }] })
    assert.equal(predicted.code, 'file_missing')
    assert.match(predicted.detail, /^the weights of model \S+ at step \d+: blob \w{64} is not in the blob store$/)
    await service.json('POST', `/v1/models/${modelId}/influence-indexes`, { layers: 'all' })
    assert.match((await untilBuilt(service, modelId, 'all')).failure.message, /^the weights of model/)
  })

  await t.test('examples and an index build make a generated data set again', async () => {
    await loseBlobs(service)
    const example = await service.json('GET', `/v1/datasets/${datasetId}/examples/train/0`)
    assert.equal(example.fields.inputs.values.length, 784)
    const { id: fresh } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec: { ...spec, seeds: [2] } })
    await follow(service, fresh)
    const { items: [model] } = await service.json('GET', `/v1/models?experimentId=${fresh}`)
    const { sha256 } = await service.json('GET', `/v1/datasets/${datasetId}`)
    rmSync(path.join(service.folder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256))
    await service.kill('executor') // the one that has it in memory
    await service.json('POST', `/v1/models/${model.id}/influence-indexes`, { layers: 'all' })
    assert.equal((await untilBuilt(service, model.id, 'all')).state, 'ready')

    const asksInfluence = [`/v1/models/${model.id}/influence`, { queries: [{ split: 'test', index: 0 }], layers: 'all', topK: 1 }] as const
    const before = await service.json('POST', ...asksInfluence)
    await loseIndexParts(service, model.id)
    assert.equal((await askInVain(service, ...asksInfluence)).code, 'index_missing')
    await service.json('POST', `/v1/models/${model.id}/influence-indexes`, { layers: 'all' })
    assert.equal((await untilBuilt(service, model.id, 'all')).state, 'ready')
    assert.deepEqual((await service.json('POST', ...asksInfluence)).results, before.results)
  })

  await t.test('the same upload brings its bytes back; a trial whose snapshot is lost begins anew and says so', async () => {
    assert.equal((await uploadRows(service)).id, uploaded.id)
    assert.equal((await service.request('GET', `/v1/datasets/${uploaded.id}/examples/train/0`)).status, 200)
    await service.json('POST', `/v1/experiments/${endless}/retry`)
    let canceled: Promise<unknown> | undefined
    const frames = await follow(service, endless, frame => {
      if (frame.type === 'log') canceled ??= service.json('POST', `/v1/experiments/${endless}/cancel`)
    }, pausedAt)
    await canceled
    const log = frames.find(frame => frame.type === 'log')
    assert.match(String(log?.data.text), /^Attempt \d+ begins anew: the snapshot of step \d+, blob \w{64} is not in the blob store$/)
    assert.equal((await service.json('GET', `/v1/experiments/${endless}`)).state, 'canceled')
  })
})

async function untilBuilt (service: Service, modelId: string, layers: string): Promise<{ state: string, failure: { message: string } }> {
  for (;;) {
    const { items } = await service.json('GET', `/v1/models/${modelId}/influence-indexes`)
    const index = items.find((one: { layers: string }) => one.layers === layers)
    if (index.state !== 'building') return index
    await delay(50)
  }
}

/** Removes the files of everything but the model's weights and data: what is left are the parts of its index. */
async function loseIndexParts (service: Service, modelId: string): Promise<void> {
  const { trialId, datasetId } = await service.json('GET', `/v1/models/${modelId}`)
  const { items } = await service.json('GET', `/v1/trials/${trialId}/checkpoints`)
  const kept = new Set([...items.map((one: { sha256: string }) => one.sha256), (await service.json('GET', `/v1/datasets/${datasetId}`)).sha256])
  const folder = path.join(service.folder, 'blobs')
  for (const entry of readdirSync(folder, { recursive: true }).map(String)) {
    if (/\w{64}$/.test(entry) && !kept.has(path.basename(entry))) rmSync(path.join(folder, entry))
  }
  await service.kill('executor') // the next one holds nothing of them in memory
}
