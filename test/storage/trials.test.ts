/** The rows of trials: claims, fencing, deaths, and what they do to the experiment and its stream. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { v7 as newId } from 'uuid'
import { withTransaction, type Database } from '../../src/storage/database.js'
import { readEvents, readHead } from '../../src/storage/events.js'
import { claimTrial, type Claim, type Claimed } from '../../src/storage/claims.js'
import { endAttempt, findAbandoned, renewLeases } from '../../src/storage/leases.js'
import { finishExperiment, moveTrial } from '../../src/storage/trials.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment, type Bench } from '../helpers/jobs.js'

interface Desk { db: Database, bench: Bench, claim: (more?: Partial<Claim>) => Promise<Claimed | undefined> }

async function open (t: TestContext): Promise<Desk> {
  const db = await openTestDatabase(t)
  const bench = await makeBench(db)
  const claim: Desk['claim'] = async (more = {}) => await withTransaction(db.pool, async client => await claimTrial(client, {
    nodeId: bench.nodeId, laneId: bench.laneId, device: 'cpu', laneSlots: 2, freeSlots: 2, leaseSeconds: 30, kinds: [{ kind: 'test', version: '1' }], ...more
  }))
  return { db, bench, claim }
}

const stateOf = async (db: Database, id: string): Promise<string> => (await db.pool.query('select state from trial where id = $1', [id])).rows[0].state

test('claimTrial: takes higher priority first, then the older trial', async t => {
  const { db, bench, claim } = await open(t)
  const older = await makeExperiment(db, bench.teamId, { trials: 2 })
  const urgent = await makeExperiment(db, bench.teamId, { priority: 5 })
  const order = [(await claim())?.id, (await claim())?.id, (await claim())?.id, await claim()]
  assert.deepEqual(order, [urgent.trials[0], older.trials[0], older.trials[1], undefined])
})

test('claimTrial: gives the next slot to the team with the fewest running trials', async t => {
  const { db, bench, claim } = await open(t)
  const other = await makeBench(db)
  const first = await makeExperiment(db, bench.teamId, { trials: 3 })
  const second = await makeExperiment(db, other.teamId, { trials: 1 })
  assert.equal((await claim())?.id, first.trials[0])
  assert.equal((await claim())?.id, second.trials[0])
})

test('claimTrial: respects the team’s quota of running trials', async t => {
  const { db, claim } = await open(t)
  const limited = await makeBench(db, { maxRunningTrials: 1 })
  await makeExperiment(db, limited.teamId, { trials: 2 })
  assert.ok(await claim())
  assert.equal(await claim(), undefined)
})

test('claimTrial: a trial that needs the whole lane waits for it and is not overtaken', async t => {
  const { db, bench, claim } = await open(t)
  const whole = await makeExperiment(db, bench.teamId, { slots: 0 })
  await makeExperiment(db, bench.teamId, { slots: 1 })
  assert.equal(await claim({ freeSlots: 1 }), undefined)
  const claimed = await claim({ freeSlots: 2 })
  assert.equal(claimed?.id, whole.trials[0])
  assert.equal(claimed?.slots, 2)
})

test('claimTrial: grants the threads that are asked for, and an even share of the slots where there are no more', async t => {
  const { db, bench, claim } = await open(t)
  const granted = async (slots: number, threads: number, crew = 1): Promise<number[]> => {
    await makeExperiment(db, bench.teamId, { slots, threads, crew, engine: 'tensor' })
    const one = await claim({ laneSlots: 4, freeSlots: 4 })
    return [one!.slots, one!.threads, one!.crew]
  }
  assert.deepEqual(await granted(2, 1, 2), [2, 1, 2])
  assert.deepEqual(await granted(3, 3), [3, 3, 1])
  assert.deepEqual(await granted(8, 8), [4, 4, 1], 'the lane has no more')
  assert.deepEqual(await granted(0, 0), [4, 4, 1])
  assert.deepEqual(await granted(0, 0, 3), [4, 1, 3])
  assert.deepEqual(await granted(8, 1, 8), [4, 1, 8], 'a crew is as large as it must be')
})

test('claimTrial: twenty claims at once take twenty different trials', async t => {
  const { db, bench, claim } = await open(t)
  await makeExperiment(db, bench.teamId, { trials: 20 })
  const claimed = await Promise.all(Array.from({ length: 20 }, async () => await claim()))
  // SKIP LOCKED may pass a row that another claim holds, so some may come back empty; none may be taken twice
  const ids = claimed.flatMap(one => one ? [one.id] : [])
  while (true) {
    const next = await claim()
    if (next === undefined) break
    ids.push(next.id)
  }
  assert.equal(new Set(ids).size, 20)
  assert.equal(ids.length, 20)
})

test('endAttempt: a death queues the trial again with its attempt counted; the third fails it as worker_died', async t => {
  const { db, bench, claim } = await open(t)
  const { id, trials: [trialId] } = await makeExperiment(db, bench.teamId)
  for (const expected of ['queued', 'queued', 'failed']) {
    const claimed = await claim()
    await withTransaction(db.pool, async client => { await endAttempt(client, { trialId: trialId!, attempt: claimed!.attempt }, { reason: 'killed', death: true }) })
    assert.equal(await stateOf(db, trialId!), expected)
  }
  const { rows: [trial] } = await db.pool.query('select failure, deaths, attempt from trial where id = $1', [trialId])
  assert.equal(trial.failure.code, 'worker_died')
  assert.deepEqual([trial.deaths, trial.attempt], [3, 3])
  const states = (await readEvents(db.pool, id, { after: 0, limit: 100, types: ['state'] })).filter(frame => frame.trialId).map(frame => frame.data.state)
  assert.deepEqual(states, ['running', 'queued', 'running', 'queued', 'running', 'failed'])
})

test('endAttempt: a graceful hand-back is no death', async t => {
  const { db, bench, claim } = await open(t)
  const { trials: [trialId] } = await makeExperiment(db, bench.teamId)
  for (let i = 0; i < 5; i++) {
    const claimed = await claim()
    await withTransaction(db.pool, async client => { await endAttempt(client, { trialId: trialId!, attempt: claimed!.attempt }, { reason: 'drain' }) })
  }
  assert.equal(await stateOf(db, trialId!), 'queued')
})

test('endAttempt: a trial that was about to stop ends as it was asked', async t => {
  const { db, bench, claim } = await open(t)
  for (const [asked, ends] of [['stopping', 'canceled'], ['pausing', 'paused']] as const) {
    const { trials: [trialId] } = await makeExperiment(db, bench.teamId)
    const claimed = await claim()
    await withTransaction(db.pool, async client => {
      await moveTrial(client, { trialId: trialId!, from: ['running'], to: asked, actor: 'test', reason: 'asked' })
      await endAttempt(client, { trialId: trialId!, attempt: claimed!.attempt }, { reason: 'killed', death: true })
    })
    assert.equal(await stateOf(db, trialId!), ends)
  }
})

test('moveTrial: an attempt that lost its lease cannot move the trial', async t => {
  const { db, bench, claim } = await open(t)
  const { trials: [trialId] } = await makeExperiment(db, bench.teamId)
  const first = await claim()
  await withTransaction(db.pool, async client => { await endAttempt(client, { trialId: trialId!, attempt: first!.attempt }, { reason: 'killed', death: true }) })
  const second = await claim()
  const move = (attempt: number) => withTransaction(db.pool, async client =>
    await moveTrial(client, { trialId: trialId!, from: ['running'], to: 'succeeded', actor: 'test', reason: 'finished', attempt }))
  assert.equal(await move(first!.attempt), 'stale')
  assert.equal(await move(second!.attempt), 'last')
})

test('renewLeases and findAbandoned: a lease that ran out by the database’s clock is found, a renewed one is not', async t => {
  const { db, bench, claim } = await open(t)
  await makeExperiment(db, bench.teamId, { trials: 2 })
  const [lost, kept] = [await claim(), await claim()]
  await db.pool.query("update trial set lease_until = now() - interval '1 s'")
  const held = await withTransaction(db.pool, async client =>
    await renewLeases(client, bench.laneId, [{ trialId: kept!.id, attempt: kept!.attempt, secondsUsed: 3 }], 30))
  assert.deepEqual([...held], [kept!.id])
  assert.deepEqual(await findAbandoned(db.pool, 'expired'), [{ trialId: lost!.id, attempt: 1 }])
  assert.equal((await findAbandoned(db.pool, { nodeId: bench.nodeId })).length, 2)
})

test('finishExperiment: the stream ends with trial state, report, experiment state; doing it twice adds nothing', async t => {
  const { db, bench, claim } = await open(t)
  const { id, trials: [trialId] } = await makeExperiment(db, bench.teamId)
  const claimed = await claim()
  await withTransaction(db.pool, async client => {
    assert.equal(await moveTrial(client, { trialId: trialId!, from: ['running'], to: 'succeeded', actor: 'test', reason: 'finished', attempt: claimed!.attempt, result: {} }), 'last')
  })
  const report = { verdict: { holds: true }, tables: [], figures: [] }
  for (let i = 0; i < 2; i++) await withTransaction(db.pool, async client => { await finishExperiment(client, id, report) })
  const frames = await readEvents(db.pool, id, { after: 0, limit: 100 })
  assert.deepEqual(frames.slice(-3).map(frame => [frame.type, frame.trialId, frame.data.state]),
    [['state', trialId, 'succeeded'], ['report', null, undefined], ['state', null, 'succeeded']])
  assert.deepEqual(frames.map(frame => frame.seq), Array.from({ length: frames.length }, (_, i) => i + 1))
  assert.equal(await readHead(db.pool, id), frames.length)
})

test('moveTrial: a trial that ends closes its influence indexes, ready where every checkpoint has its part', async t => {
  const { db, bench, claim } = await open(t)
  // A third trial stays queued, so that neither end is the experiment's.
  const { id } = await makeExperiment(db, bench.teamId, { trials: 3 })
  for (const [to, parts, state] of [['canceled', 0, 'failed'], ['succeeded', 1, 'ready']] as const) {
    const trial = await claim()
    const [modelId, indexId] = [newId(), newId()]
    await db.pool.query(
      `insert into model (id, team_id, experiment_id, trial_id, name, architecture, preprocessing, fields)
       values ($1, $2, $3, $4, 'm', '{}', '{}', '{}')`, [modelId, bench.teamId, id, trial!.id])
    await db.pool.query(
      `insert into checkpoint (id, team_id, trial_id, model_id, step, learning_rate, blob_sha, size_bytes)
       values ($1, $2, $3, $1, 1, 0.1, 'x', 1)`, [modelId, bench.teamId, trial!.id])
    await db.pool.query("insert into influence_index (id, team_id, model_id, layers) values ($1, $2, $3, 'last')", [indexId, bench.teamId, modelId])
    if (parts > 0) await db.pool.query("insert into influence_part (index_id, step, blob_sha, size_bytes) values ($1, 1, 'y', 1)", [indexId])
    const moved = await withTransaction(db.pool, async client =>
      await moveTrial(client, { trialId: trial!.id, from: ['running'], to, actor: 'test', reason: 'ends' }))
    assert.equal(moved, 'moved')
    assert.equal((await db.pool.query('select state from influence_index where id = $1', [indexId])).rows[0].state, state)
  }
})
