/** An index is ready exactly when every checkpoint has its part, whatever came when. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { withTransaction } from '../../src/storage/database.js'
import { closeIndexes, failIndex, findMissingPart, finishIndex, reopenIndexes } from '../../src/storage/indexes.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeCheckpoint, makeModel, makeTeam, newDataset } from './fixtures.js'

/** A model with an index, and what can happen to them. */
async function open (t: TestContext) {
  const db = await openTestDatabase(t)
  const team = await makeTeam(db)
  const model = await makeModel(db, team, await team.datasets.create(newDataset()))
  const { id } = await team.indexes.startBuilding(model.modelId, 'last', async () => {})
  return {
    pool: db.pool,
    id,
    state: async () => (await team.indexes.get(id)).state,
    async checkpoint (step: number) {
      await makeCheckpoint(db, team, model, step, 'b'.repeat(64))
      await withTransaction(db.pool, async client => { await reopenIndexes(client, model.modelId) })
    },
    part: async (step: number) => { await db.prisma.influencePart.create({ data: { indexId: id, step, blobSha: 'c'.repeat(64), sizeBytes: 1 } }) },
    end: async () => { await withTransaction(db.pool, async client => { await closeIndexes(client, [model.trialId]) }) }
  }
}

test('an index of a model without checkpoints is never ready', async t => {
  const index = await open(t)
  await finishIndex(index.pool, index.id)
  assert.equal(await index.state(), 'building')
  await index.end()
  assert.equal(await index.state(), 'failed')
})

test('a ready index of a trial that is tried again is ready when it has the new parts, too', async t => {
  const index = await open(t)
  await index.checkpoint(1)
  await index.part(1)
  await index.end()
  assert.equal(await index.state(), 'ready')

  await index.checkpoint(2)
  assert.equal(await index.state(), 'building', 'the retry goes on')
  await index.end()
  assert.equal(await index.state(), 'failed', 'the retry left no part')
  assert.equal((await findMissingPart(index.pool, index.id))?.step, 2)
  await finishIndex(index.pool, index.id)
  assert.equal(await index.state(), 'failed')
  await index.part(2)
  await finishIndex(index.pool, index.id)
  assert.equal(await index.state(), 'ready')

  await index.checkpoint(3)
  await index.part(3)
  await index.end()
  assert.equal(await index.state(), 'ready', 'the retry yielded the part itself')
})

test('failIndex: a late failure does not undo an index that is ready', async t => {
  const index = await open(t)
  await index.checkpoint(1)
  await index.part(1)
  await finishIndex(index.pool, index.id)
  await failIndex(index.pool, index.id, { code: 'internal', message: 'late' })
  assert.equal(await index.state(), 'ready')
})
