/** Questions and index builds from the row to the answer, with a real queue and real threads. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { AttackRequest, AttackResponse } from '../../src/influence/attack/schema.js'
import { laneQueue } from '../../src/jobs/boss.js'
import { askModel, buildIndex, type Asked } from '../../src/jobs/queries.js'
import { createSharedBlobs } from '../../src/jobs/shared-blobs.js'
import { addCheckpoint, makeNetwork, openTestLane, type TestLane } from '../helpers/lane.js'

/** Nothing that works waits for the poll. */
const NEVER_SECONDS = 3600
/** Nothing that works waits for this either. */
const PATIENCE_MS = 60_000

const ask = async (lane: TestLane, modelId: string, operation: 'predict' | 'influence' | 'self-influence' = 'predict', index = 0): Promise<Asked> =>
  await askModel(lane, { teamId: lane.teamId, modelId, operation, request: operation === 'self-influence' ? {} : { queries: [{ split: 'test', index }] } }, PATIENCE_MS)

const attackRequest: AttackRequest = {
  examples: { split: 'test' }, norm: 'linf', radius: 0.1, units: 'network', steps: 2, restarts: 1, objective: 'loss', seed: 0, checks: true
}

/** A promise that somebody else settles. */
function handle (): { promise: Promise<void>, resolve: () => void } {
  let settle = (): void => {}
  const promise = new Promise<void>(resolve => { settle = resolve })
  return { promise, resolve: settle }
}

/** Waits until an index is no longer being built. */
async function built (lane: TestLane, indexId: string): Promise<string> {
  for (;;) {
    const { state, failure } = await lane.store.indexes.get(indexId)
    if (state !== 'building') return failure?.message ?? state
    await delay(20)
  }
}

const build = async (lane: TestLane, modelId: string, layers: 'last' | 'all' = 'last'): Promise<string> =>
  await built(lane, (await buildIndex(lane, lane.teamId, modelId, layers)).id)

test('askModel: sixty questions at once, cold and warm, are all answered without a poll', { timeout: 4 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  await lane.start({ pollSeconds: NEVER_SECONDS })
  for (let round = 0; round < 2; round++) {
    const asked = await Promise.all(Array.from({ length: 60 }, async (_, i) => await ask(lane, modelId, 'predict', i % 4)))
    assert.deepEqual(asked.map(({ state }) => state), asked.map(() => 'succeeded'))
    // The second round goes to the lane that says it is warm.
    const { rows: [row] } = await lane.db.pool.query('select warm_models from lane where id = $1', [lane.laneId])
    assert.deepEqual(row.warm_models, [modelId])
  }
})

test('askModel: what takes long is answered where indexes are built, and a picture that is not to be had fails', { timeout: 4 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  await lane.start({ pollSeconds: NEVER_SECONDS })
  const question = { teamId: lane.teamId, modelId, operation: 'attack', request: attackRequest }
  const { state, response } = await askModel(lane, question, PATIENCE_MS)
  assert.deepEqual([state, (response as AttackResponse).examples.length], ['succeeded', 4])
  const picture = await askModel(lane, { ...question, mediaType: 'image/png' }, PATIENCE_MS)
  assert.deepEqual([picture.state, picture.failure?.code], ['failed', 'not_acceptable'])
  const { rows: [row] } = await lane.db.pool.query('select warm_models from lane where id = $1', [lane.laneId])
  assert.equal(row.warm_models, null, 'the thread of quick questions was not asked')
})

test('askModel: a warm lane that does not take the question does not keep it', { timeout: 2 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  await lane.start({ pollSeconds: NEVER_SECONDS })
  const [gone] = (await lane.db.pool.query(
    `insert into lane (id, node_id, device, backend, slots, warm_models, heartbeat_at)
     select gen_random_uuid(), node_id, 'gpu:0', 'none', 1, array[$1], now() + interval '1 hour' from lane returning id`, [modelId])).rows
  await lane.boss.createQueue(laneQueue(gone.id))
  assert.equal((await ask(lane, modelId)).state, 'succeeded')
})

test('a model without a checkpoint: nothing can be asked or built, and no row is left', async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane, [])
  await assert.rejects(ask(lane, modelId), { code: 'no_checkpoint', status: 409 })
  await assert.rejects(buildIndex(lane, lane.teamId, modelId, 'all'), { code: 'no_checkpoint' })
  const { rows } = await lane.db.pool.query('select (select count(*) from query)::int as queries, (select count(*) from influence_index)::int as indexes')
  assert.deepEqual(rows, [{ queries: 0, indexes: 0 }])
})

test('buildIndex: parts for all checkpoints, also for those that come later, and asking twice builds once', { timeout: 4 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const model = await makeNetwork(lane, [10, 20])
  const ids = await Promise.all([1, 2, 3].map(async () => (await buildIndex(lane, lane.teamId, model.modelId, 'last')).id))
  assert.equal(new Set(ids).size, 1)
  const { rows: [jobs] } = await lane.db.pool.query("select count(*)::int from pgboss.job where name = 'index-build'")
  assert.equal(jobs.count, 1)
  await lane.start()
  assert.equal(await built(lane, ids[0]!), 'ready')

  await addCheckpoint(lane, model, 30) // as a retry of its trial does
  await lane.db.pool.query("update influence_index set state = 'failed' where id = $1", [ids[0]])
  assert.equal(await build(lane, model.modelId), 'ready')
  const { progress } = await lane.store.indexes.get(ids[0]!)
  assert.deepEqual(progress, { done: 3, of: 3 })
  assert.equal((await ask(lane, model.modelId, 'influence')).state, 'succeeded')
})

test('a question does not wait for an index that is being built', { timeout: 4 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  // A blob that comes only when the test says so: the build is under way until then.
  const { promise: mayRead, resolve: letRead } = handle()
  const shared = createSharedBlobs(lane.blobs)
  const { rows: [checkpoint] } = await lane.db.pool.query('select blob_sha from checkpoint')
  const { promise: waits, resolve: sayWaits } = handle()
  let isFirst = true
  await lane.start({
    shared: {
      async read (sha256) {
        if (isFirst && sha256 === checkpoint.blob_sha) {
          isFirst = false
          sayWaits()
          await mayRead
        }
        return await shared.read(sha256)
      }
    }
  })
  const { id: indexId } = await buildIndex(lane, lane.teamId, modelId, 'last')
  await waits
  assert.equal((await ask(lane, modelId)).state, 'succeeded')
  assert.equal((await lane.store.indexes.get(indexId)).state, 'building')
  letRead()
  assert.equal(await built(lane, indexId), 'ready')
})

test('files: read when they are needed, kept, and read again when they had to go', { timeout: 4 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane, [10, 20])
  const { rows } = await lane.db.pool.query('select step, blob_sha from checkpoint')
  const names = new Map<string, string>(rows.map(row => [row.blob_sha, `checkpoint ${row.step}`]))
  let reads: string[] = []
  const shared = createSharedBlobs(lane.blobs, 0)
  const counting = { read: async (sha256: string) => { reads.push(names.get(sha256) ?? 'other'); return await shared.read(sha256) } }
  await lane.start({ shared: counting })
  assert.equal(await build(lane, modelId), 'ready')

  const readsOf = async (operation: 'predict' | 'influence'): Promise<string[]> => {
    reads = []
    assert.equal((await ask(lane, modelId, operation)).state, 'succeeded')
    return reads.sort()
  }
  assert.deepEqual(await readsOf('predict'), ['checkpoint 20', 'other'], 'the data set, and no part of the index')
  assert.deepEqual(await readsOf('predict'), [])
  assert.deepEqual(await readsOf('influence'), ['checkpoint 10', 'other', 'other'], 'the parts')
  assert.deepEqual(await readsOf('influence'), [])
})

test('files: more than may be kept is forgotten after every answer', { timeout: 4 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  let reads = 0
  const shared = createSharedBlobs(lane.blobs)
  await lane.start({ keptBytes: 1, shared: { read: async sha256 => { reads++; return await shared.read(sha256) } } })
  const [first, second] = [await ask(lane, modelId), await ask(lane, modelId)]
  assert.deepEqual([first.state, second.response], ['succeeded', first.response])
  assert.equal(reads, 4)
})

test('a file that is gone fails the question, not the lane', { timeout: 4 * PATIENCE_MS }, async t => {
  const lane = await openTestLane(t)
  const { modelId } = await makeNetwork(lane)
  const { modelId: other } = await makeNetwork(lane)
  await lane.db.pool.query("update checkpoint set blob_sha = repeat('0', 64) where model_id = $1", [modelId])
  await lane.start()
  const { state, failure } = await ask(lane, modelId)
  assert.deepEqual([state, failure?.code], ['failed', 'file_missing'])
  assert.equal((await ask(lane, other)).state, 'succeeded')
})
