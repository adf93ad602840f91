/** Teams, keys, quotas, usage, and browser sessions over HTTP. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp, OPERATOR_KEY } from '../helpers/app.js'
import { makeEverything } from './fixtures.js'

test('POST /v1/teams: a team comes with its first admin key, whose secret is shown once', async t => {
  const { call, parts } = await openTestApp(t)
  const send = async () => await call('POST', '/v1/teams', { key: OPERATOR_KEY, body: { name: 'vision', quotas: { maxRunningTrials: 2 } }, headers: { 'idempotency-key': 'vision' } })
  const made = await send()
  assert.equal(made.statusCode, 201, made.body)
  const { key, quotas } = made.json()
  assert.deepEqual(quotas, { maxRunningTrials: 2, maxStorageBytes: null })
  const own = (await call('GET', '/v1/team', { key: key.secret })).json()
  assert.deepEqual([own.name, own.you], ['vision', { actor: 'key admin', role: 'admin', operator: false }])
  assert.deepEqual((await send()).json(), { ...made.json(), key: omitSecret(key) })
  const { rows } = await parts.db.pool.query('select count(*)::int as count from idempotency_key where response::text like $1', [`%${key.secret}%`])
  assert.equal(rows[0].count, 0, 'the secret is stored nowhere')
  const taken = await call('POST', '/v1/teams', { key: OPERATOR_KEY, body: { name: 'vision' } })
  assert.deepEqual([taken.statusCode, taken.json().code], [409, 'conflict'])
})

function omitSecret ({ secret: _, ...key }: Record<string, unknown>) {
  return key
}

test('keys: made, listed without secrets, used, revoked', async t => {
  const { call, team } = await openTestApp(t)
  const { admin } = team.keys
  const { secret, ...key } = (await call('POST', '/v1/team/keys', { key: admin, body: { name: 'laptop', role: 'member' } })).json()
  const listed = (await call('GET', '/v1/team/keys')).json().items
  assert.deepEqual(listed[0], key)
  assert.ok(!JSON.stringify(listed).includes(secret))
  assert.equal((await call('GET', '/v1/team', { key: secret })).json().you.actor, 'key laptop')
  assert.equal((await call('DELETE', `/v1/team/keys/${key.id}`, { key: admin })).statusCode, 204)
  assert.equal((await call('GET', '/v1/team', { key: secret })).statusCode, 401)
  assert.equal((await call('POST', '/v1/team/keys', { key: admin, body: { name: 'x', role: 'owner' } })).statusCode, 400)
})

test('DELETE /v1/team/keys: the last admin key cannot lock its team out', async t => {
  const { call, team } = await openTestApp(t)
  const { items } = (await call('GET', '/v1/team/keys')).json()
  const { id } = items.find((key: { role: string }) => key.role === 'admin')
  const refused = await call('DELETE', `/v1/team/keys/${id}`, { key: team.keys.admin })
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'conflict'])
  assert.match(refused.json().detail, /must not be the team's last admin key/)
  assert.equal((await call('GET', '/v1/team', { key: team.keys.admin })).statusCode, 200)
  assert.equal((await call('POST', '/v1/team/keys', { key: team.keys.admin, body: { name: 'next', role: 'admin' } })).statusCode, 201)
  assert.equal((await call('DELETE', `/v1/team/keys/${id}`, { key: team.keys.admin })).statusCode, 204)
})

test('PATCH /v1/team/quotas: changes what is named, null lifts, a stale If-Match is 412', async t => {
  const { call, team } = await openTestApp(t)
  const patch = async (body: object, headers = {}) => await call('PATCH', '/v1/team/quotas', { key: team.keys.admin, body, headers })
  const { headers: { etag } } = await call('GET', '/v1/team')
  const first = await patch({ maxStorageBytes: 10 }, { 'if-match': String(etag) })
  assert.deepEqual(first.json().quotas, { maxRunningTrials: null, maxStorageBytes: 10 })
  for (const stale of [String(etag), '"99999999999"', '"9223372036854775808"', '"01"']) {
    assert.deepEqual((await patch({ maxStorageBytes: 20 }, { 'if-match': stale })).json().code, 'stale', stale)
  }
  const full = await call('POST', '/v1/datasets', { body: { name: 'd', source: { generator: { type: 'blobs' } } } })
  assert.deepEqual([full.statusCode, full.json().code], [409, 'quota_exceeded'])
  assert.deepEqual((await patch({ maxStorageBytes: null })).json().quotas, { maxRunningTrials: null, maxStorageBytes: null })
  assert.equal((await patch({})).statusCode, 400)
})

test('GET /v1/team/usage: counts what the team has', async t => {
  const { call, parts, team } = await openTestApp(t)
  await makeEverything(parts, team)
  const { experiments, trials, datasets, models, storedBytes } = (await call('GET', '/v1/team/usage')).json()
  assert.deepEqual([experiments, trials, datasets, models], [1, { queued: 1 }, 1, 1])
  assert.ok(storedBytes > 0)
})

test('sessions: a key becomes a cookie that scripts cannot read; writes with it must come from the same origin', async t => {
  const { call, team } = await openTestApp(t)
  const opened = await call('POST', '/v1/session')
  assert.equal(opened.statusCode, 201, opened.body)
  const [setCookie] = [opened.headers['set-cookie']].flat() as string[]
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(setCookie!.includes(part), setCookie)
  const cookie = setCookie!.split(';')[0]!
  const send = async (method: string, url: string, headers: Record<string, string> = {}) =>
    await call(method, url, { key: null, headers: { cookie, host: 'lab.example:3000', ...headers } })
  assert.deepEqual((await send('GET', '/v1/team')).json().you, { actor: 'key member', role: 'member', operator: false })
  for (const headers of [{}, { origin: 'http://evil.example' }, { origin: 'http://lab.example:4000' }, { origin: 'null' }] as Record<string, string>[]) {
    const refused = await send('DELETE', '/v1/session', headers)
    assert.deepEqual([refused.statusCode, refused.json().code], [403, 'forbidden'], JSON.stringify(headers))
  }
  assert.equal((await send('POST', '/v1/session', { origin: 'http://lab.example:3000' })).statusCode, 401, 'a session makes no session')
  const closed = await send('DELETE', '/v1/session', { origin: 'http://lab.example:3000' })
  assert.equal(closed.statusCode, 204)
  assert.match(String(closed.headers['set-cookie']), /Expires=Thu, 01 Jan 1970/)
  assert.equal((await send('GET', '/v1/team')).statusCode, 401)
  assert.equal((await call('GET', '/v1/team', { key: team.keys.member })).statusCode, 200, 'the key goes on')
})

test('PATCH /v1/team/quotas: refuses numbers that no column holds', async t => {
  const { call, team } = await openTestApp(t)
  const beyond = [{ maxRunningTrials: 2147483648 }, { maxRunningTrials: -1 }, { maxStorageBytes: 2 ** 53 }, { maxRunningTrials: 1e300 }]
  for (const body of beyond) {
    const refused = await call('PATCH', '/v1/team/quotas', { key: team.keys.admin, body })
    assert.deepEqual([refused.statusCode, refused.json().code], [400, 'invalid_request'], JSON.stringify(body))
  }
  const max = { maxRunningTrials: 2147483647, maxStorageBytes: Number.MAX_SAFE_INTEGER }
  assert.deepEqual((await call('PATCH', '/v1/team/quotas', { key: team.keys.admin, body: max })).json().quotas, max)
})
