/** A node with two lanes, each with its executor process. A machine without a GPU runs what a GPU's lane is given on its CPU. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { readConfig } from '../../src/config.js'
import { openBoss } from '../../src/jobs/boss.js'
import { runNode } from '../../src/jobs/node.js'
import { requestState, type StateRequest } from '../../src/jobs/states.js'
import { openDatabase, type Database } from '../../src/storage/database.js'
import { createTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'
import { childrenOf, submitTrial, until, untilState } from '../helpers/trials.js'

const timeout = 150_000
/** So many steps that nothing of a test happens after the last. */
const FOREVER = 1_000_000

interface Stage { db: Database, blobStore: string, ask: (teamId: string, experimentId: string, request: StateRequest) => Promise<void> }

async function startNode (t: TestContext, lanes: string): Promise<Stage> {
  const databaseUrl = await createTestDatabase(t)
  const db = openDatabase(databaseUrl)
  const config = readConfig({ DATA_DIR: temporaryFolder(), DATABASE_URL: databaseUrl, LANES: lanes })
  const boss = await openBoss(databaseUrl, { onError: () => {} })
  const node = await runNode(config, () => {})
  t.after(async () => {
    await node.stop()
    await boss.stop({ graceful: false })
    await db.close()
  })
  return { db, blobStore: config.blobStore, ask: async (teamId, id, request) => { await requestState({ db, boss }, teamId, id, request, 'test') } }
}

test('node: a lane whose executor is being forked anew keeps no other lane from claiming', { timeout }, async t => {
  const { db } = await startNode(t, 'cpu:2,gpu:0')
  await until(async () => (await db.pool.query("select from lane having bool_and(backend <> 'starting')")).rowCount)
  // A tensor trial of one slot wants an executor with one TensorFlow thread; this lane's has two.
  const held = await submitTrial(db, FOREVER, { engine: 'tensor' })
  const byThreads = (threads: number): number | undefined => childrenOf(process.pid).find(({ environment }) =>
    environment.includes('CUDA_VISIBLE_DEVICES=-1') && environment.includes(`TF_NUM_INTRAOP_THREADS=${threads}`))?.pid
  const fresh = await until(async () => byThreads(1))
  process.kill(fresh, 'SIGSTOP')
  try {
    const passing = await submitTrial(db, 10, { device: 'gpu' })
    await untilState(db, passing.trialId, 'succeeded')
  } finally {
    process.kill(fresh, 'SIGCONT')
  }
  await until(async () => (await db.pool.query('select from trial where id = $1 and fingerprint is not null', [held.trialId])).rowCount)
})

test('node: a snapshot is there while something can go on from it, its bytes go with the trial’s end', { timeout }, async t => {
  const { db, blobStore, ask } = await startNode(t, 'cpu:1')
  const blobs = (): string[] => readdirSync(blobStore, { recursive: true }).map(name => path.basename(String(name))).filter(name => /^[0-9a-f]{64}$/.test(name))
  const { teamId, experimentId, trialId } = await submitTrial(db, FOREVER)
  await untilState(db, trialId, 'running')
  await ask(teamId, experimentId, 'pause')
  await untilState(db, trialId, 'paused')
  const { rows: [snapshot] } = await db.pool.query('select blob_sha from snapshot where trial_id = $1', [trialId])
  assert.ok(blobs().includes(snapshot.blob_sha))
  await ask(teamId, experimentId, 'resume')
  await untilState(db, trialId, 'running')
  await ask(teamId, experimentId, 'cancel')
  await untilState(db, trialId, 'canceled')
  assert.equal((await db.pool.query('select from snapshot')).rowCount, 0)
  await until(async () => !blobs().includes(snapshot.blob_sha))
})
