/**
 * A machine that works: forks an executor per lane, claims trials for lanes with free slots, notices deaths, and runs
 * the jobs that need no tensors (reports, sweeps). Its id lives in DATA_DIR, so that after a crash it voids its own
 * leases at once instead of waiting for them to run out.
 */
import { hostname } from 'node:os'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { v7 as newId } from 'uuid'
import type { Config } from '../config.js'
import { createLog } from '../log.js'
import { projectVersion } from '../paths.js'
import { createBlobStore } from '../storage/blobs.js'
import { openDatabase, persistently, withTransaction, type Database } from '../storage/database.js'
import { purgeOldRows } from '../storage/purge.js'
import { claimTrial, endAttempt, findAbandoned, type Claimed } from '../storage/trials.js'
import { openBoss, workQueue } from './boss.js'
import { openBus } from './bus.js'
import { openLane, type Lane } from './lane.js'
import { endLost, forgetLanes } from './lost.js'
import { makeReport } from './reports.js'
import { reportIfLast } from './states.js'

export interface Node {
  /** Stops claiming, brings every trial to a boundary, hands it back, ends the executors. */
  stop (): Promise<void>
}

const BEAT_MS = 5000
/** How often a node looks for questions, builds and reports whose job is gone. */
const LOST_MS = 15_000
const DRAIN_MS = 18_000

/**
 * Starts a node. It is ready when every executor was forked; a lane takes trials when its executor is.
 * @throws Error when DATABASE_URL is not set
 */
export async function runNode (config: Config, log = createLog('node', config.logLevel)): Promise<Node> {
  if (config.databaseUrl === undefined) throw new Error('work needs DATABASE_URL; `descent-lab start` brings its own database')
  const url = config.databaseUrl
  const report = (event: string) => (error: Error): void => { log('warn', event, { message: error.message }) }
  const db = openDatabase(url, { poolSize: 6, onError: report('database_connection_lost') })
  const blobs = createBlobStore(config.blobStore, db)
  const nodeId = await readIdentity(config.dataDir)
  const [boss, bus] = await Promise.all([openBoss(url, { keepsHouse: true, onError: report('job_queue_error') }), openBus(url, { onError: report('bus_error') })])
  await register(db, nodeId, config)
  await release(await findAbandoned(db.pool, { nodeId }), 'its node started anew')

  const lanes: Lane[] = []
  let claiming: Promise<void> | undefined
  let again = false
  let stopped = false

  for (const setting of config.lanes) {
    lanes.push(openLane({
      settings: {
        type: 'open',
        databaseUrl: url,
        blobStore: config.blobStore,
        nodeId,
        laneId: await findLane(db, nodeId, setting.device),
        device: setting.device,
        slots: setting.slots,
        threads: setting.slots,
        backend: config.tensorBackend,
        snapshotSeconds: config.snapshotSeconds
      },
      log,
      onFree: wake,
      onDeath: async (trials, reason) => {
        await release(trials.map(trial => ({ trialId: trial.id, attempt: trial.attempt })), reason).catch(report('release_failed'))
        wake()
      }
    }))
  }

  /** Looks for work now; a call while it looks makes it look once more. */
  function wake (): void {
    again = true
    claiming ??= claimAll().catch(report('claim_failed')).finally(() => { claiming = undefined })
  }

  async function claimAll (): Promise<void> {
    while (again && !stopped) {
      again = false
      for (const lane of lanes) {
        while (!stopped && lane.freeSlots() > 0) {
          const trial = await claimFor(lane)
          if (trial === undefined) break
          log('info', 'trial_claimed', { trialId: trial.id, experimentId: trial.experimentId, attempt: trial.attempt, device: lane.device })
          await lane.run(trial)
        }
      }
    }
  }

  async function claimFor (lane: Lane): Promise<Claimed | undefined> {
    return await withTransaction(db.pool, async client => await claimTrial(client, {
      nodeId, laneId: lane.id, device: lane.device, laneSlots: lane.slots, freeSlots: lane.freeSlots(), threads: lane.fixedThreads()
    }))
  }

  /** Ends attempts whose executor is gone. */
  async function release (attempts: { trialId: string, attempt: number }[], reason: string): Promise<void> {
    for (const { trialId, attempt } of attempts) {
      await persistently(async () => {
        await withTransaction(db.pool, async client => {
          await reportIfLast(boss, client, trialId, await endAttempt(client, trialId, attempt, reason, true))
        })
      })
    }
  }

  async function beat (): Promise<void> {
    await db.pool.query('update node set heartbeat_at = now(), stopped_at = null where id = $1', [nodeId])
    await release(await findAbandoned(db.pool, 'expired'), 'its lease ran out')
    wake() // the floor beneath the notifications
  }

  await workQueue<{ experimentId: string }>(boss, 'report', async ({ data }) => { await makeReport(db, data.experimentId, report('report_failed')) })
  await boss.schedule('sweep', '17 * * * *')
  await workQueue(boss, 'sweep', async () => {
    await purgeOldRows(db)
    await forgetLanes({ db, boss })
    log('info', 'swept', { ...await blobs.sweep() })
  }, 60)
  const losses = setInterval(() => { endLost({ db, boss }).catch(report('end_lost_failed')) }, LOST_MS)
  const off = bus.on('trials', wake)
  const beats = setInterval(() => { beat().catch(report('beat_failed')) }, BEAT_MS)
  wake()

  return {
    async stop () {
      stopped = true
      off()
      clearInterval(beats)
      clearInterval(losses)
      await claiming
      await Promise.all(lanes.map(async lane => { await lane.stop(DRAIN_MS) }))
      await boss.stop({ graceful: true, timeout: 2000 }).catch(report('job_queue_error'))
      await bus.close().catch(report('bus_error'))
      await db.pool.query('update node set stopped_at = now() where id = $1', [nodeId]).catch(report('database_connection_lost'))
      await db.close().catch(report('database_connection_lost'))
    }
  }
}

/** The node's id, made once and kept with its data. */
async function readIdentity (dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'node-id')
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) return known.trim()
  const id = newId()
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${id}\n`)
  return id
}

async function register (db: Database, nodeId: string, config: Config): Promise<void> {
  await db.pool.query(
    `insert into node (id, name, version) values ($1, $2, $3)
     on conflict (id) do update set name = excluded.name, version = excluded.version, started_at = now(), heartbeat_at = now(), stopped_at = null`,
    [nodeId, hostname(), projectVersion])
  await db.pool.query('delete from lane where node_id = $1 and device <> all($2)', [nodeId, config.lanes.map(lane => lane.device)])
  for (const { device, slots } of config.lanes) {
    await db.pool.query(
      `insert into lane (id, node_id, device, backend, slots, threads, pid) values ($1, $2, $3, 'starting', $4, $4, 0)
       on conflict (node_id, device) do update set backend = 'starting', slots = excluded.slots, threads = excluded.threads, pid = 0, warm_models = '{}'`,
      [newId(), nodeId, device, slots])
  }
}

async function findLane (db: Database, nodeId: string, device: string): Promise<string> {
  const { rows: [lane] } = await db.pool.query('select id from lane where node_id = $1 and device = $2', [nodeId, device])
  return lane.id
}
