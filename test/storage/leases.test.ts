/** Leases and what ends an attempt from outside: only deaths without progress between count against a trial. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { claimTrial, type Claimed } from '../../src/storage/claims.js'
import { withTransaction, type Database } from '../../src/storage/database.js'
import { endAttempt, endExpired, holdLease, renewLeases, type AttemptEnd } from '../../src/storage/leases.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment } from '../helpers/jobs.js'

interface Desk {
  db: Database
  laneId: string
  trialId: string
  claim: () => Promise<Claimed>
  end: (claimed: Claimed, end: AttemptEnd) => Promise<unknown>
  row: () => Promise<{ state: string, deaths: number, seconds_used: number, failure: { code: string } | null }>
}

async function open (t: TestContext): Promise<Desk> {
  const db = await openTestDatabase(t)
  const { nodeId, laneId, teamId } = await makeBench(db)
  const { trials: [trialId] } = await makeExperiment(db, teamId)
  return {
    db,
    laneId,
    trialId: trialId!,
    claim: async () => (await withTransaction(db.pool, async client => await claimTrial(client, {
      nodeId, laneId, device: 'cpu', laneSlots: 2, freeSlots: 2, leaseSeconds: 30, kinds: [{ kind: 'test', version: '1' }]
    })))!,
    end: async ({ attempt }, end) =>
      await withTransaction(db.pool, async client => await endAttempt(client, { trialId: trialId!, attempt }, end)),
    row: async () => (await db.pool.query('select state, deaths, seconds_used, failure from trial where id = $1', [trialId])).rows[0]
  }
}

async function putSnapshot ({ db, trialId }: Desk, step: number): Promise<void> {
  await db.pool.query(
    `insert into snapshot (trial_id, ordinal, step, blob_sha) values ($1, $2, $2, 'x')
     on conflict (trial_id) do update set ordinal = excluded.ordinal, step = excluded.step, created_at = now()`, [trialId, step])
}

test('endAttempt: deaths with a newer snapshot between do not add up, three without one fail the trial', async t => {
  const desk = await open(t)
  for (let step = 1; step <= 6; step++) {
    const claimed = await desk.claim()
    await putSnapshot(desk, step)
    await desk.end(claimed, { reason: 'killed', death: true })
    assert.deepEqual([(await desk.row()).state, (await desk.row()).deaths], ['queued', 1])
  }
  for (const [state, deaths] of [['queued', 2], ['failed', 3]]) {
    await desk.end(await desk.claim(), { reason: 'killed', death: true })
    assert.deepEqual([(await desk.row()).state, (await desk.row()).deaths], [state, deaths])
  }
  assert.equal((await desk.row()).failure?.code, 'worker_died')
})

test('endExpired: a lease that ran out blames nobody, however often; one that was renewed is left alone', async t => {
  const desk = await open(t)
  for (let i = 0; i < 5; i++) {
    const { attempt } = await desk.claim()
    const expire = async (): Promise<unknown> =>
      await withTransaction(desk.db.pool, async client => await endExpired(client, { trialId: desk.trialId, attempt }))
    assert.equal(await expire(), 'stale')
    await desk.db.pool.query("update trial set lease_until = now() - interval '1 s'")
    assert.equal(await expire(), 'moved')
    assert.deepEqual([(await desk.row()).state, (await desk.row()).deaths], ['queued', 0])
  }
})

test('renewLeases: counts the time that a trial has used, which an attempt that is killed cannot', async t => {
  const desk = await open(t)
  const claimed = await desk.claim()
  const held = { trialId: desk.trialId, attempt: claimed.attempt }
  await withTransaction(desk.db.pool, async client => { await renewLeases(client, desk.laneId, [{ ...held, secondsUsed: 12.5 }], 30) })
  assert.equal((await desk.row()).seconds_used, 12.5)
  await desk.end(claimed, { reason: 'killed', death: true })
  assert.equal((await desk.claim()).secondsUsed, 12.5)
})

test('holdLease: refuses an attempt that was handed back or taken by another', async t => {
  const desk = await open(t)
  const first = await desk.claim()
  const held = { trialId: desk.trialId, attempt: first.attempt }
  const hold = async (): Promise<void> => { await withTransaction(desk.db.pool, async client => { await holdLease(client, held) }) }
  await hold()
  await desk.end(first, { reason: 'handed back' })
  await assert.rejects(hold(), { code: 'conflict' })
  await desk.claim()
  await assert.rejects(hold(), { code: 'conflict' })
})
