/** Submitting, validating, reading, changing and steering experiments over HTTP. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { algorithms } from '../../src/algorithms/registry.js'
import { mergePatch } from '../../src/routes/merge-patch.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { finish } from './fixtures.js'

/** A spec of small data: the rest is defaults. */
const small = { data: { generator: { type: 'glyphs', train: 30, test: 10 } }, epochs: 2 }

async function create ({ call }: TestApp, body: object = {}, headers: Record<string, string> = {}) {
  const response = await call('POST', '/v1/experiments', { body: { kind: 'tracin', spec: small, ...body }, headers })
  assert.equal(response.statusCode, 201, response.body)
  return response.json()
}

test('POST /v1/experiments: fills defaults, fixes data to a data set, plans trials', async t => {
  const api = await openTestApp(t)
  const response = await api.call('POST', '/v1/experiments', { body: { kind: 'tracin', name: 'mine', tags: ['a'], priority: 3, spec: { ...small, seeds: [4, 5] } } })
  assert.equal(response.statusCode, 201, response.body)
  const experiment = response.json()
  assert.equal(response.headers.location, `/v1/experiments/${experiment.id}`)
  assert.deepEqual([experiment.name, experiment.tags, experiment.priority, experiment.state, experiment.createdBy], ['mine', ['a'], 3, 'queued', 'key member'])
  assert.equal(experiment.spec.optimizer.learningRate, 0.1, 'the schema’s default')
  assert.deepEqual(experiment.trials.map((trial: { seed: number, state: string }) => [trial.seed, trial.state]), [[4, 'queued'], [5, 'queued']])
  const dataset = (await api.call('GET', `/v1/datasets/${experiment.spec.data.datasetId}`)).json()
  assert.deepEqual([dataset.counts.train, dataset.source.generator.type], [30, 'glyphs'])
  const trial = (await api.call('GET', `/v1/trials/${experiment.trials[0].id}`)).json()
  assert.deepEqual(trial.definition.spec.data, { datasetId: dataset.id }, 'the trials have the fixed data too')
  const waiting = 'no node is running: npm start runs one, and so does work'
  assert.deepEqual((await api.call('GET', `/v1/experiments/${experiment.id}`)).json(), { ...experiment, waiting })
  assert.equal(trial.waiting, waiting)
  const second = await create(api)
  assert.equal(second.spec.data.datasetId, dataset.id, 'the same generator is the same data set')
})

test('POST /v1/experiments: a preset with overrides is its spec, patched', async t => {
  const api = await openTestApp(t)
  const { items: [kind] } = (await api.call('GET', '/v1/kinds')).json()
  const [preset] = kind.presets
  const response = await api.call('POST', '/v1/experiments', { body: { kind: kind.id, preset: preset.name, overrides: { epochs: 3, checkpoints: null, data: small.data } } })
  assert.equal(response.statusCode, 201, response.body)
  const { spec, preset: name, name: title } = response.json()
  assert.deepEqual([name, title, spec.epochs, spec.batchSize], [preset.name, preset.title, 3, preset.spec.batchSize])
  assert.equal(spec.checkpoints.type, 'even', 'null gives the default back')
})

test('POST /v1/experiments: what is wrong is said by path, rule and what was got', async t => {
  const api = await openTestApp(t)
  const cases: [object, number, string, string][] = [
    [{ spec: { ...small, epochs: 0 } }, 400, 'invalid_spec', 'spec.epochs must be >= 1, got 0'],
    [{ spec: { ...small, epoch: 3 } }, 400, 'invalid_spec', 'spec.epoch is not a known field; did you mean epochs?, got 3'],
    [{ spec: { ...small, optimizer: { learningRate: 'NaN' } } }, 400, 'invalid_spec', 'spec.optimizer.learningRate must be number, got "NaN"'],
    [{ spec: { ...small, network: { type: 'transformer' } } }, 400, 'invalid_spec', 'spec.network.type must be one of auto, softmax, mlp, cnn, embedding, got "transformer"'],
    [{ spec: { data: { generator: { type: 'glyphs', classes: 99 } } } }, 400, 'invalid_spec', 'spec.data.generator.classes must be <= 10, got 99'],
    [{ spec: { ...small, trainExamples: 31 } }, 400, 'invalid_spec', 'spec.trainExamples must be <= 30, the training examples of the data set, got 31'],
    [{ spec: { data: { datasetId: '01936a3e-0000-7000-8000-000000000000' } } }, 404, 'not_found', 'spec.data.datasetId must be a data set of this team, got "01936a3e-0000-7000-8000-000000000000"'],
    [{ kind: 'traicn', spec: {} }, 400, 'unknown_kind', `kind must be one of ${algorithms.map(({ kind }) => kind).join(', ')}, got "traicn"`],
    [{ preset: 'huge' }, 400, 'unknown_preset', 'preset must be one of'],
    [{}, 400, 'invalid_request', 'spec must be given, or preset instead of it, got null'],
    [{ spec: {}, preset: 'quick' }, 400, 'invalid_request', 'spec must be given, or preset instead of it, got "both"'],
    [{ spec: {}, overrides: {} }, 400, 'invalid_request', 'overrides must come with a preset'],
    [{ spec: {}, maxSeconds: 0 }, 400, 'invalid_request', 'maxSeconds must be >= 1, got 0'],
    [{ spec: {}, tag: 'a' }, 400, 'invalid_request', 'tag is not a known field; did you mean tags?, got "a"']
  ]
  for (const [body, status, code, detail] of cases) {
    const response = await api.call('POST', '/v1/experiments', { body: { kind: 'tracin', ...body } })
    assert.deepEqual([response.statusCode, response.json().code], [status, code], `${JSON.stringify(body)}: ${response.body}`)
    assert.ok(response.json().detail.startsWith(detail), `${response.json().detail} begins with ${detail}`)
  }
  assert.deepEqual((await api.call('GET', '/v1/experiments')).json().items, [])
  assert.deepEqual((await api.call('GET', '/v1/datasets')).json().items, [], 'no data was made for what was refused')
})

test('POST /v1/experiments?validate=true: says what would happen and stores nothing', async t => {
  const api = await openTestApp(t)
  const good = await api.call('POST', '/v1/experiments?validate=true', { body: { kind: 'tracin', spec: { ...small, seeds: [1, 2, 3] } } })
  assert.equal(good.statusCode, 200, good.body)
  const { valid, errors, trials, estimate, spec } = good.json()
  assert.deepEqual([valid, errors, trials.length], [true, [], 3])
  assert.ok(estimate.steps > 0)
  assert.equal(spec.data.generator.noise, 0.05, 'the spec comes back with its defaults, its data as it was')
  const bad = (await api.call('POST', '/v1/experiments?validate=true', { body: { kind: 'tracin', spec: { ...small, epochs: -1, batchSize: 0 } } })).json()
  assert.deepEqual([bad.valid, bad.errors.map((error: { path: string }) => error.path)], [false, ['spec.epochs', 'spec.batchSize']])
  const unknown = (await api.call('POST', '/v1/experiments?validate=true', { body: { kind: 'tracin', spec: { data: { datasetId: '01936a3e-0000-7000-8000-000000000000' } } } })).json()
  assert.deepEqual([unknown.valid, unknown.errors[0].path], [false, 'spec.data.datasetId'])
  assert.deepEqual((await api.call('GET', '/v1/experiments')).json().items, [])
  assert.deepEqual((await api.call('GET', '/v1/datasets')).json().items, [])
})

test('Idempotency-Key: the same request gets the same answer, another one 409, another team its own', async t => {
  const api = await openTestApp(t)
  const headers = { 'idempotency-key': 'once' }
  const body = { kind: 'tracin', spec: small }
  const first = await api.call('POST', '/v1/experiments', { body, headers })
  const again = await api.call('POST', '/v1/experiments', { body: { spec: small, kind: 'tracin' }, headers })
  assert.deepEqual([again.statusCode, again.json(), again.headers.location], [201, first.json(), first.headers.location])
  assert.equal(again.headers['idempotency-replayed'], 'true')
  const other = await api.call('POST', '/v1/experiments', { body: { ...body, name: 'other' }, headers })
  assert.deepEqual([other.statusCode, other.json().code], [409, 'idempotency_conflict'])
  assert.equal((await api.call('GET', '/v1/experiments')).json().items.length, 1)
  const theirs = await api.call('POST', '/v1/experiments', { body, headers, key: api.other.keys.member })
  assert.equal(theirs.headers['idempotency-replayed'], undefined)
  const refused = await api.call('POST', '/v1/experiments', { body: { kind: 'tracin', spec: { epochs: 0 } }, headers: { 'idempotency-key': 'twice' } })
  assert.equal(refused.statusCode, 400)
  assert.equal((await api.call('POST', '/v1/experiments', { body, headers: { 'idempotency-key': 'twice' } })).statusCode, 201, 'a failure gives the key back')
})

test('Idempotency-Key: of two requests at once one does the work', async t => {
  const api = await openTestApp(t)
  const headers = { 'idempotency-key': 'race' }
  const answers = await Promise.all([1, 2, 3].map(async () => await api.call('POST', '/v1/experiments', { body: { kind: 'tracin', spec: small }, headers })))
  const statuses = answers.map(answer => answer.statusCode)
  assert.ok(statuses.includes(201) && statuses.every(status => status === 201 || status === 409), statuses.join())
  assert.equal((await api.call('GET', '/v1/experiments')).json().items.length, 1)
})

test('POST /v1/experiments: what fails on the way leaves nothing, also with its connection; the same request then does the work', async t => {
  const { app, parts: { db }, team, call } = await openTestApp(t)
  const send = async () => await app.inject({
    method: 'POST',
    url: '/v1/experiments',
    payload: { kind: 'tracin', spec: small },
    headers: { authorization: `Bearer ${team.keys.member}`, 'idempotency-key': 'once' }
  })
  const breaks: Record<string, string> = {
    audit_entry: "raise exception 'the audit is full'", idempotency_key: 'perform pg_terminate_backend(pg_backend_pid())'
  }
  for (const [table, failure] of Object.entries(breaks)) {
    await db.pool.query(`create function fail () returns trigger language plpgsql as $$ begin ${failure}; return new; end $$`)
    await db.pool.query(`create trigger fail before insert on ${table} for each row execute function fail ()`)
    const failed = await send()
    assert.ok([500, 503].includes(failed.statusCode), failed.body)
    await db.pool.query('drop function fail cascade')
    for (const left of ['experiment', 'trial', 'event', 'event_head', 'audit_entry', 'idempotency_key']) {
      const { rows: [{ count }] } = await db.pool.query(`select count(*)::int as count from ${left}`)
      assert.equal(count, 0, `${left} after ${table} failed`)
    }
  }
  assert.equal((await send()).statusCode, 201)
  assert.equal((await send()).headers['idempotency-replayed'], 'true')
  assert.equal((await call('GET', '/v1/experiments')).json().items.length, 1)
})

test('POST /v1/experiments/{id}/cancel: is not done without its entry in the audit', async t => {
  const api = await openTestApp(t)
  const { id } = await create(api)
  await api.parts.db.pool.query("alter table audit_entry add constraint full_up check (action <> 'experiment.cancel') not valid")
  const { statusCode } = await api.app.inject({ method: 'POST', url: `/v1/experiments/${id}/cancel`, headers: { authorization: `Bearer ${api.team.keys.member}` } })
  assert.equal(statusCode, 500)
  assert.equal((await api.call('GET', `/v1/experiments/${id}`)).json().trials[0].state, 'queued')
})

test('GET /v1/experiments: pages newest first, filters, cursors', async t => {
  const api = await openTestApp(t)
  const names = ['one', 'two', 'three', 'four', 'five']
  for (const name of names) await create(api, { name, tags: name.startsWith('t') ? ['t'] : [] })
  const seen: string[] = []
  let cursor = ''
  do {
    const page = (await api.call('GET', `/v1/experiments?limit=2${cursor && `&cursor=${cursor}`}`)).json()
    seen.push(...page.items.map((item: { name: string }) => item.name))
    cursor = page.nextCursor ?? ''
  } while (cursor !== '')
  assert.deepEqual(seen, names.toReversed())
  const named = async (query: string) => (await api.call('GET', `/v1/experiments?${query}`)).json().items.map((item: { name: string }) => item.name)
  assert.deepEqual(await named('tag=t'), ['three', 'two'])
  assert.deepEqual(await named('state=running'), [])
  assert.deepEqual(await named('state=queued&kind=tracin&limit=1'), ['five'])
})

test('PATCH /v1/experiments/{id}: changes what may change; a stale If-Match is 412', async t => {
  const api = await openTestApp(t)
  const { id } = await create(api)
  const { headers: { etag } } = await api.call('GET', `/v1/experiments/${id}`)
  const changed = await api.call('PATCH', `/v1/experiments/${id}`, { body: { name: 'new', notes: 'n', tags: ['x'], priority: -1 }, headers: { 'if-match': String(etag) } })
  assert.equal(changed.statusCode, 200, changed.body)
  assert.deepEqual(['name', 'notes', 'tags', 'priority'].map(name => changed.json()[name]), ['new', 'n', ['x'], -1])
  assert.notEqual(changed.headers.etag, etag)
  for (const stale of [String(etag), '"abc"', 'W/"1"', '"99999999999"', '"1e3"', '"-1"']) {
    const refused = await api.call('PATCH', `/v1/experiments/${id}`, { body: { name: 'newer' }, headers: { 'if-match': stale } })
    assert.deepEqual([refused.statusCode, refused.json().code], [412, 'stale'], stale)
  }
  assert.equal((await api.call('PATCH', `/v1/experiments/${id}`, { body: { name: 'newest' }, headers: { 'if-match': '*' } })).json().name, 'newest')
  for (const body of [{}, { state: 'succeeded' }, { name: '' }, { priority: 1000 }]) {
    assert.equal((await api.call('PATCH', `/v1/experiments/${id}`, { body })).statusCode, 400, JSON.stringify(body))
  }
})

test('pause, resume, cancel, retry, delete: each where the state allows it', async t => {
  const api = await openTestApp(t)
  const { id } = await create(api)
  const ask = async (verb: string) => await api.call('POST', `/v1/experiments/${id}/${verb}`)
  assert.deepEqual((await ask('resume')).json().code, 'conflict')
  const paused = await ask('pause')
  assert.deepEqual([paused.statusCode, paused.json().state, paused.json().trials[0].state], [200, 'paused', 'paused'])
  assert.equal((await api.call('DELETE', `/v1/experiments/${id}`)).json().code, 'conflict', 'not finished')
  assert.equal((await ask('resume')).json().state, 'queued')
  assert.equal((await ask('cancel')).json().trials[0].state, 'canceled')
  await finish(api.parts, id, 'canceled', null)
  assert.equal((await ask('retry')).json().code, 'conflict', 'no trial failed')
  assert.equal((await api.call('DELETE', `/v1/experiments/${id}`)).statusCode, 204)
  assert.equal((await api.call('GET', `/v1/experiments/${id}`)).statusCode, 404)
  const { items } = (await api.call('GET', '/v1/team/audit?limit=5')).json()
  assert.deepEqual(items.map((entry: { action: string }) => entry.action),
    ['experiment.delete', 'experiment.cancel', 'experiment.resume', 'experiment.pause', 'experiment.create'])
})

test('mergePatch: RFC 7396, appendix A', () => {
  const cases: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [['a', 'b'], ['c', 'd'], ['c', 'd']],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }]
  ]
  for (const [target, patch, result] of cases) assert.deepEqual(mergePatch(target, patch), result, JSON.stringify(patch))
})
