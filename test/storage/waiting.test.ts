/** Why a queued trial waits, for every reason that there is. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { explainWait, reasonOf, type WaitFacts, type WaitLane } from '../../src/storage/waiting.js'
import { openTestDatabase } from '../helpers/database.js'
import { makeBench, makeExperiment } from '../helpers/jobs.js'

const kinds = [{ kind: 'test', version: '1' }]
const lane: WaitLane = { device: 'cpu', slots: 4, used: 0, isStarting: false, failure: null }
const facts: WaitFacts = {
  kind: 'test', kindVersion: '1', experimentState: 'queued', slots: 1, device: 'any', running: 0, max: null, nodes: 1, lanes: [lane]
}

for (const [changes, reason] of [
  [{ nodes: 0, lanes: [] }, 'no node is running: npm start runs one, and so does work'],
  [{ kindVersion: '0' }, 'it was made for version 0 of test, and the code here has version 1'],
  [{ kind: 'gone' }, 'it was made for version 1 of gone, and the code here has none'],
  [{ device: 'gpu' }, 'no lane of device gpu is there: the nodes have cpu'],
  [{ lanes: [] }, 'no lane is there: the nodes have none'],
  [{ device: 'gpu', lanes: [lane, { ...lane, device: 'gpu:0', failure: 'it has no driver' }] }, 'no lane of device gpu works: it has no driver'],
  [{ lanes: [{ ...lane, isStarting: true }] }, 'no lane is ready yet: cpu starts'],
  [{ max: 2, running: 2 }, "the team's limit of 2 running trials is reached"],
  [{ slots: 3, lanes: [{ ...lane, used: 2 }] }, 'it waits for 3 free slots of a lane: cpu has 2 of 4'],
  [{ slots: 0, lanes: [{ ...lane, used: 1 }, { ...lane, device: 'gpu:0', slots: 1, used: 1 }] }, 'it waits for 4 free slots of a lane: cpu has 3 of 4'],
  [{ slots: 0, lanes: [{ ...lane, slots: 1, used: 1 }] }, 'it waits for 1 free slot of a lane: cpu has 0 of 1'],
  [{}, 'other trials go first, or a lane is about to take it']
] as [Partial<WaitFacts>, string][]) {
  test(`reasonOf ${JSON.stringify(changes)} is: ${reason}`, () => {
    assert.equal(reasonOf({ ...facts, ...changes }, kinds), reason)
  })
}

test('explainWait reads the rows as a claim would, and has nothing to say of a trial that does not wait', async t => {
  const db = await openTestDatabase(t)
  const { teamId, nodeId, laneId } = await makeBench(db, { maxRunningTrials: 1 })
  const { trials: [first, second] } = await makeExperiment(db, teamId, { trials: 2, slots: 2 })
  const explain = async (): Promise<string | undefined> => await explainWait(db, second!, { leaseSeconds: 30, kinds })
  assert.equal(await explain(), 'other trials go first, or a lane is about to take it')
  await db.pool.query("update trial set state = 'running', lane_id = $2 where id = $1", [first, laneId])
  assert.equal(await explain(), "the team's limit of 1 running trials is reached")
  await db.pool.query("update team set quotas = '{}' where id = $1", [teamId])
  assert.equal(await explain(), 'it waits for 2 free slots of a lane: cpu has 0 of 2')
  await db.pool.query("update trial set device = 'gpu' where id = $1", [second])
  assert.equal(await explain(), 'no lane of device gpu is there: the nodes have cpu')
  await db.pool.query("update node set heartbeat_at = now() - interval '31 s' where id = $1", [nodeId])
  assert.equal(await explain(), 'no node is running: npm start runs one, and so does work')
  await db.pool.query("update trial set state = 'canceled' where id = $1", [second])
  assert.equal(await explain(), undefined)
})
