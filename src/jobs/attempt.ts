/**
 * One attempt of a trial on the executor's main thread: gathers its data and its last snapshot, starts the thread,
 * records what it yields, asks for snapshots, and writes how it ended. Computes nothing itself.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { ClientBase } from 'pg'
import type { Piscina } from 'piscina'
import type { PgBoss } from 'pg-boss'
import { artifactInputs, dataInputs, modelInputs, referenceAt } from '../algorithms/references.js'
import { findAlgorithm } from '../algorithms/registry.js'
import { AppError, toFailure, type Failure } from '../errors.js'
import { storeFingerprint } from '../storage/attempts.js'
import type { BeginningKey } from '../storage/beginnings.js'
import type { BlobStore } from '../storage/blobs.js'
import type { Claimed } from '../storage/claims.js'
import { isConnectionError, persistently, withTransaction, type Database } from '../storage/database.js'
import { appendEvents } from '../storage/events.js'
import { endAttempt, holdLease } from '../storage/leases.js'
import { findSnapshot, removeSnapshot } from '../storage/snapshots.js'
import { heldStates, moveTrial, type Moved } from '../storage/trials.js'
import { keyOf, takeBeginning } from './beginnings.js'
import { createControl, type ControlPanel, type Stop } from './control.js'
import type { CrewRequest } from './crew.js'
import { openCrewDesk, type CrewDesk } from './crew-desk.js'
import { describeDevice } from './devices.js'
import { endInTransaction } from './ending.js'
import { differences, takeFingerprint, type Fingerprint } from './fingerprint.js'
import { openRecorder, type Recorder } from './recorder.js'
import type { SharedArtifacts } from './shared-artifacts.js'
import type { SharedDatasets } from './shared-datasets.js'
import type { SharedModels } from './shared-models.js'
import type { ExecutorSettings, Recordable, TrialEnd, TrialTask, WorkMark } from './messages.js'
import { watch } from './watchdog.js'
import { createWorkClock } from './work-clock.js'

export interface AttemptParts {
  settings: ExecutorSettings
  db: Database
  blobs: BlobStore
  boss: PgBoss
  threads: Piscina
  datasets: SharedDatasets
  models: SharedModels
  artifacts: SharedArtifacts
  /** what the tensor engine turned out to be */
  backend: string
}

export interface Attempt {
  trial: Claimed
  /** Asks the thread to stop at its next boundary; ends the thread when it does not get there. */
  stop (why: Stop): void
  /** seconds that the trial has worked, all attempts together */
  secondsUsed (): number
  /** Settles when the end is written; died: a thread of it ended that had not finished, by force or by itself. Never rejects. */
  done: Promise<{ died: boolean }>
}

/** A boundary comes once a second of work; a thread that is silent for this long after a stop is ended by force. */
const LONGEST_GRACE_MS = 15_000
/**
 * Bytes of snapshots that a trial writes per second, on the average: small states go by SNAPSHOT_SECONDS, one of 120 MB
 * is written every 30 s, one of 2 GB every 8 minutes. A lost executor costs a trial at most that much work.
 */
const SNAPSHOT_BYTES_PER_SECOND = 4 * 1024 ** 2

/** How an attempt ended; force says what ended it, where it was not the run that stopped at a boundary. */
type End =
  | { type: 'finished', result: unknown }
  | { type: 'failed', failure: Failure }
  | { type: 'stopped', why: Stop | 'hung', force?: string }

/** Starts an attempt. */
export function startAttempt (parts: AttemptParts, trial: Claimed, onError: (error: Error) => void): Attempt {
  const { snapshotSeconds, hungSeconds, laneId } = parts.settings
  const graceMs = Math.min(LONGEST_GRACE_MS, hungSeconds * 1000)
  const clock = createWorkClock(trial.secondsUsed)
  const control = createControl()
  const abort = new AbortController()
  let asked: Stop | 'hung' = 'none'
  let lost: Error | undefined
  let died = false
  let grace: NodeJS.Timeout | undefined
  let nextSnapshot: NodeJS.Timeout | undefined
  let budget: NodeJS.Timeout | undefined

  const { secondsUsed } = clock

  function stop (why: Stop): void {
    if (asked === 'lost' || asked === 'hung' || asked === why) return
    asked = why
    control.stop(why)
    grace ??= setTimeout(() => { abort.abort() }, graceMs)
  }

  function askForSnapshotIn (seconds: number): void {
    clearTimeout(nextSnapshot)
    nextSnapshot = setTimeout(control.askSnapshot, seconds * 1000)
  }

  /** maxSeconds bounds the trial's work: one that goes on from a snapshot gets further, however long loading took. */
  function onWork (isAtWork: boolean): void {
    clearTimeout(budget)
    clock.run(isAtWork)
    if (isAtWork && trial.maxSeconds !== null) budget = setTimeout(() => { stop('timeout') }, Math.max(0, trial.maxSeconds - secondsUsed()) * 1000)
  }

  async function work (): Promise<void> {
    const { beginning, ...task } = await persistently(async () => await gather(parts, trial))
    const recorder = await persistently(async () => await openRecorder({
      ...parts,
      trial,
      laneId,
      fromOrdinal: task.snapshot?.ordinal ?? 0,
      beginning,
      timings: new Set(Object.entries(findAlgorithm(trial.kind).metrics).filter(([, metric]) => metric.timing).map(([name]) => name)),
      secondsUsed,
      onWritten: control.written,
      onSnapshot: bytes => { askForSnapshotIn(Math.max(snapshotSeconds, bytes / SNAPSHOT_BYTES_PER_SECOND)) },
      onError,
      onLost: error => {
        lost = error
        stop('lost')
      }
    }))
    askForSnapshotIn(snapshotSeconds)
    const endWatch = watch(control, hungSeconds * 1000, () => {
      if (asked === 'none') asked = 'hung'
      abort.abort()
    })
    let end: End
    try {
      end = await runInThread(parts, task, control, recorder, { signal: abort.signal, graceMs, onWork, onDeath: () => { died = true } })
    } catch (error) {
      const force = abort.signal.aborted ? `no boundary within ${graceMs / 1000} s of ${asked}` : `its thread ended: ${(error as Error).message}`
      end = { type: 'stopped', why: asked, force }
    } finally {
      clearTimeout(budget)
      endWatch()
    }
    await recorder.drain().catch(() => {}) // what ended the recording came through onLost
    clearTimeout(nextSnapshot)
    await conclude(lost === undefined ? end : endOfLost(lost))
  }

  async function conclude (end: End): Promise<void> {
    await persistently(async () => {
      const facts = { hungSeconds, secondsUsed: secondsUsed() }
      await endInTransaction(parts, trial.id, async client => await writeEnd(client, trial, end, facts), onError)
    })
  }

  const done = work()
    .catch(async error => {
      onError(error)
      await conclude(endOfLost(error))
    })
    .catch(onError)
    .then(() => {
      clearTimeout(grace)
      clearTimeout(nextSnapshot)
      return { died }
    })
  return { trial, stop, secondsUsed, done }
}

/**
 * Runs the trial in a thread of the pool, and its crew in others, until everything that it sent has come.
 * @param force signal ends its threads, onDeath hears when one of them ended that had not finished; onWork hears when it works
 *   and when it waits for the engine to be loaded
 * @throws when a thread ends without an answer
 */
async function runInThread (
  { threads }: AttemptParts, task: GatheredTask, control: ControlPanel, recorder: Recorder,
  { signal, graceMs, onWork, onDeath }: { signal: AbortSignal, graceMs: number, onWork: (isAtWork: boolean) => void, onDeath: () => void }
): Promise<End> {
  const { port1, port2 } = new MessageChannel()
  const desk = openCrewDesk(threads, { ...task, seed: task.trial.seed }, signal)
  const received = collect(port1, recorder, desk, onWork)
  const whole: TrialTask = { ...task, control: control.memory, port: port2 }
  const run = threads.run(whole, { transferList: [port2], signal }) as Promise<TrialEnd>
  try {
    const crew = await run.catch(onDeath).then(async () => await desk.close(graceMs))
    if (crew.died) onDeath()
    const end = await run
    await received.until(end.sent)
    if (crew.broke?.type === 'death') throw new Error(crew.broke.how)
    return crew.broke ? { type: 'failed', failure: crew.broke.failure } : end
  } finally {
    port1.close()
  }
}

/** What ends the recording ends the attempt: a database that stayed away, or another holder, is no fault of the trial's. */
function endOfLost (error: Error): End {
  if (isConnectionError(error)) return { type: 'stopped', why: 'drain', force: `the database was away: ${error.message}` }
  return { type: 'failed', failure: toFailure(error) }
}

/** What came through the port so far. */
interface Received { until: (count: number) => Promise<void> }

/** Counts what came through the port, so that the end is written after the last event. */
function collect (port: MessagePort, recorder: Recorder, desk: CrewDesk, onWork: (isAtWork: boolean) => void): Received {
  let count = 0
  let wake = (): void => {}
  port.on('message', (item: Recordable | CrewRequest | WorkMark) => {
    if (item.type === 'work') return onWork(item.isAtWork)
    if (item.type === 'crew') return desk.open(item)
    recorder.accept(item)
    count++
    wake()
  })
  return {
    async until (sent) {
      while (count < sent) await new Promise<void>(resolve => { wake = resolve })
    }
  }
}

type GatheredTask = Omit<TrialTask, 'control' | 'port'>

async function gather (parts: AttemptParts, trial: Claimed): Promise<GatheredTask & { beginning: BeginningKey | undefined }> {
  const { settings } = parts
  const algorithm = findAlgorithm(trial.kind)
  const { hashes, ...inputs } = await gatherInputs(parts, trial)
  const fingerprint = takeFingerprint({
    kindVersion: algorithm.version,
    ...hashes,
    // Float64 kernels are one thread of the CPU's, whatever the lane has.
    ...(trial.engine === 'float64'
      ? { backend: 'float64', device: 'cpu', threads: 1 }
      : { backend: parts.backend, device: describeDevice(settings.device, settings.gpu), threads: settings.threads })
  })
  const beginning = keyOf(trial, fingerprint)
  const snapshot = await readSnapshot(parts, trial) ?? (beginning && await takeBeginning(parts, trial, beginning))
  await recordFingerprint(parts, trial, fingerprint, snapshot?.ordinal)
  return {
    beginning,
    kind: trial.kind,
    trial: trial.definition,
    ...inputs,
    snapshot,
    backend: settings.backend,
    threads: settings.threads,
    granted: { slots: trial.slots, threads: trial.threads, crew: trial.crew },
    deadlineMs: settings.hungSeconds * 1000,
    metadata: {
      experiment: trial.experimentId,
      trial: trial.id,
      kind: trial.kind,
      seed: String(trial.definition.seed),
      fingerprint: JSON.stringify(fingerprint)
    }
  }
}

type Inputs = Pick<TrialTask, 'data' | 'models' | 'artifacts'>

/** Reads what the trial's spec names. @throws AppError not_found, data_missing, file_missing with the place in the spec */
async function gatherInputs (
  parts: AttemptParts, { kind, teamId, definition: { spec } }: Claimed
): Promise<Inputs & { hashes: Pick<Fingerprint, keyof Inputs> }> {
  const algorithm = findAlgorithm(kind)
  const gathered: Inputs = { data: {}, models: {}, artifacts: {} }
  const hashes: Pick<Fingerprint, keyof Inputs> = { data: {}, models: {}, artifacts: {} }
  for (const input of dataInputs(algorithm, spec)) {
    const { name, path } = input
    const reference = referenceAt(spec, input)
    if (!('datasetId' in reference)) throw new AppError('trial_error', `${path} was not fixed to a data set`)
    const { blobSha, ...shared } = await withPath(path, parts.datasets.open(teamId, reference.datasetId))
    gathered.data[name] = shared
    hashes.data[name] = blobSha
  }
  for (const input of modelInputs(algorithm, spec)) {
    const { name, path } = input
    const { modelId, step } = referenceAt(spec, input)
    if (step === undefined) throw new AppError('trial_error', `${path} was not fixed to a checkpoint`)
    const { blobSha, ...shared } = await withPath(path, parts.models.open(teamId, { modelId, step }))
    gathered.models[name] = shared
    hashes.models[name] = blobSha
  }
  for (const input of artifactInputs(algorithm, spec)) {
    const { name, path } = input
    const { memory, blobSha } = await withPath(path, parts.artifacts.open(teamId, referenceAt(spec, input).artifactId))
    gathered.artifacts[name] = memory
    hashes.artifacts[name] = blobSha
  }
  return { ...gathered, hashes }
}

/** What cannot be read says where the spec names it: "spec.model: model 0190…". */
async function withPath<T> (path: string, opened: Promise<T>): Promise<T> {
  return await opened.catch((cause: unknown) => {
    throw cause instanceof AppError ? new AppError(cause.code, `${path}: ${cause.detail}`, cause.extra, { cause }) : cause
  })
}

/** Reads where the trial is to go on. One whose file is gone is no snapshot: the trial repeats what it has recorded, and says so. */
async function readSnapshot ({ db, blobs }: AttemptParts, trial: Claimed): Promise<GatheredTask['snapshot']> {
  const row = await findSnapshot(db.pool, trial.id)
  if (row === undefined) return undefined
  try {
    return { ordinal: row.ordinal, bytes: await blobs.read(row.blobSha) }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'file_missing') throw error
    await withTransaction(db.pool, async client => {
      await holdLease(client, { trialId: trial.id, attempt: trial.attempt })
      await removeSnapshot(client, trial.id)
      const text = `Attempt ${trial.attempt} begins anew: the snapshot of step ${row.step}, ${error.detail}`
      await appendEvents(client, trial.experimentId, [{ trialId: trial.id, ordinal: null, type: 'log', data: { level: 'warn', text } }])
    })
    return undefined
  }
}

/** Stores under what the attempt runs, if it still holds the trial; warns on the stream when an earlier one ran under something else. */
async function recordFingerprint (
  { db }: AttemptParts, trial: Claimed, fingerprint: Fingerprint, resumedFrom: number | undefined
): Promise<void> {
  await withTransaction(db.pool, async client => {
    const held = { trialId: trial.id, attempt: trial.attempt }
    await holdLease(client, held)
    const before = await storeFingerprint(client, held, fingerprint, resumedFrom)
    const changed = before === null ? [] : differences(before, fingerprint)
    if (changed.length === 0) return
    const text = `Attempt ${trial.attempt} goes on under another fingerprint (${changed.join(', ')}): its numbers may differ from the first attempt's`
    await appendEvents(client, trial.experimentId, [{ trialId: trial.id, ordinal: null, type: 'log', data: { level: 'warn', text } }])
  })
}

/** Writes how the run ended, if it still holds the trial; finishing wins over a stop that came too late for it. */
async function writeEnd (
  client: ClientBase, trial: Claimed, end: End, { hungSeconds, secondsUsed }: { hungSeconds: number, secondsUsed: number }
): Promise<Moved> {
  const held = { trialId: trial.id, attempt: trial.attempt }
  const common = { ...held, from: heldStates, actor: 'executor', secondsUsed }
  const fail = async (failure: Failure): Promise<Moved> => await moveTrial(client, { ...common, to: 'failed', reason: failure.code, failure })

  if (end.type === 'finished') return await moveTrial(client, { ...common, to: 'succeeded', reason: 'finished', result: end.result ?? null })
  if (end.type === 'failed') return await fail(end.failure)
  const { why, force } = end
  switch (why) {
    case 'lost': return 'stale'
    case 'timeout': return await fail({
      code: 'timed_out',
      message: force === undefined
        ? `maxSeconds is ${trial.maxSeconds}; the last snapshot is kept`
        : `maxSeconds is ${trial.maxSeconds}, and it reached no boundary after that; a snapshot from before is kept, if there was one`
    })
    case 'hung': return await fail({ code: 'hung', message: `it must reach a boundary within ${hungSeconds} s, got none` })
    // An end that nobody asked for is a death; of cancel, pause and drain the row says which it was.
    case 'none': case 'cancel': case 'pause': case 'drain':
      return await endAttempt(client, held, { reason: force ?? why, death: why === 'none', secondsUsed })
  }
}
