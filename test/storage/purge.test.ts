/** Rows that have served their time go, the others stay. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withTransaction } from '../../src/storage/database.js'
import { openSession } from '../../src/storage/keys.js'
import { purgeOldRows } from '../../src/storage/purge.js'
import { finishQuery } from '../../src/storage/queries.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeModel, makeTeam, newDataset } from './fixtures.js'

test('purgeOldRows: removes what is old and nothing else', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { modelId } = await makeModel(db, team, await team.datasets.create(newDataset()))
  const longAgo = new Date(Date.now() - 40 * 24 * 3_600_000)
  const [oldQuery, query] = [await team.queries.create({ modelId, operation: 'predict', request: {} }), await team.queries.create({ modelId, operation: 'predict', request: {} })]
  for (const { id } of [oldQuery, query]) await finishQuery(db.pool, id, { response: {} })
  await db.prisma.query.update({ where: { id: oldQuery.id }, data: { finishedAt: longAgo } })
  for (const key of ['old', 'new']) {
    await withTransaction(db.pool, async client => { await team.idempotency.store(client, key, 'hash', { status: 201, response: {} }) })
  }
  await db.prisma.idempotencyKey.updateMany({ where: { key: 'old' }, data: { createdAt: longAgo } })
  await openSession(db, { teamId: team.teamId, role: 'viewer', operator: false, actor: 'key a' })
  await db.prisma.session.updateMany({ data: { expiresAt: longAgo } })

  assert.equal(await purgeOldRows(db), 3)
  assert.equal(await purgeOldRows(db), 0)
  await team.queries.get(query.id)
  assert.equal(await team.idempotency.find('old', 'hash'), undefined)
  assert.equal((await team.idempotency.find('new', 'hash'))?.status, 201)
})
