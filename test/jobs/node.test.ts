/** Nodes with lanes, each with its executor process: what one lane does, or cannot do, keeps no other from working. */
import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Needs } from '../../src/algorithms/contract.js'
import { readConfig, type LaneSetting } from '../../src/config.js'
import { findGpus } from '../../src/gpus.mjs'
import { OperatorError } from '../../src/errors.js'
import { openBoss } from '../../src/jobs/boss.js'
import { runNode, type Node } from '../../src/jobs/node.js'
import { requestState, type StateRequest } from '../../src/jobs/states.js'
import { openDatabase, type Database } from '../../src/storage/database.js'
import { createTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'
import { preloadSleepers, submitTrial } from '../helpers/sleeping-trials.js'
import { childrenOf, until, untilState } from '../helpers/trials.js'

process.env.NODE_OPTIONS = preloadSleepers

const timeout = 600_000
/** So many steps that nothing of a test happens after the last. */
const FOREVER = 1_000_000

interface Stage { db: Database, blobStore: string, ask: (teamId: string, experimentId: string, request: StateRequest) => Promise<void> }

async function startNode (t: TestContext, lanes: string | LaneSetting[], said: string[] = [], leaseSeconds = '600'): Promise<Stage> {
  const databaseUrl = await createTestDatabase(t)
  const db = openDatabase(databaseUrl)
  // A lease so long that an executor which a test freezes is not taken for dead, however slow the machine is.
  const environment = { DATA_DIR: temporaryFolder(), DATABASE_URL: databaseUrl, LEASE_SECONDS: leaseSeconds }
  const config = typeof lanes === 'string' ? readConfig({ ...environment, LANES: lanes }) : { ...readConfig(environment), lanes }
  const boss = await openBoss(databaseUrl, { onError: () => {} })
  const started: { node?: Node } = {} // none where it does not start
  t.after(async () => {
    await started.node?.stop()
    await boss.stop({ graceful: false })
    await db.close()
  })
  started.node = await runNode(config, () => {}, line => { said.push(line) }, { backoffMs: () => 0 })
  return { db, blobStore: config.blobStore, ask: async (teamId, id, request) => { await requestState({ db, boss }, teamId, id, request, 'test') } }
}

/** Has executors with one thread of TensorFlow stop before their first word. @returns waits for the first one */
function stopSingles (t: TestContext): () => Promise<number> {
  process.env.NODE_OPTIONS = `${preloadSleepers} --import=${new URL('../helpers/stop-at-start.js', import.meta.url).href}`
  t.after(() => { process.env.NODE_OPTIONS = preloadSleepers })
  return async () => await until(async () => childrenOf(process.pid).find(({ environment, isStopped }) =>
    isStopped && environment.includes('TF_NUM_INTRAOP_THREADS=1'))?.pid)
}

const single = { engine: 'tensor', threads: 1, slots: 1 } as const

test('node: a trial whose executor starts keeps nobody waiting, neither its own lane nor another', { timeout }, async t => {
  const stopped = stopSingles(t)
  // A second lane of the CPU under another name, so that there are two on every machine; neither's first executor has one thread.
  const { db } = await startNode(t, [{ device: 'cpu', slots: 2 }, { device: 'second', slots: 3 }])
  await until(async () => (await db.pool.query("select from lane having bool_and(executors <> '[]')")).rowCount)
  const held = await submitTrial(db, FOREVER, single)
  const pid = await stopped()
  try {
    for (const device of ['cpu', 'second'] as Needs['device'][]) {
      const passing = await submitTrial(db, 10, { device })
      await untilState(db, passing.trialId, 'succeeded')
    }
    const { rows: [{ fingerprint }] } = await db.pool.query('select fingerprint from trial where id = $1', [held.trialId])
    assert.equal(fingerprint, null)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  const { rows: [{ fingerprint }] } = await until(async () => {
    const answer = await db.pool.query('select fingerprint from trial where id = $1 and fingerprint is not null', [held.trialId])
    return answer.rowCount === 0 ? undefined : answer
  })
  assert.equal(fingerprint.threads, 1)
})

test('node: it renews the lease of a trial whose executor starts', { timeout }, async t => {
  const stopped = stopSingles(t)
  const { db } = await startNode(t, 'cpu:2', [], '6')
  const { trialId } = await submitTrial(db, FOREVER, single)
  const pid = await stopped()
  const lease = async (): Promise<string> => (await db.pool.query('select lease_until::text as lease from trial where id = $1', [trialId])).rows[0].lease
  try {
    const before = await lease()
    await until(async () => await lease() !== before)
    assert.equal((await db.pool.query('select attempt from trial where id = $1', [trialId])).rows[0].attempt, 1)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
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

test('node: one whose only lane has an executor that dies before its first word does not start, and says of what', { timeout }, async t => {
  const file = path.join(temporaryFolder(), 'dies.mjs')
  writeFileSync(file, 'process.kill(process.pid, "SIGSEGV")')
  process.env.NODE_OPTIONS = `--import=${pathToFileURL(file).href}`
  t.after(() => { process.env.NODE_OPTIONS = preloadSleepers })
  await assert.rejects(startNode(t, [{ device: 'gpu:7', slots: 1 }]), {
    name: 'OperatorError', message: /^gpu:7 takes no trials: its executor died 5 times before it was ready, the last time with SIGSEGV/
  })
})
