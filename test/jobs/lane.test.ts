/** A lane with a real executor process: what happens to the database and to the process must not be blamed on trials. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { algorithms } from '../../src/algorithms/registry.js'
import { openLane, type Lane, type LaneOptions, type Lost } from '../../src/jobs/lane.js'
import type { ReadyExecutor } from '../../src/storage/lanes.js'
import { claimTrial } from '../../src/storage/claims.js'
import { openDatabase, withTransaction, type Database } from '../../src/storage/database.js'
import { createTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeBench } from '../helpers/jobs.js'
import { preloadSleepers, submitTrial } from '../helpers/sleeping-trials.js'
import { until, untilState } from '../helpers/trials.js'

process.env.NODE_OPTIONS = preloadSleepers

const timeout = 600_000

interface Stage {
  db: Database
  lane: Lane
  /** its executor with so many threads, once it is ready; another than the one named */
  executor: (threads: number, besides?: number) => Promise<number>
  ready: () => number[]
  logged: string[]
  lost: { trials: Lost[], reason: string }[]
  line: Line
  /** claims what is queued and gives it to the lane */
  run: () => Promise<void>
}

/** @param isCut whether the line to the database is cut, and not waited for a lane that is ready */
async function openStage (
  t: TestContext, options: Partial<LaneOptions> = {}, { leaseSeconds = 30, isCut = false } = {}
): Promise<Stage> {
  const url = await createTestDatabase(t)
  const db = openDatabase(url)
  const line = await openLine(url)
  if (isCut) line.cut()
  const { nodeId, laneId } = await makeBench(db)
  const logged: string[] = []
  const lost: Stage['lost'] = []
  let ready: ReadyExecutor[] = []
  const lane = openLane({
    settings: {
      type: 'open',
      databaseUrl: line.url,
      blobStore: path.join(temporaryFolder(), 'blobs'),
      nodeId,
      laneId,
      device: 'cpu',
      gpu: undefined,
      gpuMemoryPercent: 100,
      kernelCache: undefined,
      slots: 2,
      backend: 'auto',
      snapshotSeconds: 15,
      leaseSeconds,
      hungSeconds: 600
    },
    maxRssBytes: 12 * 1024 ** 3,
    log: (_level, event) => { logged.push(event) },
    onFree: () => {},
    onLost: async (trials, reason) => { lost.push({ trials, reason }) },
    onFailed: assert.fail,
    onWarmed: assert.fail,
    onExecutors: now => { ready = now },
    ...options
  })
  t.after(async () => {
    line.restore()
    await lane.stop(10_000)
    await line.close()
    await db.close()
  })
  if (options.onFailed === undefined && !isCut) await until(async () => lane.freeSlots())
  const run = async (): Promise<void> => {
    const claimed = await withTransaction(db.pool, async client => await claimTrial(client, {
      nodeId, laneId, device: 'cpu', laneSlots: 2, freeSlots: lane.freeSlots(), leaseSeconds: 30, kinds: algorithms
    }))
    await lane.run(claimed!)
  }
  const executor = async (threads: number, besides?: number): Promise<number> =>
    await until(async () => ready.find(one => one.threads === threads && one.pid !== besides)?.pid)
  return { db, lane, executor, ready: () => ready.map(({ threads }) => threads).sort(), logged, lost, line, run }
}

interface Line { url: string, cut: () => void, restore: () => void, close: () => Promise<void> }

/** A line to the database that can be cut: connections break, new ones are refused. */
async function openLine (databaseUrl: string): Promise<Line> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer(near => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cut () {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    restore () { isCut = false },
    async close () {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}

test('lane: a frozen executor gets no work, is replaced, and its trials come back once', { timeout }, async t => {
  const { db, lane, executor, lost, run } = await openStage(t)
  const { trialId } = await submitTrial(db, 1_000_000)
  await run()
  const pid = await executor(2)
  process.kill(pid, 'SIGSTOP')
  // The node's beats, as fast as the test likes: only what the executor says between them counts.
  for (let i = 0; i < 2; i++) lane.beat()
  assert.equal(lane.freeSlots(), 0)
  for (let i = 0; i < 2; i++) lane.beat()
  await until(async () => lost.length > 0)
  await until(async () => lane.freeSlots() === 2)
  for (let i = 0; i < 3; i++) lane.beat()
  assert.deepEqual(lost.map(({ trials }) => trials.map(one => [one.trial.id, one.died])), [[[trialId, true]]])
  assert.match(lost[0]!.reason, /silence/)
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})

/** What a trial says of its needs that computes with one thread of the tensor engine. */
const single = { engine: 'tensor', threads: 1, slots: 1 } as const

async function progressOf (db: Database, trialId: string): Promise<number> {
  return (await db.pool.query('select progress_done from trial where id = $1', [trialId])).rows[0].progress_done
}

/** Waits until the lane's first executor has beaten once more. */
async function nextHeartbeat (db: Database): Promise<void> {
  const at = async (): Promise<string> => String((await db.pool.query('select heartbeat_at::text as at from lane')).rows[0].at)
  const before = await at()
  await until(async () => await at() !== before)
}

const isGone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

test('lane: nothing that its trials go through costs an executor', { timeout }, async t => {
  const { db, lane, executor, ready, logged, lost, line, run } = await openStage(t)

  await t.test('lane: a database that is away while a trial starts costs no executor and no trial', async () => {
    const { trialId } = await submitTrial(db, 100)
    line.cut()
    await run()
    await until(async () => logged.includes('look_failed'))
    line.restore()
    await untilState(db, trialId, 'succeeded')
    assert.deepEqual(lost, [])
    assert.deepEqual((await db.pool.query('select attempt, deaths from trial')).rows, [{ attempt: 1, deaths: 0 }])
  })

  await t.test('lane: trials of two numbers of threads run side by side, each in an executor of its own that stays', async () => {
    const first = await executor(2)
    const long = await submitTrial(db, 1_000_000)
    await run()
    const pids = new Set<number>()
    for (let i = 0; i < 3; i++) {
      const { trialId } = await submitTrial(db, 10, single)
      await run()
      assert.equal(lane.freeSlots(), 0)
      await untilState(db, trialId, 'succeeded')
      await until(async () => lane.freeSlots())
      pids.add(await executor(1))
      assert.equal((await db.pool.query('select fingerprint from trial where id = $1', [trialId])).rows[0].fingerprint.threads, 1)
    }
    assert.equal(pids.size, 1, 'no trial had an executor forked anew')
    assert.equal(await executor(2), first)
    assert.deepEqual(ready(), [1, 2])
    assert.deepEqual((await db.pool.query('select state, attempt from trial where id = $1', [long.trialId])).rows, [{ state: 'running', attempt: 1 }])
    assert.deepEqual(lost, [])
  })
})

test('lane: of one executor that is killed or frozen, the trials of the others go on', { timeout }, async t => {
  const { db, lane, executor, lost, run } = await openStage(t, {}, { leaseSeconds: 3 })
  const other = await submitTrial(db, 1_000_000)
  await run()
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    await t.test(signal, async () => {
      lost.splice(0)
      const { trialId } = await submitTrial(db, 1_000_000, single)
      await run()
      const pid = await executor(1)
      await until(async () => (await db.pool.query('select from trial where id = $1 and fingerprint is not null', [trialId])).rowCount)
      process.kill(pid, signal)
      const first = await executor(2)
      // Four beats of the node; the executor that works is heard of between them, however busy the machine is.
      for (let beats = 0; signal === 'SIGSTOP' && beats < 4; beats++) {
        lane.beat()
        for (let heard = 0; heard < 3; heard++) await nextHeartbeat(db)
      }
      await until(async () => lost.length > 0)
      const before = await progressOf(db, other.trialId)
      await until(async () => await progressOf(db, other.trialId) > before)
      assert.deepEqual(lost.map(({ trials }) => trials.map(one => [one.trial.id, one.died])), [[[trialId, true]]])
      await until(async () => lane.freeSlots() === 1)
      assert.equal(await executor(2), first)
      assert.deepEqual((await db.pool.query('select state, attempt from trial where id = $1', [other.trialId])).rows, [{ state: 'running', attempt: 1 }])
      const next = await submitTrial(db, 10, single)
      await run()
      await untilState(db, next.trialId, 'succeeded')
      assert.notEqual(await executor(1), pid)
    })
  }
})

test('lane: an executor beside the first ends when it has been idle for long, the first stays', { timeout }, async t => {
  const { db, lane, executor, ready, run } = await openStage(t, { idleMs: 0 })
  const first = await executor(2)
  const { trialId } = await submitTrial(db, 10, single)
  await run()
  await untilState(db, trialId, 'succeeded')
  const pid = await executor(1)
  await until(async () => lane.freeSlots() === 2)
  lane.beat()
  assert.deepEqual(ready(), [2])
  await until(async () => isGone(pid))
  assert.equal(await executor(2), first)
})

test('lane: past its bound of memory the largest executor is renewed, as soon as it runs nothing', { timeout }, async t => {
  const { db, lane, executor, lost, run } = await openStage(t, { maxRssBytes: 1 })
  const first = await executor(2)
  const { trialId } = await submitTrial(db, 10)
  await run()
  await untilState(db, trialId, 'succeeded')
  await executor(2, first)
  await until(async () => lane.freeSlots() === 2)
  assert.deepEqual(lost, [])
})

test('lane: one whose executor dies again and again before it is ready fails, and says of what', { timeout }, async t => {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, 'dies.mjs'), 'throw new Error("libcudart.so.11.0: cannot open shared object file")')
  process.env.NODE_OPTIONS = `--import=${pathToFileURL(path.join(folder, 'dies.mjs')).href}`
  t.after(() => { process.env.NODE_OPTIONS = preloadSleepers })
  const reasons: string[] = []
  const { lane, logged } = await openStage(t, { onFailed: reason => { reasons.push(reason) }, backoffMs: () => 0 })
  assert.equal(await lane.usable, false)
  assert.deepEqual(reasons, ['cpu takes no trials: its executor died 5 times before it was ready, the last time with code 1: ' +
    'Error: libcudart.so.11.0: cannot open shared object file; mend that and start the node anew'])
  assert.equal(logged.filter(event => event === 'executor_died').length, 5)
  assert.equal(lane.freeSlots(), 0)
})

test('lane: an executor that cannot start because the database is away is forked until it can', { timeout }, async t => {
  const { db, lane, executor, logged, line, run } = await openStage(t, { backoffMs: () => 0 }, { isCut: true })
  await until(async () => logged.filter(event => event === 'executor_died').length > 5)
  line.restore()
  await executor(2)
  await until(async () => lane.freeSlots())
  const { trialId } = await submitTrial(db, 10)
  await run()
  await untilState(db, trialId, 'succeeded')
})
