/**
 * A machine that works: opens its lanes, which fork executors, claims trials for lanes with free slots, notices deaths, and runs
 * the jobs that need no tensors (reports, sweeps). Started anew after a crash it voids its own leases at once; who it
 * is: identity.ts.
 */
import { totalmem } from 'node:os'
import type { ClientBase } from 'pg'
import { algorithms } from '../algorithms/registry.js'
import { gpuVariables, type Config, type LaneSetting } from '../config.js'
import { OperatorError } from '../errors.js'
import { describeGpu, findGpus, type Gpu } from '../gpus.mjs'
import { createLog } from '../log.js'
import { createBlobStore } from '../storage/blobs.js'
import { openBus } from '../storage/bus.js'
import { openDatabase, persistently, withTransaction } from '../storage/database.js'
import { purgeOldRows } from '../storage/purge.js'
import { claimTrial, type Claimed } from '../storage/claims.js'
import { failLane as storeLaneFailure, findLane, writeExecutors as storeExecutors, writeLanes, type ReadyExecutor } from '../storage/lanes.js'
import { beatMs, endAttempt, endExpired, findAbandoned, renewLeases, type Held } from '../storage/leases.js'
import { beatNode, stopNode } from '../storage/nodes.js'
import type { Moved } from '../storage/trials.js'
import { openBoss, workQueue } from './boss.js'
import { openClaimer, type Claimer } from './claimer.js'
import { findGpu, isGpu } from './devices.js'
import { endInTransaction } from './ending.js'
import { lockGpu } from './gpu-lock.js'
import { takeIdentity } from './identity.js'
import { openKernelCache } from './kernel-cache.js'
import { openLane, type Lane, type LaneOptions } from './lane.js'
import { endLost, forgetLanes } from './lost.js'
import { makeReport } from './reports.js'

export interface Node {
  /** Stops claiming, brings every trial to a boundary, hands it back, ends the executors. */
  stop (): Promise<void>
}

/** How often a node looks for questions, builds and reports whose job is gone. */
const LOST_MS = 15_000
const DRAIN_MS = 18_000
/** Part of the memory that the executors of a node share; the rest is the system's, the database's and the API's. */
const EXECUTORS_SHARE = 0.75

/**
 * Starts a node. It is ready when a lane can work: one of a CPU always can, one of a GPU when its executor has it. A lane
 * that cannot have its device is reported as failed, in one sentence, and not tried again; the others go on.
 * @param say gets the sentences that are for the operator
 * @param pace how long lanes wait, where not as by default
 * @throws OperatorError when no lane can work; Error when DATABASE_URL is not set
 */
export async function runNode (
  config: Config, log = createLog('node', config.logLevel), say: (line: string) => void = () => {}, pace: Pick<LaneOptions, 'idleMs' | 'backoffMs'> = {}
): Promise<Node> {
  if (config.databaseUrl === undefined) throw new Error('work needs DATABASE_URL; `descent-lab start` brings its own database')
  const url = config.databaseUrl
  const report = (event: string) => (error: Error): void => { log('warn', event, { message: error.message }) }
  const { leaseSeconds, hungSeconds, snapshotSeconds } = config
  const db = openDatabase(url, { poolSize: config.lanes.length + 5, onError: report('database_connection_lost') })
  const blobs = createBlobStore(config.blobStore, db)
  const { nodeId, release: releaseIdentity } = await takeIdentity(db, config)
  const [boss, bus] = await Promise.all([openBoss(url, { keepsHouse: true, onError: report('job_queue_error') }), openBus(url, { onError: report('bus_error') })])
  await writeLanes(db.pool, nodeId, config.lanes)
  for (const held of await findAbandoned(db.pool, { nodeId })) await release(held, asLost('its node started anew', true))

  const gpus = config.lanes.some(({ device }) => isGpu(device)) ? findGpus(gpuVariables()) : []
  const kernelCache = gpus.length > 0 ? openKernelCache(config.cacheDir, say) : undefined
  const lanes: Lane[] = []
  const claimers: Claimer[] = []
  const failures: string[] = []
  let isReady = config.lanes.some(({ device }) => !isGpu(device))
  const locks: { release (): void }[] = []
  let checking: Promise<void> | undefined
  let writing: Promise<void> = Promise.resolve()
  let ending: Promise<void> | undefined

  for (const setting of config.lanes) {
    const gpu = findGpu(setting.device, gpus)
    const laneId = await findLane(db.pool, nodeId, setting.device)
    const lock = gpu && await lockGpu(gpu.uuid)
    if (gpu && !lock) {
      failLane(laneId, `LANES asks for ${setting.device}, which is ${describeGpu(gpu)}, but another node of this machine works on it: stop that one, or leave the card out of one LANES`)
      continue
    }
    if (lock) locks.push(lock)
    openLaneOf(setting, laneId, gpu)
  }

  function openLaneOf (setting: LaneSetting, laneId: string, gpu: Gpu | undefined): void {
    const lane = openLane({
      ...pace,
      settings: {
        type: 'open',
        databaseUrl: url,
        blobStore: config.blobStore,
        nodeId,
        laneId,
        device: setting.device,
        gpu,
        gpuMemoryPercent: config.gpuMemoryPercent,
        kernelCache: kernelCache?.folder,
        slots: setting.slots,
        backend: config.tensorBackend,
        snapshotSeconds,
        leaseSeconds,
        hungSeconds
      },
      maxRssBytes: memory() * EXECUTORS_SHARE / config.lanes.length,
      log,
      onFree: () => { claimer.wake() },
      async onLost (trials, reason) {
        await Promise.all(trials.map(async ({ trial, died }) => {
          await release({ trialId: trial.id, attempt: trial.attempt }, asLost(reason, died)).catch(report('release_failed'))
        }))
        wake()
      },
      onFailed: reason => { failLane(laneId, reason) },
      onExecutors: ready => { writeExecutors(laneId, ready) },
      onWarmed (step, done, of) {
        log('info', 'lane_warmed', { device: setting.device, step, done, of })
        if (kernelCache?.isNew) say(`${setting.device}: kernels for ${step} are ready (${done} of ${of})`)
      }
    })
    const claimer = openClaimer(lane, async () => await claimFor(lane), report('claim_failed'))
    lanes.push(lane)
    claimers.push(claimer)
  }

  /** Says why a lane takes nothing, where operators and users look. */
  function failLane (laneId: string, reason: string): void {
    failures.push(reason)
    if (isReady) say(reason)
    storeLaneFailure(db.pool, laneId, reason).catch(report('database_connection_lost'))
  }

  /** One after the other: the row says what was last. */
  function writeExecutors (laneId: string, ready: ReadyExecutor[]): void {
    writing = writing.then(async () => {
      await storeExecutors(db.pool, laneId, ready)
    }).catch(report('database_connection_lost'))
  }

  function wake (): void {
    for (const claimer of claimers) claimer.wake()
  }

  async function claimFor (lane: Lane): Promise<Claimed | undefined> {
    const trial = await withTransaction(db.pool, async client => await claimTrial(client, {
      nodeId,
      laneId: lane.id,
      device: lane.device,
      laneSlots: lane.slots,
      freeSlots: lane.freeSlots(),
      leaseSeconds,
      kinds: algorithms
    }))
    if (trial) log('info', 'trial_claimed', { trialId: trial.id, experimentId: trial.experimentId, attempt: trial.attempt, device: lane.device })
    return trial
  }

  /** Ends an attempt that nobody works on any more. */
  async function release (held: Held, end: End): Promise<void> {
    await persistently(async () => {
      await endInTransaction({ db, blobs, boss }, held.trialId, async client => await end(client, held), report('blob_not_freed'))
    })
  }

  /** Says that this node lives, and takes back what silent ones hold. */
  async function check (): Promise<void> {
    await beatNode(db.pool, nodeId)
    for (const lane of lanes) await holdWaiting(lane)
    for (const held of await findAbandoned(db.pool, 'expired')) await release(held, endExpired)
  }

  /** Trials whose executor starts have nobody else who renews their leases. */
  async function holdWaiting (lane: Lane): Promise<void> {
    const held = lane.waiting().map(({ id, attempt, secondsUsed }) => ({ trialId: id, attempt, secondsUsed }))
    if (held.length > 0) await withTransaction(db.pool, async client => { await renewLeases(client, lane.id, held, leaseSeconds) })
  }

  function beat (): void {
    for (const lane of lanes) lane.beat()
    wake() // the floor beneath the notifications
    // One at a time: while the database does not answer they would pile up.
    checking ??= check().catch(report('beat_failed')).finally(() => { checking = undefined })
  }

  await workQueue<{ experimentId: string }>(boss, 'report', async ({ data }) => { await makeReport(db, data.experimentId, report('report_failed')) })
  await boss.schedule('sweep', '17 * * * *')
  await workQueue(boss, 'sweep', async () => {
    await purgeOldRows(db)
    await forgetLanes({ db, boss })
    log('info', 'swept', { ...await blobs.sweep() })
  }, 60)
  const losses = setInterval(() => {
    ending ??= endLost({ db, boss }).catch(report('end_lost_failed')).finally(() => { ending = undefined })
  }, LOST_MS)
  const off = bus.on('trials', wake)
  const beats = setInterval(beat, beatMs(leaseSeconds))
  wake()

  const node: Node = {
    async stop () {
      off()
      clearInterval(beats)
      clearInterval(losses)
      await Promise.all(lanes.map(async (lane, i) => {
        const claimed = claimers[i]!.stop()
        await lane.stop(DRAIN_MS)
        await claimed
      }))
      await Promise.all([checking, ending, writing])
      await boss.stop({ graceful: true, timeout: 2000 }).catch(report('job_queue_error'))
      await bus.close().catch(report('bus_error'))
      await stopNode(db.pool, nodeId).catch(report('database_connection_lost'))
      await db.close().catch(report('database_connection_lost'))
      for (const lock of locks) lock.release()
      await releaseIdentity()
    }
  }
  if (isReady) return node
  if (!await anyUsable(lanes)) {
    await node.stop()
    throw new OperatorError(failures.join('\n'))
  }
  isReady = true
  failures.forEach(say)
  return node
}

/** Waits until one of the lanes has its device, or none can have it. */
async function anyUsable (lanes: Lane[]): Promise<boolean> {
  return await Promise.any(lanes.map(async ({ usable }) => { if (!await usable) throw new Error('unusable') })).then(() => true, () => false)
}

type End = (client: ClientBase, held: Held) => Promise<Moved>

/** How trials end that are not running any more. */
const asLost = (reason: string, death: boolean): End => async (client, held) => await endAttempt(client, held, { reason, death })

/** Bytes that this machine, or the container that holds this process, has. */
function memory (): number {
  const bound = process.constrainedMemory() // 0 or beyond all bounds when there is none
  return bound > 0 ? Math.min(bound, totalmem()) : totalmem()
}
