/** Operations of a kind, from the contract to the wire and to the thread that answers. */
import '../kinds/asked.js' // first: routes are made of what kinds have
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from 'fast-png'
import { runNode } from '../../src/jobs/node.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { askUntilAnswered } from '../helpers/questions.js'
import { finish, makeEverything } from '../routes/fixtures.js'

const common = ['predict', 'influence', 'region-influence', 'self-influence', 'attack']

/** Makes a model of a kind, of a trial that has ended. */
async function makeModel (api: TestApp, kind: string): Promise<string> {
  const { modelId, experimentId } = await makeEverything(api.parts, api.team)
  await api.parts.db.pool.query('update experiment set kind = $2 where id = $1', [experimentId, kind])
  await api.parts.db.pool.query('update model set details = $2 where id = $1', [modelId, { unit: 'g' }])
  await finish(api.parts, experimentId)
  return modelId
}

test('a kind’s own operations are described, and only its models have them', async t => {
  const api = await openTestApp(t)
  const [ours, others, old] = [await makeModel(api, 'asked'), await makeModel(api, 'tracin'), await makeModel(api, 'of another version')]
  const listed = async (id: string): Promise<unknown> => {
    const { kind, operations, details } = (await api.call('GET', `/v1/models/${id}`)).json()
    assert.deepEqual(details, { unit: 'g' })
    return [kind, operations]
  }
  assert.deepEqual(await listed(ours), ['asked', [...common, 'weigh', 'count-slowly']])
  assert.deepEqual(await listed(others), ['tracin', common])
  assert.deepEqual(await listed(old), ['of another version', common])

  const { items } = (await api.call('GET', '/v1/kinds')).json() as { items: { id: string, operations: { name: string, request: object }[] }[] }
  const [described] = items.find(({ id }) => id === 'asked')!.operations.filter(({ name }) => name === 'weigh')
  const { request, ...facts } = described!
  assert.deepEqual(facts, { name: 'weigh', title: 'Ask what the weights sum up to', method: 'POST', mediaTypes: ['application/json', 'image/png'], isLong: false })
  assert.deepEqual((request as { properties: object }).properties, { times: { type: 'integer', minimum: 1, maximum: 10, default: 1 } })
  assert.deepEqual(items.find(({ id }) => id === 'tracin')!.operations.map(({ name }) => name), common)
  const { paths } = (await api.call('GET', '/openapi.json')).json()
  assert.equal(paths['/v1/models/{id}/count-slowly'].post.operationId, 'countSlowly')

  const refused = await api.call('POST', `/v1/models/${others}/weigh`, { body: {} })
  assert.deepEqual([refused.statusCode, refused.json().code, refused.json().detail], [404, 'unknown_operation',
    'a model of kind tracin must be asked one of predict, influence, region-influence, self-influence, attack, got weigh'])
  for (const times of [0, 7]) {
    const { code, errors: [{ path }] } = (await api.call('POST', `/v1/models/${ours}/weigh`, { body: { times } })).json()
    assert.deepEqual([code, path], ['invalid_request', 'times'])
  }
  assert.equal((await api.call('POST', `/v1/models/${ours}/weigh`, { body: {}, key: api.other.keys.member })).json().code, 'not_found')
  assert.deepEqual((await api.parts.db.pool.query('select id from query where operation <> $1', ['predict'])).rows, [], 'nothing of that was asked')
})

test('a kind’s own operations are answered by an executor: as JSON, as a picture, slowly', { timeout: 150_000 }, async t => {
  const api = await openTestApp(t)
  const id = await makeModel(api, 'asked')
  process.env.NODE_OPTIONS = `--import=${new URL('../kinds/asked.js', import.meta.url).href}`
  t.after(() => { delete process.env.NODE_OPTIONS })
  const node = await runNode({ ...api.config, lanes: [{ device: 'cpu', slots: 1 }] }, () => {})
  t.after(async () => { await node.stop() })

  const ask = async (name: string, body: object, accept?: string) => await askUntilAnswered(api, `/v1/models/${id}/${name}`, body, accept)
  /** The answer itself, or as the query has it. */
  const json = async (name: string, body: object) => {
    const answer = (await ask(name, body)).json()
    return answer.response ?? answer
  }
  assert.deepEqual(await json('weigh', { times: 2 }), { sum: 20, unit: 'g' }, 'weights 1, 2, 3 and 4')
  assert.deepEqual(await json('count-slowly', {}), { count: 4 })
  assert.deepEqual([...decode((await ask('weigh', {}, 'image/png')).rawPayload).data], [10])
})
