/** What `check:gpu` asks of a whole service whose only lane is one device: over HTTP, as a user would. */
import assert from 'node:assert/strict'
import { existsSync, openAsBlob } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../../src/paths.js'
import { follow, startService, type Service } from '../../test/helpers/service.js'
import { until } from '../../test/helpers/trials.js'
import { summarise, type Case } from '../record.js'

const mnist = path.resolve(projectRoot, '../shared/data/mnist')
const mnistFiles = {
  trainImages: 'train-images-idx3-ubyte.gz', trainLabels: 'train-labels-idx1-ubyte.gz', testImages: 't10k-images-idx3-ubyte.gz', testLabels: 't10k-labels-idx1-ubyte.gz'
}
const cnn = {
  type: 'cnn',
  layers: [
    { type: 'conv', filters: 32, kernel: 3 }, { type: 'max-pool', size: 2 }, { type: 'conv', filters: 64, kernel: 3 }, { type: 'max-pool', size: 2 },
    { type: 'dense', units: 128, activation: 'relu' }
  ]
}

/**
 * Starts a service on the device and has it do one of everything.
 * @param device as LANES names it
 * @param cacheDir of the set-up, where compiled kernels are kept
 * @returns the seconds that each took
 */
export async function checkService (device: string, cacheDir: string, size = { train: 60_000, test: 10_000 }): Promise<Case[]> {
  const closers: (() => unknown)[] = []
  const cases: Case[] = []
  const measure = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    const result = await work()
    const seconds = (performance.now() - started) / 1000
    cases.push({ name: `${name}, ${device}`, unit: 's', better: 'lower', ours: summarise([seconds]), peer: null, aim: null })
    process.stdout.write(`${name}: ${seconds.toFixed(2)} s\n`)
    return result
  }
  try {
    const service = await measure('start, until the lane is ready', async () => {
      const started = await startService(
        { after: close => { closers.push(close as () => unknown) } }, { LANES: device, CACHE_DIR: cacheDir }
      )
      await until(async () => isReady(started, device))
      return started
    })
    for (const { id: kind, presets: [preset] } of (await service.json('GET', '/v1/kinds')).items) {
      const id = await measure(`${kind} ${preset.name}`, async () => await run(service, { kind, preset: preset.name }))
      const { items: [model] } = await service.json('GET', `/v1/models?experimentId=${id}`)
      if (model !== undefined) await measure(`${kind} ${preset.name}, influence index of all layers`, async () => { await buildIndex(service, model.id) })
    }
    const data = existsSync(mnist) ? { datasetId: await upload(service) } : { generator: { type: 'glyphs', ...size } }
    const name = existsSync(mnist) ? 'MNIST' : `${size.train} drawn digits`
    const id = await measure(`${name}, CNN 32-64-128, 3 epochs with influence index of the last layer`, async () => await run(service, {
      kind: 'tracin',
      spec: {
        data,
        network: cnn,
        optimizer: { learningRate: 0.05, momentum: 0.9, schedule: { type: 'cosine' } },
        epochs: 3,
        batchSize: 64,
        checkpoints: { type: 'every', epochs: 1 },
        labelNoise: { kind: 'none' },
        selfInfluence: ['last'],
        seeds: [0]
      }
    }))
    const { items: [model] } = await service.json('GET', `/v1/models?experimentId=${id}`)
    for (const which of ['first', 'second']) {
      await measure(`${name}, influence of 10 test digits, ${which} time`, async () => await service.json('POST', `/v1/models/${model.id}/influence`, {
        queries: Array.from({ length: 10 }, (_, index) => ({ split: 'test', index })), layers: 'last', topK: 5
      }))
    }
  } finally {
    for (const close of closers) await close()
  }
  return cases
}

async function isReady (service: Service, device: string): Promise<boolean> {
  const { items } = await service.json<{ items: { lanes: { device: string, backend: string, failure: string | null }[] }[] }>('GET', '/v1/nodes')
  const lane = items.flatMap(({ lanes }) => lanes).find(one => device.startsWith(one.device))
  assert.equal(lane?.failure ?? null, null)
  return lane !== undefined && lane.backend !== 'starting'
}

async function run (service: Service, body: object): Promise<string> {
  const { id } = await service.json('POST', '/v1/experiments', body)
  await follow(service, id)
  const { state, failure } = await service.json('GET', `/v1/experiments/${id}`)
  assert.equal(state, 'succeeded', JSON.stringify(failure))
  return id
}

async function upload (service: Service): Promise<string> {
  const form = new FormData()
  form.append('name', 'mnist')
  form.append('format', 'idx')
  for (const [name, file] of Object.entries(mnistFiles)) form.append(name, await openAsBlob(path.join(mnist, file)), file)
  return (await service.json('POST', '/v1/datasets', form)).id
}

async function buildIndex (service: Service, modelId: string): Promise<void> {
  await service.json('POST', `/v1/models/${modelId}/influence-indexes`, { layers: 'all' })
  await until(async () => {
    const { items } = await service.json<{ items: { layers: string, state: string, failure: unknown }[] }>('GET', `/v1/models/${modelId}/influence-indexes`)
    const index = items.find(({ layers }) => layers === 'all')
    assert.notEqual(index?.state, 'failed', JSON.stringify(index?.failure))
    return index?.state === 'ready'
  })
}
