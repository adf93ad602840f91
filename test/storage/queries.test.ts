/** Questions as lanes take and answer them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { finishQuery, takeQuery } from '../../src/storage/queries.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeModel, makeTeam, newDataset } from './fixtures.js'

test('takeQuery: one lane has it; another only when that one fell silent, and none when it is over', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { modelId } = await makeModel(db, team, await team.datasets.create(newDataset()))
  const { id } = await team.queries.create({ modelId, operation: 'predict', request: { a: 1 } })
  assert.deepEqual(await takeQuery(db.pool, id, false), { modelId, operation: 'predict', request: { a: 1 }, mediaType: 'application/json' })
  assert.equal(await takeQuery(db.pool, id, false), undefined)
  assert.equal((await takeQuery(db.pool, id, true))?.modelId, modelId)
  await finishQuery(db.pool, id, { response: {} })
  assert.equal(await takeQuery(db.pool, id, true), undefined)
})

test('finishQuery: the first answer stays', async t => {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const { modelId } = await makeModel(db, team, await team.datasets.create(newDataset()))
  const { id } = await team.queries.create({ modelId, operation: 'predict', request: { a: 1 } })
  await finishQuery(db.pool, id, { response: { answer: 42 } })
  await finishQuery(db.pool, id, { failure: { code: 'internal', message: 'late' } })
  const query = await team.queries.get(id)
  assert.deepEqual([query.state, query.response, query.failure, query.request], ['succeeded', { answer: 42 }, null, { a: 1 }])
})
