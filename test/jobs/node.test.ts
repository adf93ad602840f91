/** Nodes with lanes, each with its executor process: what one lane does, or cannot do, keeps no other from working. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { readConfig, type LaneSetting } from '../../src/config.js'
import { findGpus } from '../../src/gpus.mjs'
import { OperatorError } from '../../src/errors.js'
import { openBoss } from '../../src/jobs/boss.js'
import { runNode, type Node } from '../../src/jobs/node.js'
import { requestState, type StateRequest } from '../../src/jobs/states.js'
import { openDatabase, type Database } from '../../src/storage/database.js'
import { createTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'
import { childrenOf, submitTrial, until, untilState } from '../helpers/trials.js'

const timeout = 150_000
/** So many steps that nothing of a test happens after the last. */
const FOREVER = 1_000_000

interface Stage { db: Database, blobStore: string, ask: (teamId: string, experimentId: string, request: StateRequest) => Promise<void> }

async function startNode (t: TestContext, lanes: string | LaneSetting[], said: string[] = []): Promise<Stage> {
  const databaseUrl = await createTestDatabase(t)
  const db = openDatabase(databaseUrl)
  // A lease so long that an executor which a test freezes is not taken for dead, however slow the machine is.
  const environment = { DATA_DIR: temporaryFolder(), DATABASE_URL: databaseUrl, LEASE_SECONDS: '600' }
  const config = typeof lanes === 'string' ? readConfig({ ...environment, LANES: lanes }) : { ...readConfig(environment), lanes }
  const boss = await openBoss(databaseUrl, { onError: () => {} })
  const started: { node?: Node } = {} // none where it does not start
  t.after(async () => {
    await started.node?.stop()
    await boss.stop({ graceful: false })
    await db.close()
  })
  started.node = await runNode(config, () => {}, line => { said.push(line) })
  return { db, blobStore: config.blobStore, ask: async (teamId, id, request) => { await requestState({ db, boss }, teamId, id, request, 'test') } }
}

test('node: a lane whose executor is being forked anew keeps no other lane from claiming', { timeout }, async t => {
  // A second lane of the CPU under another name, so that there are two on every machine.
  const { db } = await startNode(t, [{ device: 'cpu', slots: 2 }, { device: 'second', slots: 3 }])
  await until(async () => (await db.pool.query("select from lane having bool_and(backend <> 'starting')")).rowCount)
  // A tensor trial of one slot wants an executor with one TensorFlow thread; neither lane's has one.
  const held = await submitTrial(db, FOREVER, { engine: 'tensor' })
  const byThreads = (threads: number): number | undefined => childrenOf(process.pid).find(({ environment }) =>
    environment.includes('CUDA_VISIBLE_DEVICES=-1') && environment.includes(`TF_NUM_INTRAOP_THREADS=${threads}`))?.pid
  const fresh = await until(async () => byThreads(1))
  process.kill(fresh, 'SIGSTOP')
  try {
    const passing = await submitTrial(db, 10)
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

const noGpu = findGpus({ PATH: process.env.PATH }).length === 0

test('node: a lane without its GPU fails in one sentence and is not tried again, the others go on', { timeout, skip: !noGpu }, async t => {
  const said: string[] = []
  const { db } = await startNode(t, 'cpu:1,gpu:0', said)
  const { trialId } = await submitTrial(db, 10)
  await untilState(db, trialId, 'succeeded')
  const failed = await until(async () => (await db.pool.query("select failure, backend, hardware from lane where device = 'gpu:0' and failure is not null")).rows[0])
  const sentence = /^LANES asks for gpu:0, but this machine shows no such NVIDIA GPU: install NVIDIA's driver, .*LANES=cpu:N[^.\n]*$/
  assert.match(failed.failure, sentence)
  assert.deepEqual([failed.backend, failed.hardware, said], ['none', null, [failed.failure]])
  await until(async () => childrenOf(process.pid).every(({ environment }) => !environment.includes('CUDA_VISIBLE_DEVICES=0')))
  const { rows: [cpu] } = await db.pool.query("select hardware, failure from lane where device = 'cpu'")
  assert.equal(cpu.failure, null)
  assert.deepEqual(cpu.hardware, { name: cpus()[0]?.model ?? 'unknown', driver: null, computeCapability: null, memoryBytes: null })
})

test('node: one whose only lanes are GPUs that are not there does not start, and says why', { timeout, skip: !noGpu }, async t => {
  await assert.rejects(startNode(t, 'gpu:0,gpu:3'), (error: Error) => {
    assert.ok(error instanceof OperatorError)
    assert.deepEqual([...error.message.matchAll(/^LANES asks for (gpu:\d), but this machine shows no such NVIDIA GPU/gm)].map(match => match[1]).sort(), ['gpu:0', 'gpu:3'])
    return true
  })
})
