/**
 * Beginnings that trials have in common: stored with the trial's own record or not at all, by two at once, taken over whole,
 * gone with the experiment. Last a real executor, killed while one is stored: all ends as if every trial had made its own.
 */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { takeBeginning } from '../../src/jobs/beginnings.js'
import type { Recordable } from '../../src/jobs/messages.js'
import { runNode } from '../../src/jobs/node.js'
import { makeReport } from '../../src/jobs/reports.js'
import { openRecorder } from '../../src/jobs/recorder.js'
import { storeBeginning, type BeginningKey } from '../../src/storage/beginnings.js'
import { createBlobStore } from '../../src/storage/blobs.js'
import { claimTrial, type Claimed } from '../../src/storage/claims.js'
import { withTransaction } from '../../src/storage/database.js'
import { endAttempt } from '../../src/storage/leases.js'
import type { ReadyExecutor } from '../../src/storage/lanes.js'
import { forTeam } from '../../src/storage/team-store.js'
import { readUsage } from '../../src/storage/teams.js'
import { openTestApp } from '../helpers/app.js'
import { openTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeBench, makeExperiment } from '../helpers/jobs.js'
import { until } from '../helpers/trials.js'

const ours: BeginningKey = { key: 'seed 1', fingerprint: 'a' }
const bytes = (text: string) => new TextEncoder().encode(text)

async function openDesk (t: TestContext, trials: number) {
  const db = await openTestDatabase(t)
  const folder = temporaryFolder()
  const blobs = createBlobStore(folder, db)
  const { teamId, nodeId, laneId } = await makeBench(db)
  const { id } = await makeExperiment(db, teamId, { trials })
  const rows = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows
  return {
    db,
    teamId,
    experimentId: id,
    rows,
    claim: async () => (await withTransaction(db.pool, async client => await claimTrial(client,
      { nodeId, laneId, device: 'cpu', laneSlots: 9, freeSlots: 9, leaseSeconds: 30, kinds: [{ kind: 'test', version: '1' }] })))!,
    open: async (trial: Claimed) => await openRecorder({
      db,
      blobs,
      trial,
      laneId,
      fromOrdinal: 0,
      beginning: ours,
      timings: new Set(['seconds']),
      secondsUsed: () => 1,
      onWritten: () => {},
      onSnapshot: () => {},
      onError: error => { throw error },
      onLost: () => {}
    }),
    take: async (trial: Claimed, key = ours) => await takeBeginning({ db, blobs }, trial, key),
    remove (sha256: string) { rmSync(path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)) },
    recordOf: async (id: string) => ({
      events: await rows("select ordinal, type, data, extra - 'artifactId' as extra from event where trial_id = $1 and ordinal >= 0 order by 1", id),
      curves: await rows('select name, chunk, steps, values, min, max, min_at, max_at from metric_chunk where trial_id = $1 order by 1, 2', id),
      artifacts: await rows('select name, step, media_type, blob_sha, size_bytes from artifact where trial_id = $1 order by 1', id),
      progress: await rows('select progress_done, progress_of from trial where id = $1', id)
    })
  }
}

/** What every trial does up to the end of its beginning; the snapshot has its name inside, as those of trials do. */
function begin (trial: Claimed): Recordable[] {
  return [
    { ordinal: 0, type: 'metrics', data: { step: 1, values: { loss: 0.5, seconds: 3 } } },
    { ordinal: 1, type: 'artifact', data: { name: 'dot', step: 1, mediaType: 'text/csv' }, payload: bytes('dot') },
    { ordinal: 2, type: 'progress', data: { done: 1, of: 4 } },
    { ordinal: 3, type: 'metrics', data: { step: 2, values: { loss: NaN, seconds: 4 } } },
    { ordinal: 4, type: 'snapshot', data: { step: 2, endsBeginning: true }, payload: bytes(`snapshot of ${trial.id}`) }
  ]
}

async function record ({ open }: Awaited<ReturnType<typeof openDesk>>, trial: Claimed, items: Recordable[]): Promise<void> {
  const recorder = await open(trial)
  items.forEach(recorder.accept)
  await recorder.drain()
}

test('beginning: two trials make it at once, one is kept; a third has its record, place and progress as its own', async t => {
  const desk = await openDesk(t, 4)
  const { claim, rows, take, recordOf } = desk
  const [first, second, third, fourth] = [await claim(), await claim(), await claim(), await claim()]
  assert.equal(await take(third), undefined, 'nobody has been there')
  await Promise.all([first, second].map(async trial => { await record(desk, trial, begin(trial)) }))
  const kept = await rows('select trial_id, ordinal, step, blob_sha from beginning')
  assert.equal(kept.length, 1)
  const snapshots = await rows('select trial_id, ordinal, step, blob_sha from snapshot order by trial_id')
  assert.deepEqual(snapshots.map(({ trial_id: id }) => id), [first.id, second.id].sort(), 'each has its own to go on from')
  assert.ok(snapshots.some(one => one.blob_sha === kept[0].blob_sha))

  for (const key of [{ ...ours, key: 'seed 2' }, { ...ours, fingerprint: 'b' }]) assert.equal(await take(third, key), undefined)
  const taken = await take(third)
  assert.equal(taken!.ordinal, 4)
  assert.equal(new TextDecoder().decode(taken!.bytes), `snapshot of ${kept[0].trial_id}`)
  assert.deepEqual(await recordOf(third.id), await recordOf(first.id))
  assert.deepEqual(await recordOf(second.id), await recordOf(first.id))
  const ids = await rows("select extra->>'artifactId' as id from event where type = 'artifact'")
  assert.deepEqual(ids.map(({ id }) => id).sort(), (await rows('select id from artifact order by id')).map(({ id }) => id), 'every event names its own')
  assert.deepEqual(await rows('select ordinal, step, blob_sha from snapshot where trial_id = $1', third.id), [{ ordinal: 4, step: 2, blob_sha: kept[0].blob_sha }])
  const [log] = await rows("select data from event where trial_id = $1 and type = 'log'", third.id)
  assert.match(log.data.text, /^Begins at step 2, where arm \(trial .*\) had come/)

  // It goes on: its next snapshot takes the place of that one, which others still need.
  await record(desk, third, [
    { ordinal: 4, type: 'metrics', data: { step: 3, values: { loss: 0.1 } } }, { ordinal: 5, type: 'snapshot', data: { step: 3 }, payload: bytes('own') }
  ])
  const [curve] = await rows("select steps from metric_chunk where trial_id = $1 and name = 'loss'", third.id)
  assert.deepEqual(curve.steps, [1, 2, 3])
  assert.equal((await take(fourth))!.ordinal, 4)
  assert.equal(await take(third), undefined, 'it has a record')
})

test('beginning: two trials that come to its end at once do not wait for each other in a ring', async t => {
  const desk = await openDesk(t, 2)
  const { claim, db, rows, teamId } = desk
  const [first, second] = [await claim(), await claim()]
  await record(desk, first, begin(first).slice(0, 2)) // with bytes of the team's
  let writing: Promise<void> | undefined
  await withTransaction(db.pool, async client => {
    await client.query('select from team_storage where team_id = $1 for update', [teamId]) // as for a picture of the same batch
    writing = record(desk, second, begin(second).slice(-1))
    writing.catch(() => {}) // awaited below
    await until(async () => (await rows(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")).length > 0)
    await storeBeginning(client, first, ours, { ordinal: 4, step: 2, blob: { sha256: 'a'.repeat(64), sizeBytes: 1 } })
  })
  await writing
  assert.deepEqual(await rows('select trial_id from beginning'), [{ trial_id: first.id }])
  assert.deepEqual(await rows('select trial_id from snapshot'), [{ trial_id: second.id }])
})

test('beginning: not of attempts under several fingerprints, nor after a model; no more where its file is gone, or the lease', async t => {
  const desk = await openDesk(t, 4)
  const { claim, db, rows, take, recordOf } = desk
  const [mixed, modelled, maker, last] = [await claim(), await claim(), await claim(), await claim()]
  await db.pool.query("update trial set fingerprint = '{\"cpu\": 1}' where id = $1", [mixed.id])
  await db.pool.query("update trial_attempt set fingerprint = '{\"cpu\": 2}' where trial_id = $1", [mixed.id])
  await record(desk, mixed, begin(mixed))
  assert.deepEqual(await rows('select from beginning'), [])

  const network = { architecture: {}, preprocessing: {}, fields: {}, descent: { type: 'other', name: 'none' }, details: undefined, trainingView: undefined }
  const model = { ordinal: 0, type: 'model', data: { name: 'net' }, model: network } as unknown as Recordable
  const ends: Recordable = { ordinal: 1, type: 'snapshot', data: { step: 1, endsBeginning: true }, payload: bytes('x') }
  await assert.rejects(record(desk, modelled, [model, ends]), { code: 'trial_error', message: /no model may be announced before a beginning ends, got net/ })

  await record(desk, maker, begin(maker))
  const nobody = { ...last, attempt: last.attempt + 1 }
  await assert.rejects(take(nobody), { code: 'conflict' })
  assert.deepEqual((await recordOf(last.id)).events, [], 'whole or not at all')
  const [{ sha }] = await rows('select blob_sha as sha from beginning')
  desk.remove(sha)
  assert.equal(await take(last), undefined)
  assert.deepEqual(await rows('select from beginning'), [], 'who comes there next stores it')
})

test('beginning: goes when the experiment ends, or is deleted, and is counted among the team’s bytes until then', async t => {
  const desk = await openDesk(t, 1)
  const { db, claim, rows, teamId, experimentId } = desk
  const trial = await claim()
  await record(desk, trial, begin(trial))
  const used = async () => (await readUsage(db, teamId)).storedBytes
  const before = await used()
  await db.pool.query('delete from snapshot')
  assert.equal(await used(), before, 'what the snapshot had is the beginning’s, too')
  await withTransaction(db.pool, async client => { await endAttempt(client, { trialId: trial.id, attempt: trial.attempt }, { reason: 'cancel' }) })
  await db.pool.query("update trial set state = 'canceled'")
  await makeReport(db, experimentId, () => {})
  assert.deepEqual(await rows('select from beginning'), [])
  assert.equal(await used(), 'dot'.length)
  await forTeam(db, teamId).experiments.remove(experimentId)
  assert.equal(await used(), 0)
})

test('a real executor is killed while a beginning is stored: trials end as those that each made their own, to the bit', { timeout: 300_000 }, async t => {
  const { call, config, parts: { db } } = await openTestApp(t)
  const node = await runNode({ ...config, lanes: [{ device: 'cpu', slots: 2 }], leaseSeconds: 6 }, () => {})
  t.after(async () => { await node.stop() })
  const rows = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows
  const submit = async (...methods: object[]) => {
    const data = { generator: { type: 'scenes', size: 12, shapes: 1, train: 4, test: 2, seed: 3 } }
    const spec = { data, network: { type: 'conv', filters: [3] }, warmup: 3, epochs: 2, batchSize: 2, slots: 1, seeds: [1], methods }
    const response = await call('POST', '/v1/experiments', { body: { kind: 'adm-segmentation', spec } })
    assert.equal(response.statusCode, 201, response.body)
    const { id, trials } = response.json()
    return { id: id as string, trials: trials.map((trial: { id: string }) => trial.id) as string[] }
  }
  const end = async ({ id, trials }: Awaited<ReturnType<typeof submit>>) => {
    const { state } = await until(async () => (await rows('select state from experiment where id = $1 and finished_at is not null', id))[0])
    assert.equal(state, 'succeeded')
    return await Promise.all(trials.map(async trial => ({
      events: await rows('select ordinal, type, data from event where trial_id = $1 and ordinal is not null order by ordinal', trial),
      curves: await rows("select name, steps, values from metric_chunk where trial_id = $1 and name <> 'cutMilliseconds' order by name", trial),
      result: await rows('select result from trial where id = $1', trial)
    })))
  }
  const methods = [{ type: 'pce' }, { type: 'adm' }, { type: 'gd' }]
  const alone = (await Promise.all(methods.map(async method => await end(await submit(method))))).flat()

  const together = await withTransaction(db.pool, async client => {
    await client.query('lock table beginning in exclusive mode') // who reads it goes on, who writes waits
    const submitted = await submit(...methods)
    await until(async () => (await rows("select from pg_locks where relation = 'beginning'::regclass and not granted")).length > 0)
    const [{ executors }] = await rows('select executors from lane') as [{ executors: ReadyExecutor[] }]
    for (const { pid } of executors) process.kill(pid!, 'SIGKILL')
    await until(async () => (await rows(
      'select from trial_attempt join trial on id = trial_id where experiment_id = $1 and ended_at is not null', submitted.id)).length > 0)
    return submitted
  })
  assert.deepEqual(await end(together), alone)
  const attempts = await rows('select trial_id, resumed_from from trial_attempt where trial_id = any($1) order by trial_id, attempt', together.trials)
  assert.ok(attempts.length > methods.length)
  const [of] = await rows("select data->>'text' as text from event where trial_id = $1 and type = 'log'", together.trials[2])
  assert.match(of.text, /^Begins at step 6, where (pce|grid adm 5) /)
  assert.ok(attempts.findLast(({ trial_id: id }) => id === together.trials[2])!.resumed_from > 0)
  assert.deepEqual(await rows('select from beginning'), [])
})
