/** Who may do what, for every route of the OpenAPI document: no key, a viewer's writes, another team's things. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataInputs } from '../../src/algorithms/references.js'
import { algorithms } from '../../src/algorithms/registry.js'
import { openTestApp, OPERATOR_KEY, type TestApp } from '../helpers/app.js'
import { dataPathOf, overridesAt } from '../helpers/inputs.js'
import { makeEverything, smallestPreset, type Everything } from './fixtures.js'

interface Parameter { in: string, name: string, schema: { format?: string } }
interface Operation {
  method: string
  template: string
  operationId: string
  path: string
  body: object | undefined
  parameters: Parameter[]
}

/** What lets a request past the schema of its route. */
const bodies: Record<string, object> = {
  createExperiment: smallestPreset,
  updateExperiment: { name: 'renamed' },
  predict: { queries: [{ split: 'test', index: 0 }] },
  influence: { queries: [{ split: 'test', index: 0 }] },
  regionInfluence: { queries: [{ split: 'test', index: 0 }] },
  attack: { radius: 0.1 },
  initialize: { count: 1 },
  solve: { count: 1 },
  retrain: { suspects: { top: 1 } },
  buildInfluenceIndex: {},
  createDataset: { name: 'made', source: { generator: { type: 'blobs', train: 10, test: 5 } } },
  segment: { picture: 'iVBORw==' },
  createTeam: { name: 'more' },
  updateQuotas: { maxRunningTrials: 3 },
  createKey: { name: 'more', role: 'viewer' }
}

/** Lists every operation under /v1 with a path that names our team's things. */
function listOperations ({ app }: TestApp, ours: Everything): Operation[] {
  const ids: [RegExp, string][] = [
    [/experiments\/\{id\}/, ours.experimentId], [/trials\/\{id\}/, ours.trialId], [/checkpoints\/\{id\}/, ours.checkpointId],
    [/artifacts\/\{id\}/, ours.artifactId], [/models\/\{id\}/, ours.modelId], [/queries\/\{id\}/, ours.queryId],
    [/datasets\/\{id\}/, ours.datasetId], [/uploads\/\{id\}/, ours.uploadId], [/keys\/\{id\}/, ours.keyId]
  ]
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, { operationId: string, parameters?: Parameter[] }>> }
  return Object.entries(paths).filter(([template]) => template.startsWith('/v1/')).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [] }]) => {
      const [, id = ''] = ids.find(([pattern]) => pattern.test(template)) ?? []
      const path = template.replace('{id}', id).replace('{split}', 'train').replace('{index}', '0').replace('{name}', 'loss')
      assert.ok(!path.includes('{') && !path.includes('//'), `the test must know what stands for the parameters of ${template}`)
      return { method: method.toUpperCase(), template, operationId, path, body: bodies[operationId], parameters }
    }))
}

/** All that a team can read of what it owns. */
async function readAll (operations: Operation[], call: TestApp['call']): Promise<string[]> {
  const reads = operations.filter(({ method, template }) => method === 'GET' && !/nodes$|self-influence$/.test(template)) // lanes are everybody's, and the other is a question
  return await Promise.all(reads.map(async ({ path }) => {
    const { statusCode, body } = await call('GET', path)
    return `${path} ${statusCode} ${body.replaceAll(/"(lastUsedAt|requestId)":("[^"]*"|null)/g, '')}`
  }))
}

test('every route: no key and an unknown key are 401, a viewer’s writes 403, another team’s things 404', async t => {
  const api = await openTestApp(t)
  const { call, other, team } = api
  const ours = await makeEverything(api.parts, team)
  const operations = listOperations(api, ours)
  const before = await readAll(operations, call)
  assert.ok(operations.length >= 40, `the document lists the routes, got ${operations.length}`)
  for (const { method, template, operationId, path, body } of operations) {
    const where = `${method} ${template}`
    for (const key of [null, 'dl_unknown']) {
      const response = await call(method, path, { key, body })
      assert.equal(response.statusCode, 401, where)
      assert.equal(response.json().code, 'unauthorized')
      assert.match(String(response.headers['www-authenticate']), /^Bearer/)
    }
    if (method !== 'GET' && !/Session$/.test(operationId)) {
      const response = await call(method, path, { key: team.keys.viewer, body })
      assert.equal(response.statusCode, 403, where)
      assert.equal(response.json().code, 'forbidden')
    }
    if (template.includes('{id}')) {
      const response = await call(method, path, { key: other.keys.admin, body })
      assert.equal(response.statusCode, 404, `${where} ${response.body}`)
      assert.equal(response.json().code, 'not_found')
    }
  }
  assert.deepEqual(await readAll(operations, call), before, 'nothing of that changed anything')
})

test('lists: another team’s are empty of ours', async t => {
  const { call, parts, team, other } = await openTestApp(t)
  await makeEverything(parts, team)
  for (const path of ['/v1/experiments', '/v1/datasets', '/v1/models']) {
    assert.equal((await call('GET', path)).json().items.length, 1, path)
    assert.deepEqual((await call('GET', path, { key: other.keys.admin })).json(), { items: [], nextCursor: null }, path)
  }
  const names = (await call('GET', '/v1/team/keys', { key: other.keys.viewer })).json().items.map((key: { name: string }) => key.name)
  assert.deepEqual(names.sort(), ['admin', 'member', 'viewer'])
})

/** Ids of our things by the name of the query parameter that asks for such. */
const queryIds = ({ experimentId, trialId, datasetId }: Everything): Record<string, string> => ({ experimentId, trialId, datasetId })

test('every query parameter that is an id: another team’s is the same as one that nothing has', async t => {
  const api = await openTestApp(t)
  const { call, parts, team, other } = api
  const [ours, theirs] = [await makeEverything(parts, team), await makeEverything(parts, other)]
  const asked = listOperations(api, theirs).flatMap(({ method, path, parameters }) => parameters
    .filter(parameter => parameter.in === 'query' && parameter.schema.format === 'uuid')
    .map(({ name }) => ({ method, path, name })))
  assert.ok(asked.length >= 5, `the document names such parameters, got ${asked.length}`)
  for (const { method, path, name } of asked) {
    const id = queryIds(ours)[name]
    assert.ok(id !== undefined, `the test must know what stands for ${name}`)
    const answer = async (value: string) => {
      const { statusCode, body } = await call(method, `${path}?${name}=${value}`, { key: other.keys.admin })
      return { statusCode, body: body.replaceAll(value, 'ID').replaceAll(/"requestId":"[^"]*"/g, '') }
    }
    assert.deepEqual(await answer(id), await answer('01936a3e-0000-7000-8000-0000000000ff'), `${method} ${path} ${name}`)
  }
})

test('POST /v1/experiments: another team’s data set does not exist, for every kind that takes one', async t => {
  const { call, parts, team, other } = await openTestApp(t)
  const { datasetId } = await makeEverything(parts, team)
  for (const algorithm of algorithms) {
    const { kind, presets } = algorithm
    const preset = presets.find(({ spec, needs }) => needs === undefined && dataInputs(algorithm, spec).length > 0)
    if (preset === undefined) {
      assert.ok(presets.every(({ spec }) => dataInputs(algorithm, spec).length === 0), `a preset of ${kind} takes data, and needs none of its own`)
      continue
    }
    const path = dataPathOf(algorithm, preset.spec)
    const body = { kind, preset: preset.name, overrides: overridesAt(path, { generator: null, datasetId }) }
    const refused = await call('POST', '/v1/experiments', { key: other.keys.member, body })
    assert.equal(refused.statusCode, 404, refused.body)
    assert.deepEqual(refused.json().errors, [{ path: `${path}.datasetId`, rule: 'must be a data set of this team', got: datasetId }])
    const checked = await call('POST', '/v1/experiments?validate=true', { key: other.keys.member, body })
    assert.deepEqual([checked.json().valid, checked.json().errors], [false, refused.json().errors], 'and validate says the same')
  }
})

test('roles: a member does not manage keys and quotas, an admin does not make teams, the operator does both', async t => {
  const { call, team } = await openTestApp(t)
  assert.equal((await call('POST', '/v1/team/keys', { body: bodies.createKey })).statusCode, 403)
  assert.equal((await call('PATCH', '/v1/team/quotas', { body: bodies.updateQuotas })).statusCode, 403)
  assert.equal((await call('POST', '/v1/teams', { key: team.keys.admin, body: bodies.createTeam })).statusCode, 403)
  assert.equal((await call('POST', '/v1/team/keys', { key: OPERATOR_KEY, body: bodies.createKey })).statusCode, 201)
  assert.equal((await call('POST', '/v1/teams', { key: OPERATOR_KEY, body: bodies.createTeam })).statusCode, 201)
  assert.equal((await call('GET', '/v1/team', { key: OPERATOR_KEY })).json().name, 'default')
})

test('open routes: the document, its page, health and the way to them need no key', async t => {
  const { app } = await openTestApp(t)
  for (const url of ['/openapi.json', '/docs', '/docs/static/swagger-ui.css', '/health/live', '/health/ready']) {
    assert.equal((await app.inject({ url })).statusCode, 200, url)
  }
  const home = await app.inject({ url: '/' })
  assert.deepEqual([home.statusCode, home.headers.location], [302, '/docs'])
})
