/** Rows whose job is gone end with a reason, and those whose job is only late do not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLaneQueue, laneQueue } from '../../src/jobs/boss.js'
import { endLost, forgetLanes } from '../../src/jobs/lost.js'
import { buildIndex } from '../../src/jobs/queries.js'
import { addCheckpoint, makeNetwork, openTestLane, type TestLane } from '../helpers/lane.js'

const NO_RETRY = { retryLimit: 0 }

/** Takes the next job of a queue and fails it, as a worker does whose handler threw. */
async function fail ({ boss }: TestLane, queue: string, words: string): Promise<void> {
  const [job] = await boss.fetch(queue)
  await boss.fail(queue, job!.id, { message: words })
}

/** Stores a question that is a minute old, with its job. @returns its id */
async function question (lane: TestLane, modelId: string, queue: string | undefined, options = {}): Promise<string> {
  const { id } = await lane.store.queries.create({ modelId, operation: 'predict', request: {} })
  await lane.db.pool.query("update query set created_at = now() - interval '1 minute' where id = $1", [id])
  if (queue !== undefined) await lane.boss.send(queue, { queryId: id }, options)
  return id
}

test('endLost: a question whose tries are used up fails with the last words, one without a job too, others wait on', async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  await createLaneQueue(lane.boss, lane.laneId)
  const failed = await question(lane, modelId, 'query', NO_RETRY)
  await fail(lane, 'query', 'out of memory')
  const alone = await question(lane, modelId, undefined)
  const stale = await question(lane, modelId, laneQueue(lane.laneId))
  await lane.db.pool.query("update pgboss.job set keep_until = now() - interval '1 s' where data ->> 'queryId' = $1", [stale])
  const waiting = [await question(lane, modelId, 'query'), await question(lane, modelId, 'long-query'), await question(lane, modelId, laneQueue(lane.laneId))]
  const long = await question(lane, modelId, laneQueue(lane.laneId), { priority: 1 })
  await lane.boss.fetch(laneQueue(lane.laneId))
  await lane.db.pool.query("update pgboss.job set keep_until = now() - interval '1 s' where data ->> 'queryId' = $1", [long])
  waiting.push(long) // at work for longer than a lane's queue keeps what nobody takes
  const { id: young } = await lane.store.queries.create({ modelId, operation: 'predict', request: {} })
  const announced: string[] = []
  lane.bus.on('queries', id => { announced.push(id) })

  await endLost(lane)
  await endLost(lane)
  const messages = await Promise.all([failed, alone, stale].map(async id => (await lane.store.queries.get(id)).failure?.message))
  assert.deepEqual(messages, [
    `query ${failed} was given up: out of memory; ask again`,
    `query ${alone} was given up: the lane that took it is gone; ask again`,
    `query ${stale} was given up: the lane that took it is gone; ask again`
  ])
  for (const id of [...waiting, young]) assert.equal((await lane.store.queries.get(id)).state, 'queued')
  while (announced.length < 3) await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual(announced.sort(), [failed, alone, stale].sort(), 'each told once')
})

test('a question that its warm lane took to its grave goes on in the common queue', { timeout: 60_000 }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  await createLaneQueue(lane.boss, lane.laneId)
  const id = await question(lane, modelId, laneQueue(lane.laneId))
  await lane.db.pool.query("update query set state = 'running' where id = $1", [id])
  await fail(lane, laneQueue(lane.laneId), 'job heartbeat timeout')
  await endLost(lane)
  assert.equal((await lane.store.queries.get(id)).state, 'running')
  await lane.db.pool.query('update query set request = $2 where id = $1', [id, '{"queries": [{"split": "test", "index": 0}]}'])
  await lane.start()
  while ((await lane.store.queries.get(id)).state === 'running') await new Promise(resolve => setTimeout(resolve, 20))
  const { state, failure } = await lane.store.queries.get(id)
  assert.equal(state, 'succeeded', failure?.message)
})

test('endLost: a build that is given up says why, and can be asked for again', async t => {
  const lane = await openTestLane(t)
  const model = await makeNetwork(lane)
  const { id } = await buildIndex(lane, lane.teamId, model.modelId, 'last')
  await endLost(lane)
  assert.equal((await lane.store.indexes.get(id)).state, 'building')

  await lane.db.pool.query("update pgboss.job set retry_limit = 0 where name = 'index-build'")
  await fail(lane, 'index-build', 'the thread ended')
  for (const state of ['running', 'paused', 'succeeded']) {
    await lane.db.pool.query("update influence_index set state = 'building', failure = null")
    await lane.db.pool.query('update trial set state = $2 where id = $1', [model.trialId, state])
    await endLost(lane)
    const index = await lane.store.indexes.get(id)
    // What a running trial builds is its own affair; a build that was asked for is none of it.
    assert.deepEqual([index.state, index.failure?.message], state === 'running'
      ? ['building', undefined]
      : ['failed', 'building the index was given up: the thread ended; ask for it again'], state)
  }
  assert.equal((await buildIndex(lane, lane.teamId, model.modelId, 'last')).id, id)
  await endLost(lane)
  assert.equal((await lane.store.indexes.get(id)).state, 'building')

  await addCheckpoint(lane, model, 20)
  await lane.start()
  while ((await lane.store.indexes.get(id)).state === 'building') await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual((await lane.store.indexes.get(id)).progress, { done: 2, of: 2 })
})

test('endLost: asks again for the report of an experiment that should have ended, once', async t => {
  const lane = await openTestLane(t)
  await makeNetwork(lane)
  const { rows: [experiment] } = await lane.db.pool.query("update experiment set state = 'running' returning id")
  await endLost(lane)
  const reports = async (): Promise<unknown[]> => (await lane.boss.findJobs('report')).map(({ data }) => data)
  assert.deepEqual(await reports(), [], 'a trial still waits')
  await lane.db.pool.query("update trial set state = 'canceled' where state = 'queued'")
  await endLost(lane)
  await endLost(lane)
  assert.deepEqual(await reports(), [{ experimentId: experiment.id }])
})

test('forgetLanes: removes the queues of lanes that are no more or were silent for a day', async t => {
  const lane = await openTestLane(t)
  const { rows: [old] } = await lane.db.pool.query(
    `insert into lane (id, node_id, device, backend, slots, heartbeat_at)
     select gen_random_uuid(), node_id, 'gpu:0', 'none', 1, now() - interval '2 days' from lane returning id`)
  for (const id of [lane.laneId, old.id, 'of a machine that is no more']) await createLaneQueue(lane.boss, id.replaceAll(' ', '-'))
  await forgetLanes(lane)
  const names = (await lane.boss.getQueues()).map(({ name }) => name)
  assert.deepEqual(names.filter(name => name.startsWith('query')).sort(), ['query', laneQueue(lane.laneId)].sort())
})
