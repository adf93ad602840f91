/** Teams, keys, sessions, quotas, usage and the audit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as newId } from 'uuid'
import { listAudit, recordAudit } from '../../src/storage/audit.js'
import type { Database } from '../../src/storage/database.js'
import { authenticate, closeSession, createKey, findExpelled, listKeys, openSession, revokeKey } from '../../src/storage/keys.js'
import { checkStorageQuota, createTeam, ensureDefaultTeam, getTeam, readUsage, updateQuotas } from '../../src/storage/teams.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBlobs, makeCheckpoint, makeModel, makeTeam, newDataset, newExperiment } from './fixtures.js'

const config = { adminKey: 'the-operator' }

test('ensureDefaultTeam: makes one team however often it is called at once', async t => {
  const db = await openTestDatabase(t)
  const ids = await Promise.all([1, 2, 3].map(() => ensureDefaultTeam(db)))
  assert.equal(new Set(ids).size, 1)
  assert.equal(await db.prisma.team.count(), 1)
})

test('createTeam: refuses a name that is taken', async t => {
  const db = await openTestDatabase(t)
  const team = await createTeam(db, { name: 'lab', quotas: { maxRunningTrials: 2 } })
  assert.deepEqual(team.quotas, { maxRunningTrials: 2, maxStorageBytes: null })
  await assert.rejects(createTeam(db, { name: 'lab' }), { code: 'conflict' })
})

test('createKey: the secret is shown once and not stored', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeTeam(db)
  const { secret, ...key } = await createKey(db, teamId, { name: 'ann', role: 'member' })
  assert.match(secret, /^dl_[\w-]{43}$/) // 32 bytes as base64url
  assert.deepEqual(await listKeys(db, teamId), [key])
  const stored = JSON.stringify(await db.prisma.apiKey.findMany())
  assert.ok(!stored.includes(secret) && !stored.includes(secret.slice(3)))
})

test('authenticate: a key gives its team and role', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeTeam(db)
  for (const role of ['viewer', 'member', 'admin'] as const) {
    const { id, secret } = await createKey(db, teamId, { name: role, role })
    assert.deepEqual(await authenticate(db, config, { bearer: secret }), { teamId, role, operator: false, actor: `key ${role}`, keyId: id })
  }
})

test('authenticate: ADMIN_KEY is the operator, admin of the team default', async t => {
  const db = await openTestDatabase(t)
  assert.deepEqual(await authenticate(db, config, { bearer: 'the-operator' }), {
    teamId: await ensureDefaultTeam(db), role: 'admin', operator: true, actor: 'operator'
  })
  assert.equal(await authenticate(db, { adminKey: undefined }, { bearer: 'the-operator' }), undefined)
})

test('authenticate: an unknown, a revoked, an empty and a missing credential are nobody', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeTeam(db)
  const { id, secret } = await createKey(db, teamId, { name: 'ann', role: 'member' })
  await revokeKey(db, teamId, id)
  for (const bearer of [secret, 'dl_unknown', '']) assert.equal(await authenticate(db, config, { bearer }), undefined)
  assert.equal(await authenticate(db, config, { cookie: 'unknown' }), undefined)
  assert.equal(await authenticate(db, config, {}), undefined)
})

test('authenticate: notes when a key was used last', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeTeam(db)
  const { secret, lastUsedAt } = await createKey(db, teamId, { name: 'ann', role: 'viewer' })
  assert.equal(lastUsedAt, null)
  await authenticate(db, config, { bearer: secret })
  const [key] = await listKeys(db, teamId)
  assert.ok(Math.abs(Date.parse(key!.lastUsedAt!) - Date.now()) < 60_000)
})

test('revokeKey: another team’s key is not found and stays', async t => {
  const db = await openTestDatabase(t)
  const [mine, theirs] = [await makeTeam(db), await makeTeam(db)]
  const { id, secret } = await createKey(db, theirs.teamId, { name: 'bob', role: 'member' })
  await assert.rejects(revokeKey(db, mine.teamId, id), { code: 'not_found' })
  assert.equal((await authenticate(db, config, { bearer: secret }))?.teamId, theirs.teamId)
})

test('revokeKey: a team’s last admin key stays, also when two admins revoke each other at once', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeTeam(db)
  const [ann, bob] = [await createKey(db, teamId, { name: 'ann', role: 'admin' }), await createKey(db, teamId, { name: 'bob', role: 'admin' })]
  await createKey(db, (await makeTeam(db)).teamId, { name: 'of another team', role: 'admin' })
  const outcomes = await Promise.allSettled([revokeKey(db, teamId, ann.id), revokeKey(db, teamId, bob.id)])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const left = (await listKeys(db, teamId)).filter(key => key.revokedAt === null)
  assert.equal(left.length, 1)
  await assert.rejects(revokeKey(db, teamId, left[0]!.id), { code: 'conflict' })
  await createKey(db, teamId, { name: 'carl', role: 'admin' })
  assert.notEqual((await revokeKey(db, teamId, left[0]!.id)).revokedAt, null)
  assert.notEqual((await revokeKey(db, teamId, left[0]!.id)).revokedAt, null, 'revoking again changes nothing')
  const [last] = (await listKeys(db, teamId)).filter(key => key.revokedAt === null)
  assert.notEqual((await revokeKey(db, teamId, last!.id, { evenLast: true })).revokedAt, null, 'the operator may')
})

test('findExpelled: who holds a revoked key, a closed session or an expired one; never the operator’s key', async t => {
  const db = await openTestDatabase(t)
  const [keeps, loses] = [await makeKeyHolder(db), await makeKeyHolder(db)]
  const [logsOut, expires] = [await makeKeyHolder(db), await makeKeyHolder(db)]
  const byKey = (await authenticate(db, config, { bearer: config.adminKey! }))!
  const open = async (principal: typeof keeps) => {
    const { token } = await openSession(db, principal)
    return { token, principal: (await authenticate(db, config, { cookie: token }))! }
  }
  const [stays, closed, old, ofLost] = [await open(keeps), await open(logsOut), await open(expires), await open(loses)]
  const everybody = [byKey, keeps, loses, logsOut, stays.principal, closed.principal, old.principal, ofLost.principal]
  assert.deepEqual(await findExpelled(db, everybody), [])
  await revokeKey(db, loses.teamId, loses.keyId!)
  await closeSession(db, closed.token)
  const { sessionHash } = old.principal
  await db.prisma.session.updateMany({ where: { tokenHash: sessionHash! }, data: { expiresAt: new Date(Date.now() - 1) } })
  assert.deepEqual(await findExpelled(db, everybody), [loses, closed.principal, old.principal, ofLost.principal])
})

test('openSession: the cookie stands for the key until it is closed, revoked or too old', async t => {
  const db = await openTestDatabase(t)
  const principal = await makeKeyHolder(db)
  const { token } = await openSession(db, principal)
  const { sessionHash, ...holder } = (await authenticate(db, config, { cookie: token }))!
  assert.deepEqual(holder, principal)
  assert.match(sessionHash!, /^[0-9a-f]{64}$/)
  await closeSession(db, token)
  assert.equal(await authenticate(db, config, { cookie: token }), undefined)

  const second = await openSession(db, principal)
  await revokeKey(db, principal.teamId, principal.keyId!)
  assert.equal(await authenticate(db, config, { cookie: second.token }), undefined)

  const third = await openSession(db, await makeKeyHolder(db))
  await db.prisma.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  assert.equal(await authenticate(db, config, { cookie: third.token }), undefined)
})

test('openSession: the operator’s session is the operator’s', async t => {
  const db = await openTestDatabase(t)
  const principal = (await authenticate(db, config, { bearer: 'the-operator' }))!
  const { token } = await openSession(db, principal)
  assert.equal((await authenticate(db, config, { cookie: token }))?.operator, true)
})

test('updateQuotas: changes what is given, and refuses an old version', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeTeam(db)
  const changed = await updateQuotas(db, teamId, { maxStorageBytes: 1000 }, 1)
  assert.deepEqual([changed.quotas, changed.version], [{ maxRunningTrials: null, maxStorageBytes: 1000 }, 2])
  await assert.rejects(updateQuotas(db, teamId, { maxRunningTrials: 1 }, 1), { code: 'stale' })
  assert.deepEqual((await updateQuotas(db, teamId, { maxRunningTrials: 1 })).quotas, { maxRunningTrials: 1, maxStorageBytes: 1000 })
  await assert.rejects(updateQuotas(db, newId(), {}), { code: 'not_found' })
  await assert.rejects(getTeam(db, 'no-id'), { code: 'not_found' })
})

test('readUsage: counts a blob once that several rows share, and nothing of other teams', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const [team, other] = [await makeTeam(db), await makeTeam(db)]
  const [data, weights] = [await blobs.put(Buffer.alloc(100)), await blobs.put(Buffer.alloc(10))]
  for (const owner of [team, other]) {
    const model = await makeModel(db, owner, await owner.datasets.create(newDataset({ blob: data })))
    for (const step of [1, 2]) await makeCheckpoint(db, owner, model, step, weights.sha256)
  }
  assert.deepEqual(await readUsage(db, team.teamId), {
    experiments: 1, trials: { queued: 2 }, datasets: 1, models: 1, storedBytes: 110
  })
})

test('checkStorageQuota: refuses the byte that is too much, also through datasets.create', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const team = await makeTeam(db)
  await updateQuotas(db, team.teamId, { maxStorageBytes: 150 })
  await team.datasets.create(newDataset({ blob: await blobs.put(Buffer.alloc(100)) }))
  await checkStorageQuota(db, team.teamId, 50)
  await assert.rejects(checkStorageQuota(db, team.teamId, 51), { code: 'quota_exceeded' })
  await assert.rejects(team.datasets.create(newDataset({ blob: await blobs.put(Buffer.alloc(51)) })), { code: 'quota_exceeded' })
  assert.equal((await readUsage(db, team.teamId)).storedBytes, 100)
})

test('checkStorageQuota: of ten data sets at once as many are stored as there is room for', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const team = await makeTeam(db)
  await updateQuotas(db, team.teamId, { maxStorageBytes: 399 })
  const sets = await Promise.all(Array.from({ length: 10 }, async (_, i) => newDataset({ blob: await blobs.put(Buffer.alloc(100, i)) })))
  const made = await Promise.allSettled(sets.map(async one => await team.datasets.create(one)))
  const refusals = made.flatMap(one => one.status === 'rejected' ? [one.reason.code] : [])
  assert.deepEqual(refusals, Array.from({ length: 7 }, () => 'quota_exceeded'))
  assert.equal((await readUsage(db, team.teamId)).storedBytes, 300)
})

test('checkStorageQuota: a team that stores all it may makes no experiment', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const team = await makeTeam(db)
  const dataset = await team.datasets.create(newDataset({ blob: await blobs.put(Buffer.alloc(100)) }))
  await updateQuotas(db, team.teamId, { maxStorageBytes: 100 })
  await assert.rejects(team.experiments.create(newExperiment(dataset)), { code: 'quota_exceeded' })
  await updateQuotas(db, team.teamId, { maxStorageBytes: 101 })
  await team.experiments.create(newExperiment(dataset))
})

test('readUsage: follows everything that names a blob, as it comes, is replaced and goes', async t => {
  const db = await openTestDatabase(t)
  const blobs = await makeBlobs(t, db)
  const team = await makeTeam(db)
  const put = async (bytes: number) => (await blobs.put(Buffer.alloc(bytes, bytes % 251))).sha256
  const stored = async () => (await readUsage(db, team.teamId)).storedBytes
  const dataset = await team.datasets.create(newDataset({ blob: { sha256: await put(1000), sizeBytes: 1000 } }))
  const model = await makeModel(db, team, dataset)
  await makeCheckpoint(db, team, model, 1, await put(100))
  await makeCheckpoint(db, team, model, 2, await put(100)) // the same bytes
  await db.prisma.artifact.create({ data: { id: newId(), teamId: team.teamId, trialId: model.trialId, name: 'a', step: 1, mediaType: 'text/csv', blobSha: await put(20), sizeBytes: 20 } })
  const index = await team.indexes.startBuilding(model.modelId, 'last', async () => {})
  await db.prisma.influencePart.create({ data: { indexId: index.id, step: 1, blobSha: await put(3), sizeBytes: 3 } })
  for (const bytes of [50_000, 20_000]) {
    const blobSha = await put(bytes)
    await db.prisma.snapshot.upsert({
      where: { trialId: model.trialId }, create: { trialId: model.trialId, ordinal: 0, step: 1, blobSha }, update: { blobSha }
    })
    assert.equal(await stored(), 1123 + bytes)
  }
  await db.prisma.checkpoint.deleteMany({ where: { step: 1 } })
  assert.equal(await stored(), 21_123)
  await db.prisma.trial.updateMany({ data: { state: 'succeeded' } })
  await db.prisma.experiment.updateMany({ data: { state: 'succeeded' } })
  await team.experiments.remove(model.experimentId)
  assert.equal(await stored(), 1000)
  await team.datasets.remove(dataset.id)
  assert.equal(await stored(), 0)
  assert.equal(await db.prisma.teamBlob.count(), 0)
})

test('readUsage: every table that names a blob is counted', async t => {
  const db = await openTestDatabase(t)
  const { rows } = await db.pool.query(
    `select table_name, exists (select from pg_trigger where tgrelid = to_regclass(table_name) and tgname = 'count_blobs') as counted
     from information_schema.columns where table_schema = current_schema() and column_name = 'blob_sha'`)
  assert.deepEqual(rows.filter(row => !row.counted), [])
  assert.ok(rows.length >= 5)
})

test('listAudit: has the team’s entries, newest first', async t => {
  const db = await openTestDatabase(t)
  const [team, other] = [await makeTeam(db), await makeTeam(db)]
  await recordAudit(db, { teamId: team.teamId, actor: 'operator' }, { action: 'key.create', subject: 'a', detail: { role: 'member' } })
  await recordAudit(db, { teamId: other.teamId, actor: 'operator' }, { action: 'key.create', subject: 'x' })
  await recordAudit(db, { teamId: team.teamId, actor: 'key ann', address: '192.0.2.7' }, { action: 'experiment.cancel', subject: 'b' })
  const { items } = await listAudit(db, team.teamId)
  assert.deepEqual(items.map(({ id, at, ...entry }) => entry), [
    { actor: 'key ann', address: '192.0.2.7', action: 'experiment.cancel', subject: 'b', detail: {} },
    { actor: 'operator', address: null, action: 'key.create', subject: 'a', detail: { role: 'member' } }
  ])
})

async function makeKeyHolder (db: Database) {
  const { teamId } = await makeTeam(db)
  const { secret } = await createKey(db, teamId, { name: 'ann', role: 'member' })
  return (await authenticate(db, config, { bearer: secret }))!
}
