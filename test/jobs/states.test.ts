/** Steering: whole experiments in few statements and in one order of locks; and reports that say what is, not what was. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import { openBoss } from '../../src/jobs/boss.js'
import { makeReport } from '../../src/jobs/reports.js'
import { requestState, type StateParts } from '../../src/jobs/states.js'
import { openDatabase, withTransaction, type Database } from '../../src/storage/database.js'
import { readEvents } from '../../src/storage/events.js'
import { claimTrial, type Claim } from '../../src/storage/claims.js'
import { renewLeases } from '../../src/storage/leases.js'
import { forTeam } from '../../src/storage/team-store.js'
import { moveTrial } from '../../src/storage/trials.js'
import { createTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment, type Bench } from '../helpers/jobs.js'

interface Desk { parts: StateParts, db: Database, bench: Bench }

async function open (t: TestContext): Promise<Desk> {
  const url = await createTestDatabase(t)
  const db = openDatabase(url)
  const boss = await openBoss(url, { onError: () => {} })
  t.after(async () => {
    await boss.stop({ graceful: false })
    await db.close()
  })
  return { parts: { db, boss }, db, bench: await makeBench(db) }
}

/** Makes the statements of a connection counted. */
function countStatements (client: ClientBase): () => number {
  let count = 0
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((...args: unknown[]) => {
    count++
    return query(...args)
  }) as typeof client.query
  return () => count
}

/** Resolves when so many connections wait for a lock of another one. */
async function untilWaiting (db: Database, count: number): Promise<void> {
  for (;;) {
    const { rows: [{ waiting }] } = await db.pool.query(
      "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
    if (waiting >= count) return
    await delay(10)
  }
}

const claimFor = ({ nodeId, laneId }: Bench, slots: number): Claim => ({
  nodeId, laneId, device: 'cpu', laneSlots: slots, freeSlots: slots, leaseSeconds: 30, kinds: [{ kind: 'test', version: '1' }]
})

async function takeTrials ({ db, bench }: Desk, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await withTransaction(db.pool, async client => await claimTrial(client, claimFor(bench, 100)))
  }
}

const statesOf = async (db: Database, id: string): Promise<Record<string, number>> => Object.fromEntries(
  (await db.pool.query('select state, count(*)::int as count from trial where experiment_id = $1 group by state', [id])).rows.map(row => [row.state, row.count]))

test('requestState: a thousand trials take no more statements than ten', async t => {
  const desk = await open(t)
  const { parts, db, bench } = desk
  const counts: number[][] = []
  for (const trials of [10, 1000]) {
    const { id } = await makeExperiment(db, bench.teamId, { trials, priority: trials })
    await takeTrials(desk, 5)
    const own: number[] = []
    for (const [request, states] of [
      ['pause', { paused: trials - 5, pausing: 5 }], ['resume', { queued: trials - 5, pausing: 5 }], ['cancel', { canceled: trials - 5, stopping: 5 }]
    ] as const) {
      await withTransaction(db.pool, async client => {
        const count = countStatements(client)
        await requestState(parts, bench.teamId, id, request, 'key test', client)
        own.push(count())
        client.query = Object.getPrototypeOf(client).query
      })
      assert.deepEqual(await statesOf(db, id), states)
    }
    counts.push(own)
    const { rows: [{ transitions }] } = await db.pool.query(
      'select count(*)::int as transitions from trial_transition join trial on trial.id = trial_id where experiment_id = $1', [id])
    assert.equal(transitions, 5 + trials + (trials - 5) + trials)
    const frames = await readEvents(db.pool, id, { after: 0, limit: 10_000 })
    assert.deepEqual(frames.map(frame => frame.seq), frames.map((_, i) => i + 1))
  }
  assert.deepEqual(counts[1], counts[0])
  assert.ok(counts[0]!.every(count => count <= 25), counts.join())
})

test('requestState: another team’s experiment and a malformed id are not_found', async t => {
  const { parts, db, bench } = await open(t)
  const { id } = await makeExperiment(db, bench.teamId)
  const other = await makeBench(db)
  for (const unknown of [id, newId(), 'no-id']) {
    await assert.rejects(requestState(parts, other.teamId, unknown, 'cancel', 'key test'), { code: 'not_found' })
  }
})

test('requestState and renewLeases: lock trials in one order, whatever order they are named in', async t => {
  const desk = await open(t)
  const { parts, db, bench } = desk
  const { id, trials } = await makeExperiment(db, bench.teamId, { trials: 50 })
  await takeTrials(desk, 50)
  await db.pool.query('update trial set ordinal = -ordinal where ordinal > 0')
  const first = [...trials].sort()[0]!
  const held = [...trials].sort().reverse().map(trialId => ({ trialId, attempt: 1, secondsUsed: 0 }))
  const works = [
    async (client: ClientBase) => { await renewLeases(client, bench.laneId, held, 30) },
    async (client: ClientBase) => { await requestState(parts, bench.teamId, id, 'pause', 'key test', client) }
  ]
  for (const work of works) {
    let waits: Promise<unknown> | undefined
    await withTransaction(db.pool, async blocker => {
      await blocker.query('select from trial where id = $1 for update', [first])
      waits = withTransaction(db.pool, work)
      await untilWaiting(db, 1)
      // Who waits for the first holds none of the others: no two can wait for each other.
      const { rowCount } = await db.pool.query('select from trial where experiment_id = $1 for update skip locked', [id])
      assert.equal(rowCount, 49)
    })
    await waits
  }
})

test('cancel: an experiment that never ran is canceled without having been running', async t => {
  const { parts, db, bench } = await open(t)
  const { id, trials } = await makeExperiment(db, bench.teamId, { trials: 3 })
  await withTransaction(db.pool, async client => {
    await moveTrial(client, { trialId: trials[0]!, from: ['queued'], to: 'canceled', actor: 'test', reason: 'test' })
  })
  const store = forTeam(db, bench.teamId)
  assert.equal((await store.experiments.get(id)).state, 'queued', 'two trials still wait')
  await requestState(parts, bench.teamId, id, 'cancel', 'key test')
  await makeReport(db, id, () => {})
  const { state, startedAt, progress } = await store.experiments.get(id)
  assert.deepEqual([state, startedAt, progress.done], ['canceled', null, 0])
  const frames = await readEvents(db.pool, id, { after: 0, limit: 100, types: ['state'] })
  assert.ok(frames.every(frame => frame.data.state === 'canceled'), JSON.stringify(frames))
})

test('makeReport: a retry that runs meanwhile does not get the report of the run before', async t => {
  const desk = await open(t)
  const { parts, db, bench } = desk
  const { id, trials: [trialId] } = await makeExperiment(db, bench.teamId)
  const fail = async (client: ClientBase): Promise<void> => {
    const failure = { code: 'trial_error', message: 'it failed' } as const
    await moveTrial(client, { trialId: trialId!, from: ['running'], to: 'failed', actor: 'test', reason: 'trial_error', failure })
  }
  await takeTrials(desk, 1)
  await withTransaction(db.pool, fail)
  let report: Promise<void> | undefined
  await withTransaction(db.pool, async client => {
    await client.query('select from experiment where id = $1 for update', [id])
    report = makeReport(db, id, () => {})
    await untilWaiting(db, 1) // it has read, and waits to write
    await requestState(parts, bench.teamId, id, 'retry', 'key test', client)
    await claimTrial(client, claimFor(bench, 2))
    await fail(client)
  })
  await report
  const { rows: [before] } = await db.pool.query('select state, report from experiment where id = $1', [id])
  assert.deepEqual([before.state, before.report], ['running', null])
  await makeReport(db, id, () => {})
  const { rows: [after] } = await db.pool.query('select state, report from experiment where id = $1', [id])
  assert.equal(after.state, 'failed')
  assert.ok(after.report)
})

test('makeReport: waits for nobody: an experiment whose trials have not all ended gets none', async t => {
  const { db, bench } = await open(t)
  const { id } = await makeExperiment(db, bench.teamId)
  await makeReport(db, id, () => {})
  assert.equal((await forTeam(db, bench.teamId).experiments.get(id)).state, 'queued')
})
