/** What `check:gpu` asks of a whole service whose only lane is one device: over HTTP, as a user would. */
import assert from 'node:assert/strict'
import { train, trainModel } from '../../test/helpers/experiments.js'
import { cnnSpec, hasMnist, uploadMnist } from '../../test/helpers/mnist.js'
import { startService, type Service } from '../../test/helpers/service.js'
import { until } from '../../test/helpers/trials.js'
import { summarise, type Case } from '../record.js'

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
      const modelId = await measure(`${kind} ${preset.name}`, async () => (await train(service, { kind, preset: preset.name })).modelId)
      if (modelId) await measure(`${kind} ${preset.name}, influence index of all layers`, async () => { await buildIndex(service, modelId) })
    }
    const data = hasMnist ? { datasetId: (await uploadMnist(service)).id } : { generator: { type: 'glyphs', ...size } }
    const name = hasMnist ? 'MNIST' : `${size.train} drawn digits`
    const { modelId } = await measure(`${name}, CNN 32-64-128, 3 epochs with influence index of the last layer`, async () =>
      await trainModel(service, { kind: 'tracin', spec: cnnSpec(data) }))
    for (const which of ['first', 'second']) {
      await measure(`${name}, influence of 10 test digits, ${which} time`, async () => await service.json('POST', `/v1/models/${modelId}/influence`, {
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

async function buildIndex (service: Service, modelId: string): Promise<void> {
  await service.json('POST', `/v1/models/${modelId}/influence-indexes`, { layers: 'all' })
  await until(async () => {
    const { items } = await service.json<{ items: { layers: string, state: string, failure: unknown }[] }>('GET', `/v1/models/${modelId}/influence-indexes`)
    const index = items.find(({ layers }) => layers === 'all')
    assert.notEqual(index?.state, 'failed', JSON.stringify(index?.failure))
    return index?.state === 'ready'
  })
}
