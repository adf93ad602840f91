/** The numbered stream under two writers, and what travels in it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withTransaction } from '../../src/storage/database.js'
import { appendEvents, readEvents, readHead } from '../../src/storage/events.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment } from '../helpers/jobs.js'

test('appendEvents: two writers at once leave no gap, keep each writer’s order, and a reader never sees n+1 before n', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeBench(db)
  const { id, trials } = await makeExperiment(db, teamId, { trials: 2 })
  const batches = 60
  const write = async (trialId: string): Promise<void> => {
    for (let batch = 0; batch < batches; batch++) {
      await withTransaction(db.pool, async client => {
        await appendEvents(client, id, Array.from({ length: 5 }, (_, i) => ({ trialId, ordinal: batch * 5 + i, type: 'metrics', data: { step: batch * 5 + i } })))
      })
    }
  }
  const total = 2 * batches * 5
  const seen: number[] = []
  const ordinals = new Map<string | null, number[]>()
  const follow = async (): Promise<void> => {
    while (seen.length < total) {
      for (const frame of await readEvents(db.pool, id, { after: seen.at(-1) ?? 0, limit: 37 })) {
        seen.push(frame.seq)
        ordinals.set(frame.trialId, [...ordinals.get(frame.trialId) ?? [], frame.data.step as number])
      }
    }
  }
  await Promise.all([write(trials[0]!), write(trials[1]!), follow()])
  assert.deepEqual(seen, Array.from({ length: total }, (_, i) => i + 1))
  for (const trialId of trials) assert.deepEqual(ordinals.get(trialId), Array.from({ length: batches * 5 }, (_, i) => i))
  assert.equal(await readHead(db.pool, id), total)
})

test('appendEvents: a transaction that rolls back leaves no trace and no gap', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeBench(db)
  const { id } = await makeExperiment(db, teamId)
  const one = [{ trialId: null, ordinal: null, type: 'log', data: {} }]
  await withTransaction(db.pool, async client => { await appendEvents(client, id, one) })
  await assert.rejects(withTransaction(db.pool, async client => {
    await appendEvents(client, id, one)
    throw new Error('changed my mind')
  }))
  await withTransaction(db.pool, async client => { await appendEvents(client, id, one) })
  assert.deepEqual((await readEvents(db.pool, id, { after: 0, limit: 10 })).map(frame => frame.seq), [1, 2])
})

test('appendEvents: numbers that JSON does not have travel as strings; extra joins data', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeBench(db)
  const { id, trials: [trialId] } = await makeExperiment(db, teamId)
  await withTransaction(db.pool, async client => {
    await appendEvents(client, id, [{ trialId: trialId!, ordinal: 0, type: 'metrics', data: { values: { a: NaN, b: -Infinity, c: 0.1 + 0.2 } }, extra: { modelId: 'x' } }])
  })
  const [frame] = await readEvents(db.pool, id, { after: 0, limit: 1 })
  assert.deepEqual(frame?.data, { values: { a: 'NaN', b: '-Infinity', c: 0.30000000000000004 }, modelId: 'x' })
})

test('readEvents: filters by type and trial without losing the numbering', async t => {
  const db = await openTestDatabase(t)
  const { teamId } = await makeBench(db)
  const { id, trials } = await makeExperiment(db, teamId, { trials: 2 })
  await withTransaction(db.pool, async client => {
    await appendEvents(client, id, ['metrics', 'log', 'metrics'].map((type, i) => ({ trialId: trials[i % 2]!, ordinal: i, type, data: {} })))
  })
  assert.deepEqual((await readEvents(db.pool, id, { after: 0, limit: 10, types: ['metrics'] })).map(frame => frame.seq), [1, 3])
  assert.deepEqual((await readEvents(db.pool, id, { after: 1, limit: 10, trialId: trials[1] })).map(frame => frame.seq), [2])
})
