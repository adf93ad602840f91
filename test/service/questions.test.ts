/** Questions to the whole service: many at once, and while the executor that would answer is killed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { follow, startService, type Service } from '../helpers/service.js'

const spec = {
  data: { generator: { type: 'glyphs', classes: 10, train: 400, test: 80, noise: 0.05, seed: 4 } },
  network: { type: 'mlp', hidden: [32] },
  optimizer: { learningRate: 0.05, momentum: 0.9 },
  epochs: 10,
  batchSize: 16,
  checkpoints: { type: 'every', epochs: 1 },
  labelNoise: { kind: 'none' },
  seeds: [1]
}

/** Asks for predictions of sixty examples, each by a request of its own. @returns the ends of the queries that took longer */
async function askSixty (service: Service, modelId: string): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: 60 }, async (_, index) =>
    await service.json('POST', `/v1/models/${modelId}/predict`, { queries: [{ split: 'test', index }] })))
  const states = []
  for (const { queryId } of answers.filter(answer => answer.queryId !== undefined)) {
    for (;;) {
      const { state } = await service.json('GET', `/v1/queries/${queryId}`)
      if (state === 'succeeded' || state === 'failed') {
        states.push(state)
        break
      }
      await delay(50)
    }
  }
  return states
}

test('sixty questions at once are answered, also when their executor is killed, and so is an index that it was building', { timeout: 300_000 }, async t => {
  const service = await startService(t, { LANES: 'cpu:1' })
  const { id } = await service.json('POST', '/v1/experiments', { kind: 'tracin', spec })
  await follow(service, id)
  const { items: [{ id: modelId }] } = await service.json('GET', `/v1/models?experimentId=${id}`)
  assert.ok((await askSixty(service, modelId)).every(state => state === 'succeeded'))

  const index = await service.json('POST', `/v1/models/${modelId}/influence-indexes`, { layers: 'all' })
  const asked = askSixty(service, modelId)
  await service.kill('executor')
  assert.ok((await asked).every(state => state === 'succeeded'))
  for (;;) {
    const { items } = await service.json('GET', `/v1/models/${modelId}/influence-indexes`)
    const { state, failure, progress } = items.find((one: { id: string }) => one.id === index.id)
    assert.notEqual(state, 'failed', failure?.message)
    if (state === 'ready') {
      assert.deepEqual(progress, { done: 10, of: 10 })
      break
    }
    await delay(50)
  }
})
