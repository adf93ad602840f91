/** The typed client against a listening service: calls, refusals, and a follower that misses nothing. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { buildApp } from '../../src/app.js'
import { createClient, must, type EventFrame, type ProblemError } from '../../src/client/index.js'
import { openTestApp } from '../helpers/app.js'
import { append, appendMetrics, finish, makeEverything } from '../routes/fixtures.js'
import type { TestContext } from 'node:test'

async function begin (t: TestContext) {
  const api = await openTestApp(t)
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return { api, port, url, client: createClient({ url: `${url}/`, key: api.team.keys.member }), ...await makeEverything(api.parts, api.team) }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('createClient: calls have types, refusals throw what the service said', async t => {
  const { client, experimentId } = await begin(t)
  const experiment = await must(client.api.GET('/v1/experiments/{id}', { params: { path: { id: experimentId } } }))
  assert.equal(experiment.name, 'everything')
  const made = await must(client.api.POST('/v1/datasets', { body: { name: 'points', source: { generator: { type: 'blobs', train: 10, test: 5 } } } }))
  assert.equal(made.counts.train, 10)
  await assert.rejects(must(client.api.GET('/v1/models/{id}', { params: { path: { id: experimentId } } })), (error: ProblemError) => {
    assert.deepEqual([error.name, error.problem.code, error.problem.status], ['ProblemError', 'not_found', 404])
    return true
  })
})

test('follow: every event exactly once, also across a restart of the API', async t => {
  const { api, port, client, experimentId, trialId } = await begin(t)
  await appendMetrics(api.parts, experimentId, trialId, 700)
  const seen: EventFrame[] = []
  const reasons: string[] = []
  for await (const event of client.follow(experimentId, { onReconnect: reason => { reasons.push(reason) } })) {
    seen.push(event)
    if (seen.length !== 300) continue
    await api.app.close()
    await appendMetrics(api.parts, experimentId, trialId, 200)
    const second = await buildApp(api.config, api.parts)
    t.after(() => second.close())
    await second.listen({ host: '127.0.0.1', port })
    await append(api.parts, experimentId, [{ type: 'checkpoint', trialId, data: { step: 1 } }])
    await finish(api.parts, experimentId)
  }
  assert.deepEqual(seen.map(event => event.seq), range(1, 904))
  assert.ok(reasons.length >= 1)
  assert.deepEqual(seen.slice(-3).map(event => event.type), ['checkpoint', 'report', 'state'])
})

test('follow: a slow caller gets what was skipped all the same', async t => {
  const { api, client, experimentId, trialId } = await begin(t)
  const seen: number[] = []
  const padding = 'x'.repeat(1000)
  for await (const event of client.follow(experimentId)) {
    seen.push(event.seq)
    if (seen.length !== 1) continue
    // While this runs nothing is read: more than the buffers hold, and more than a client may lag.
    for (let round = 0; round < 30; round++) {
      await append(api.parts, experimentId, Array.from({ length: 1000 }, (_, step) => ({ type: 'metrics', trialId, data: { step, padding } })))
    }
    await finish(api.parts, experimentId)
  }
  assert.deepEqual(seen, range(1, 30_003))
})

test('follow: after and types choose, and it ends where the experiment has ended', async t => {
  const { api, client, experimentId, trialId } = await begin(t)
  await appendMetrics(api.parts, experimentId, trialId, 5)
  await append(api.parts, experimentId, [{ type: 'log', trialId, data: { text: 'a' } }])
  await finish(api.parts, experimentId)
  const collect = async (options: object) => {
    const seqs: number[] = []
    for await (const event of client.follow(experimentId, options)) seqs.push(event.seq)
    return seqs
  }
  assert.deepEqual(await collect({ after: 4 }), [5, 6, 7, 8, 9])
  assert.deepEqual(await collect({ types: ['log', 'report'] }), [7, 8])
  assert.deepEqual(await collect({ after: 9 }), [])
})

test('follow: a refusal is an error and not a reason to try again; a signal ends it', async t => {
  const { api, url, client, experimentId } = await begin(t)
  const stranger = createClient({ url, key: api.other.keys.member })
  await assert.rejects(stranger.follow(experimentId).next(), (error: ProblemError) => error.problem.code === 'not_found')
  const stopping = new AbortController()
  const events = client.follow(experimentId, { signal: stopping.signal })
  assert.equal((await events.next()).value!.type, 'state')
  const waiting = events.next()
  stopping.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
})
