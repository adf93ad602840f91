/** Whose turn it is: fairness between teams, bounds that hold under many claims at once, a lane kept free for a large trial. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { v7 as newId } from 'uuid'
import { claimTrial, type Claim, type Claimed } from '../../src/storage/claims.js'
import { withTransaction, type Database } from '../../src/storage/database.js'
import { endAttempt } from '../../src/storage/leases.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment, type Bench } from '../helpers/jobs.js'

interface Desk {
  db: Database
  bench: Bench
  claim: (more?: Partial<Claim>) => Promise<Claimed | undefined>
  /** a free lane of two slots on the same node; they sort in the order in which they are made */
  addLane: (device: string) => Promise<string>
  end: (claimed: Claimed | undefined) => Promise<void>
}

async function open (t: TestContext): Promise<Desk> {
  const db = await openTestDatabase(t)
  const bench = await makeBench(db)
  return {
    db,
    bench,
    claim: async (more = {}) => await withTransaction(db.pool, async client => await claimTrial(client, {
      nodeId: bench.nodeId, laneId: bench.laneId, device: 'cpu', laneSlots: 2, freeSlots: 2, leaseSeconds: 30, kinds: [{ kind: 'test', version: '1' }], ...more
    })),
    async addLane (device) {
      const id = newId()
      await db.pool.query("insert into lane (id, node_id, device, backend, slots) values ($1, $2, $3, 'none', 2)", [id, bench.nodeId, device])
      return id
    },
    async end (claimed) {
      await withTransaction(db.pool, async client => { await endAttempt(client, { trialId: claimed!.id, attempt: claimed!.attempt }, { reason: 'ends' }) })
      await db.pool.query("update trial set state = 'succeeded' where id = $1", [claimed!.id])
    }
  }
}

test('claimTrial: priority 100 of one team does not come before the turn of another', async t => {
  const { db, bench, claim } = await open(t)
  const other = await makeBench(db)
  const modest = await makeExperiment(db, other.teamId, { trials: 2 })
  const loud = await makeExperiment(db, bench.teamId, { trials: 2, priority: 100 })
  const teams = [await claim(), await claim(), await claim(), await claim()].map(one => one?.experimentId)
  assert.deepEqual(teams, [modest.id, loud.id, modest.id, loud.id]) // between equals the team that waits longer
})

test('claimTrial: fairness counts slots, not trials', async t => {
  const { db, bench, claim } = await open(t)
  const other = await makeBench(db)
  const whole = await makeExperiment(db, bench.teamId, { trials: 2, slots: 0 })
  assert.equal((await claim())?.experimentId, whole.id)
  const small = await makeExperiment(db, other.teamId, { trials: 3 })
  assert.equal((await claim())?.experimentId, small.id)
  assert.equal((await claim())?.experimentId, small.id, 'one slot is less than the two of the other team’s one trial')
  assert.equal((await claim())?.experimentId, whole.id, 'two slots each: the older one')
})

test('claimTrial: a bad quota in one team’s row stops nobody', async t => {
  const { db, bench, claim } = await open(t)
  for (const maxRunningTrials of [2147483648, 1e300, -1, 1.5, 'many', [1], true]) {
    const bad = await makeBench(db, { maxRunningTrials })
    await makeExperiment(db, bad.teamId)
  }
  const { trials: [ours] } = await makeExperiment(db, bench.teamId)
  const claimed: string[] = []
  for (let one = await claim(); one; one = await claim()) claimed.push(one.id)
  assert.ok(claimed.includes(ours!))
  assert.equal(claimed.length, 7, 'all but the team whose bound is below zero')
})

test('claimTrial: forty claims at once never overrun the bound of running trials, and others go on meanwhile', async t => {
  const { db, bench, claim } = await open(t)
  const [first, second] = [await makeBench(db, { maxRunningTrials: 3 }), await makeBench(db, { maxRunningTrials: 5 })]
  for (const { teamId } of [first, second, bench]) await makeExperiment(db, teamId, { trials: 20 })
  const claimed = await Promise.all(Array.from({ length: 40 }, async () => await claim()))
  for (let one = await claim(); one; one = await claim()) claimed.push(one) // SKIP LOCKED may have left some
  const count = (teamId: string): number => claimed.filter(one => one?.teamId === teamId).length
  assert.deepEqual([first, second, bench].map(({ teamId }) => count(teamId)), [3, 5, 20])
})

test('claimTrial: a large trial that finds no room has one lane kept free for it, others go on with small ones', async t => {
  const { db, bench, claim, addLane, end } = await open(t)
  const second = await addLane('gpu:0')
  const third = await addLane('gpu:1')
  await makeExperiment(db, bench.teamId, { trials: 4 })
  const on = async (laneId: string, freeSlots: number): Promise<Claimed | undefined> => await claim({ laneId, device: laneId === bench.laneId ? 'cpu' : 'gpu:0', freeSlots })
  const running = [await on(bench.laneId, 2), await on(second, 2), await on(third, 2), await on(third, 1)]
  // 1, 1 and 0 slots are free now; the large one takes two
  const large = await makeExperiment(db, bench.teamId, { slots: 0, priority: 1 })
  const small = await makeExperiment(db, bench.teamId, { trials: 3 })
  assert.equal(await on(bench.laneId, 1), undefined, 'the lane that lacks least, the first of two, waits')
  const passing = await on(second, 1)
  assert.equal(passing?.experimentId, small.id)
  await end(running[3])
  assert.equal((await on(third, 1))?.experimentId, small.id)
  assert.equal(await on(bench.laneId, 1), undefined, 'it still waits, whatever others do')
  await end(running[0])
  assert.equal((await on(bench.laneId, 2))?.experimentId, large.id)
  await end(passing)
  assert.equal((await on(second, 1))?.experimentId, small.id, 'nothing is kept any more')
})

test('claimTrial: no lane is kept by a node that is silent or stopped, or on another kind of device', async t => {
  const { db, bench, claim, addLane } = await open(t)
  const gpu = await addLane('gpu:0')
  const busy = await makeExperiment(db, bench.teamId)
  assert.equal((await claim())?.experimentId, busy.id)
  const { trials: [large] } = await makeExperiment(db, bench.teamId, { slots: 0 })
  await makeExperiment(db, bench.teamId)
  assert.ok(await claim({ freeSlots: 1 }), 'the free lane will take the large one')
  await db.pool.query("update lane set heartbeat_at = now() - interval '31 s' where id = $1", [gpu])
  await makeExperiment(db, bench.teamId)
  assert.equal(await claim({ freeSlots: 1 }), undefined, 'that lane is silent: this one is kept')
  await db.pool.query("update trial set device = 'gpu' where id = $1", [large])
  assert.ok(await claim({ freeSlots: 1 }), 'a trial for GPUs keeps no CPU')
})

test('claimTrial: a node takes only kinds and versions that its code has; the others stay queued and stop nobody', async t => {
  const { db, bench, claim } = await open(t)
  const { trials: [newer] } = await makeExperiment(db, bench.teamId, { slots: 0, priority: 5 })
  await db.pool.query("update experiment set kind_version = '2'")
  const { trials: [known] } = await makeExperiment(db, bench.teamId)
  assert.equal((await claim())?.id, known)
  assert.equal(await claim(), undefined)
  assert.equal((await db.pool.query('select state from trial where id = $1', [newer])).rows[0].state, 'queued')
  assert.equal((await claim({ kinds: [{ kind: 'test', version: '2' }] }))?.id, newer)
})

test('claimTrial: a GPU takes what uses it before Float64 trials, and those too when nothing else waits', async t => {
  const { db, bench, claim, addLane } = await open(t)
  const gpu = await addLane('gpu:0')
  const { trials: [float64] } = await makeExperiment(db, bench.teamId, { engine: 'float64', priority: 9 })
  const { trials: [tensor] } = await makeExperiment(db, bench.teamId, { engine: 'tensor' })
  const next = async (): Promise<string | undefined> => (await claim({ laneId: gpu, device: 'gpu:0', laneSlots: 1, freeSlots: 1 }))?.id
  assert.equal(await next(), tensor)
  assert.equal(await next(), float64)
})

test('claimTrial: no lane is kept free that cannot have its device', async t => {
  const { db, bench, claim, addLane } = await open(t)
  const gpu = await addLane('gpu:0')
  await makeExperiment(db, bench.teamId)
  assert.ok(await claim())
  await makeExperiment(db, bench.teamId, { slots: 2, priority: 9 })
  await makeExperiment(db, bench.teamId, { trials: 2 })
  assert.ok(await claim({ freeSlots: 1 }), 'the other lane will take the large one')
  await db.pool.query('update lane set failure = $2 where id = $1', [gpu, 'it has no driver'])
  assert.equal(await claim({ freeSlots: 1 }), undefined, 'this lane is kept for it')
})
