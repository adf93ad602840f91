/**
 * A process of one lane: bound to its device and to a number of TensorFlow threads by its environment, threads of Piscina
 * pools inside. The main thread does not compute: it starts attempts, beats, forwards requests to stop, writes. The first
 * of a lane answers questions, too. It ends when its node is gone.
 */
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Piscina } from 'piscina'
import { MAX_CREW } from '../algorithms/contract.js'
import { noUploads } from '../datasets/limits.js'
import { createDatasetPool } from '../datasets/dataset-pool.js'
import { readHolders } from '../storage/attempts.js'
import { createBlobStore } from '../storage/blobs.js'
import { openBus } from '../storage/bus.js'
import { isConnectionError, openDatabase, withTransaction } from '../storage/database.js'
import { beatLane, describeLane } from '../storage/lanes.js'
import { beatMs, renewLeases } from '../storage/leases.js'
import { isHeld } from '../storage/trials.js'
import { createLoadLock, releaseLoadLock } from '../tensor/load-lock.js'
import { startAnswering } from './answers.js'
import { startAttempt, type Attempt, type AttemptParts } from './attempt.js'
import { openBoss } from './boss.js'
import type { Stop } from './control.js'
import { describeHardware, explainMissingGpu, isGpu, type EngineFacts } from './devices.js'
import { createSharedArtifacts } from './shared-artifacts.js'
import { createSharedBlobs } from './shared-blobs.js'
import { createSharedDatasets } from './shared-datasets.js'
import { createSharedModels } from './shared-models.js'
import type { ExecutorSettings, FromExecutor, ToExecutor } from './messages.js'
import type { ThreadData } from './thread-engine.js'
import type { Warmed } from './trial-thread.js'

/** What an executor asks of the database takes milliseconds: a connection that is silent for so long is dead. */
const ANSWER_MS = 30_000
/** Index builds are rare, and come in groups: their thread keeps TensorFlow and a model's data for so long. */
const BUILDS_IDLE_MS = 60_000
/** States of a trial that somebody runs. */

/** Which flag each state that others can set stands for. */
const stopFor: Record<string, Stop> = { stopping: 'cancel', pausing: 'pause' }

process.on('disconnect', () => process.exit(70)) // the node is gone: what it started must not go on as an orphan

/** Takes the node's messages; until everything is open, only the wish to end. */
let receive = (message: ToExecutor): void => {
  if (message.type === 'drain') process.exit(0)
  if (message.type !== 'open') throw new Error(`The first message must be open, got ${message.type}`)
  runExecutor(message).catch(error => {
    log('error', 'executor_failed', { message: error instanceof Error ? error.stack : String(error) })
    sendLast({ type: 'failed', reason: error instanceof Error ? error.message : String(error), isExcused: isConnectionError(error) }, 1)
  })
  // By a timer and not by what happens: the node must hear when nothing happens, and must not when this process is frozen.
  setInterval(() => { send({ type: 'beat', rssBytes: process.memoryUsage.rss() }) }, beatMs(message.leaseSeconds))
}
process.on('message', (message: ToExecutor) => { receive(message) })

async function runExecutor (settings: ExecutorSettings): Promise<void> {
  const report = (event: string) => (error: Error): void => { log('warn', event, { message: error.message }) }
  const db = openDatabase(settings.databaseUrl, { poolSize: settings.slots + 4, answerMs: ANSWER_MS, onError: report('database_connection_lost') })
  const blobs = createBlobStore(settings.blobStore, db)
  const [boss, bus] = await Promise.all([
    openBoss(settings.databaseUrl, { onError: report('job_queue_error') }),
    openBus(settings.databaseUrl, { onError: report('bus_error') })
  ])
  const loadLock = createLoadLock()
  // A trial whose crew is larger than the lane takes all of it, so there are never more.
  const trialThreads = openThreads('trial-thread.js', Math.max(settings.slots, MAX_CREW), loadLock, report('thread_error'))
  const shared = createSharedBlobs(blobs)
  const engine = await trialThreads.run({ backend: settings.backend, threads: settings.threads }, { name: 'warmUp' }) as EngineFacts
  const { backend } = engine
  const reason = explainMissingGpu(settings.device, settings.gpu, engine)
  if (reason !== undefined) return sendLast({ type: 'unusable', reason })
  if (isGpu(settings.device)) await warmGpu(trialThreads, settings)
  // Its threads start when the file of a generated data set is missing.
  const datasetPool = createDatasetPool({ folder: path.join(tmpdir(), 'datasets'), limits: noUploads })
  const datasets = createSharedDatasets(db, shared, { blobs, datasetPool })
  const models = createSharedModels(db, shared)
  const artifacts = createSharedArtifacts(db, shared)
  const parts: AttemptParts = { settings, db, blobs, boss, threads: trialThreads, datasets, models, artifacts, backend }
  const attempts = new Set<Attempt>() // a trial may have two for a moment: one that lost it and has not stopped yet
  let beating: Promise<void> | undefined

  function start ({ trial }: Extract<ToExecutor, { type: 'run' }>): void {
    const attempt = startAttempt(parts, trial, report('attempt_failed'))
    attempts.add(attempt)
    void attempt.done.then(({ died }) => {
      attempts.delete(attempt)
      send({ type: 'ended', trialId: trial.id, attempt: trial.attempt, died, rssBytes: process.memoryUsage.rss() })
    })
    lookNow()
  }

  /** Reads what became of the trials that run here: requests to stop, and leases that somebody else took. */
  async function look (): Promise<void> {
    // Those that run now: one that starts while the query is under way has no row in its answer and is not lost.
    const asked = [...attempts]
    if (asked.length === 0) return
    const rows = await readHolders(db.pool, asked.map(({ trial }) => trial.id))
    for (const attempt of asked) {
      const row = rows.find(one => one.id === attempt.trial.id)
      if (row?.attempt !== attempt.trial.attempt || !isHeld(row.state)) attempt.stop('lost')
      else if (stopFor[row.state]) attempt.stop(stopFor[row.state]!)
    }
  }

  /** A look that fails is made up for by the next beat. */
  function lookNow (): void {
    look().catch(report('look_failed'))
  }

  async function beat (): Promise<void> {
    const held = [...attempts].map(({ trial, secondsUsed }) => ({ trialId: trial.id, attempt: trial.attempt, secondsUsed: secondsUsed() }))
    await withTransaction(db.pool, async client => {
      if (settings.isFirst) await beatLane(client, settings.laneId)
      if (held.length > 0) await renewLeases(client, settings.laneId, held, settings.leaseSeconds)
    })
    await look()
  }

  async function drain (): Promise<void> {
    clearInterval(beats)
    for (const attempt of attempts) attempt.stop('drain')
    await Promise.all([...attempts].map(attempt => attempt.done))
    await boss.stop({ graceful: true, timeout: 3000 }).catch(report('job_queue_error'))
    await bus.close().catch(report('bus_error'))
    await db.close().catch(report('database_connection_lost'))
    process.exit(0)
  }

  const beats = setInterval(() => {
    // One at a time: while the database does not answer they would pile up.
    beating ??= beat().catch(report('beat_failed')).finally(() => { beating = undefined })
  }, beatMs(settings.leaseSeconds))
  bus.on('control', payload => { if (payload === '' || [...attempts].some(({ trial }) => trial.id === payload)) lookNow() })
  receive = message => {
    if (message.type === 'run') start(message)
    if (message.type === 'drain') {
      receive = () => {} // a trial that still comes is handed back by the node when this process has ended
      drain().catch(error => {
        log('error', 'drain_failed', { message: String(error) })
        process.exit(1)
      })
    }
  }
  if (!settings.isFirst) return send({ type: 'ready', backend })
  const questions = openThreads('query-thread.js', 1, loadLock, report('thread_error'))
  const builds = openThreads('query-thread.js', 1, loadLock, report('thread_error'), BUILDS_IDLE_MS)
  await describeLane(db.pool, settings.laneId, { backend, hardware: describeHardware(settings.device, settings.gpu) })
  await startAnswering({ settings, db, blobs, shared, datasetPool, boss, questions, builds })
  send({ type: 'ready', backend })
  await questions.run({ backend: settings.backend, threads: settings.threads }, { name: 'warmUp' })
}

/** Has the GPU compute one of everything, so that no trial waits while its kernels are loaded, or compiled for the first time. */
async function warmGpu (threads: Piscina, { backend, threads: count }: ExecutorSettings): Promise<void> {
  for (let step = 0, of = 1; step < of; step++) {
    const warmed = await threads.run({ backend, threads: count, step }, { name: 'warmGpu' }) as Warmed
    of = warmed.of
    send({ type: 'warmed', step: warmed.name, done: step + 1, of })
  }
}

/** @param idleMs after which a thread ends that has nothing to do; it then starts with the first task. For ever when left out */
function openThreads (
  file: string, threads: number, loadLock: SharedArrayBuffer, onError: (error: Error) => void, idleMs?: number
): Piscina {
  const pool = new Piscina({
    filename: new URL(file, import.meta.url).href,
    minThreads: idleMs === undefined ? 1 : 0,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: idleMs ?? Infinity, // a thread that ended has to load TensorFlow again
    atomics: 'disabled',
    workerData: { loadLock } satisfies ThreadData
  })
  pool.on('error', onError) // of threads without a task; without a listener it would end the process
  // A thread that is ended while it loads skips its `finally`: without this every later load would wait for ever.
  const ids = new Map<unknown, number>()
  pool.on('workerCreate', (thread: { id: number }) => { ids.set(thread, thread.id) })
  pool.on('workerDestroy', (thread: { id: number }) => {
    releaseLoadLock(loadLock, ids.get(thread) ?? thread.id)
    ids.delete(thread)
  })
  return pool
}

function send (message: FromExecutor): void {
  process.send?.(message, undefined, undefined, () => {}) // a node that is gone is noticed by 'disconnect'
}

/** Sends the node a last word and ends when it is on its way. */
function sendLast (message: FromExecutor, code = 0): void {
  if (process.send === undefined) process.exit(code)
  process.send(message, undefined, undefined, () => { process.exit(code) })
}

function log (level: 'info' | 'warn' | 'error', event: string, detail: Record<string, unknown>): void {
  send({ type: 'log', level, event, detail })
}
