/** A lane with a real executor process: what happens to the database and to the process must not be blamed on trials. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { algorithms } from '../../src/algorithms/registry.js'
import { openLane, type Lane, type Lost } from '../../src/jobs/lane.js'
import { claimTrial } from '../../src/storage/claims.js'
import { openDatabase, withTransaction, type Database } from '../../src/storage/database.js'
import { createTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeBench } from '../helpers/jobs.js'
import { submitTrial, until, untilState } from '../helpers/trials.js'

const timeout = 150_000

interface Stage {
  db: Database
  lane: Lane
  laneId: string
  logged: string[]
  lost: { trials: Lost[], reason: string }[]
  line: Line
  /** claims what is queued and gives it to the lane */
  run: () => Promise<void>
}

async function openStage (t: TestContext): Promise<Stage> {
  const url = await createTestDatabase(t)
  const db = openDatabase(url)
  const line = await openLine(url)
  const { nodeId, laneId } = await makeBench(db)
  const logged: string[] = []
  const lost: Stage['lost'] = []
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
      threads: 2,
      backend: 'auto',
      snapshotSeconds: 15,
      leaseSeconds: 30,
      hungSeconds: 600,
      mostRssBytes: 12 * 1024 ** 3
    },
    log: (_level, event) => { logged.push(event) },
    onFree: () => {},
    onLost: async (trials, reason) => { lost.push({ trials, reason }) },
    onFailed: assert.fail,
    onWarmed: assert.fail
  })
  t.after(async () => {
    line.restore()
    await lane.stop(10_000)
    await line.close()
    await db.close()
  })
  await until(async () => lane.freeSlots())
  const run = async (): Promise<void> => {
    const claimed = await withTransaction(db.pool, async client => await claimTrial(client, {
      nodeId, laneId, device: 'cpu', laneSlots: 2, freeSlots: lane.freeSlots(), threads: lane.fixedThreads(), leaseSeconds: 30, kinds: algorithms
    }))
    await lane.run(claimed!)
  }
  return { db, lane, laneId, logged, lost, line, run }
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

test('lane: a database that is away while a trial starts costs no executor and no trial', { timeout }, async t => {
  const { db, logged, lost, line, run } = await openStage(t)
  const { trialId } = await submitTrial(db, 100)
  line.cut()
  await run()
  await until(async () => logged.includes('look_failed'))
  line.restore()
  await untilState(db, trialId, 'succeeded')
  assert.deepEqual(lost, [])
  assert.deepEqual((await db.pool.query('select attempt, deaths from trial')).rows, [{ attempt: 1, deaths: 0 }])
})

test('lane: a frozen executor gets no work, is replaced, and its trials come back once', { timeout }, async t => {
  const { db, lane, laneId, lost, run } = await openStage(t)
  const { trialId } = await submitTrial(db, 1_000_000)
  await run()
  const { rows: [{ pid }] } = await db.pool.query('select pid from lane where id = $1', [laneId])
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
