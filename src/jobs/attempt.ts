/**
 * One attempt of a trial on the executor's main thread: gathers its data and its last snapshot, starts the thread,
 * records what it yields, asks for snapshots, and writes how it ended. Computes nothing itself.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Piscina } from 'piscina'
import type { PgBoss } from 'pg-boss'
import { findAlgorithm } from '../algorithms/registry.js'
import { AppError, toFailure, type Failure } from '../errors.js'
import type { BlobStore } from '../storage/blobs.js'
import { persistently, withTransaction, type Database } from '../storage/database.js'
import { appendEvents } from '../storage/events.js'
import { endAttempt, moveTrial, type Claimed, type Moved } from '../storage/trials.js'
import { reportIfLast } from './states.js'
import { createControl, type Stop } from './control.js'
import { differences, takeFingerprint, type Fingerprint } from './fingerprint.js'
import { openRecorder, type Recorder } from './recorder.js'
import type { SharedDatasets } from './shared-datasets.js'
import type { ExecutorSettings, Recordable, SharedDataset, TrialEnd, TrialTask } from './messages.js'

export interface AttemptParts {
  settings: ExecutorSettings
  db: Database
  blobs: BlobStore
  boss: PgBoss
  threads: Piscina
  datasets: SharedDatasets
  /** what the tensor engine turned out to be */
  backend: string
}

export interface Attempt {
  trial: Claimed
  /** Asks the thread to stop at its next boundary; ends the thread when it does not get there. */
  stop (why: Stop): void
  /** Settles when the end is written; aborted: the thread had to be ended by force. Never rejects. */
  done: Promise<{ aborted: boolean }>
}

/** A boundary comes once a second of work; a thread that is silent for this long after a stop hangs. */
const GRACE_MS = 15_000

/** Starts an attempt. */
export function startAttempt (parts: AttemptParts, trial: Claimed, onError: (error: Error) => void): Attempt {
  const control = createControl()
  const abort = new AbortController()
  let asked: Stop = 'none'
  let grace: NodeJS.Timeout | undefined

  function stop (why: Stop): void {
    if (asked === 'lost' || asked === why) return
    asked = why
    control.stop(why)
    grace ??= setTimeout(() => { abort.abort() }, GRACE_MS)
  }

  async function work (): Promise<void> {
    const started = performance.now()
    const secondsUsed = (): number => trial.secondsUsed + (performance.now() - started) / 1000
    const task = await persistently(async () => await gather(parts, trial))
    let lost: Error | undefined
    const recorder = await persistently(async () => await openRecorder({
      ...parts,
      trial,
      laneId: parts.settings.laneId,
      fromOrdinal: task.snapshot?.ordinal ?? 0,
      timings: new Set(Object.entries(findAlgorithm(trial.kind).metrics).filter(([, metric]) => metric.timing).map(([name]) => name)),
      secondsUsed,
      onWritten: control.written,
      onLost: error => {
        lost = error
        stop('lost')
      }
    }))
    const { port1, port2 } = new MessageChannel()
    const received = collect(port1, recorder)
    const snapshots = setInterval(control.askSnapshot, parts.settings.snapshotSeconds * 1000)
    const budget = trial.maxSeconds === null ? undefined : setTimeout(() => { stop('timeout') }, Math.max(0, trial.maxSeconds - trial.secondsUsed) * 1000)
    try {
      const end = await parts.threads.run({ ...task, control: control.memory, port: port2 } satisfies TrialTask,
        { transferList: [port2], signal: abort.signal }) as TrialEnd
      await received.until(end.sent)
      await recorder.drain().catch(() => {})
      const written = lost === undefined ? end : { type: 'failed' as const, failure: toFailure(lost), sent: end.sent }
      await persistently(async () => { await writeEnd(parts, trial, written) })
    } catch (error) {
      await recorder.drain().catch(() => {})
      await persistently(async () => { await writeDeath(parts, trial, asked, error as Error) })
    } finally {
      clearInterval(snapshots)
      clearTimeout(budget)
      port1.close()
    }
  }

  const done = work()
    .catch(async error => {
      onError(error)
      await persistently(async () => { await writeEnd(parts, trial, { type: 'failed', failure: toFailure(error), sent: 0 }) })
    })
    .catch(onError)
    .then(() => {
      clearTimeout(grace)
      return { aborted: abort.signal.aborted }
    })
  return { trial, stop, done }
}

/** Counts what came through the port, so that the end is written after the last event. */
function collect (port: MessagePort, recorder: Recorder): { until: (count: number) => Promise<void> } {
  let count = 0
  let wake = (): void => {}
  port.on('message', (item: Recordable) => {
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

async function gather (parts: AttemptParts, trial: Claimed): Promise<Omit<TrialTask, 'control' | 'port'>> {
  const { db, blobs, settings } = parts
  const algorithm = findAlgorithm(trial.kind)
  const data: Record<string, SharedDataset> = {}
  const hashes: Record<string, string> = {}
  for (const { name, reference } of algorithm.inputs(trial.definition.spec)) {
    if (!('datasetId' in reference)) throw new AppError('trial_error', `the input ${name} was not fixed to a data set`)
    const { blobSha, ...shared } = await parts.datasets.open(trial.teamId, reference.datasetId)
    data[name] = shared
    hashes[name] = blobSha
  }
  const fingerprint = takeFingerprint({
    kindVersion: algorithm.version, backend: trial.engine === 'cpu' ? 'float64' : parts.backend, device: settings.device, threads: settings.threads, data: hashes
  })
  const { rows: [snapshot] } = await db.pool.query('select ordinal, blob_sha from snapshot where trial_id = $1', [trial.id])
  await storeFingerprint(parts, trial, fingerprint, snapshot?.ordinal)
  return {
    kind: trial.kind,
    trial: trial.definition,
    data,
    snapshot: snapshot && { ordinal: snapshot.ordinal, bytes: await blobs.read(snapshot.blob_sha) },
    backend: settings.backend,
    threads: settings.threads,
    metadata: {
      experiment: trial.experimentId,
      trial: trial.id,
      kind: trial.kind,
      seed: String(trial.definition.seed),
      fingerprint: JSON.stringify(fingerprint)
    }
  }
}

/** Stores under what the attempt runs; warns on the stream when an earlier one ran under something else. */
async function storeFingerprint (
  { db }: AttemptParts, trial: Claimed, fingerprint: Fingerprint, resumedFrom: number | undefined
): Promise<void> {
  await withTransaction(db.pool, async client => {
    const { rows: [row] } = await client.query('select fingerprint from trial where id = $1 for update', [trial.id])
    await client.query('update trial set fingerprint = coalesce(fingerprint, $2::jsonb) where id = $1', [trial.id, JSON.stringify(fingerprint)])
    await client.query('update trial_attempt set fingerprint = $3::jsonb, resumed_from = $4 where trial_id = $1 and attempt = $2',
      [trial.id, trial.attempt, JSON.stringify(fingerprint), resumedFrom ?? null])
    const changed = row?.fingerprint ? differences(row.fingerprint, fingerprint) : []
    if (changed.length === 0) return
    const text = `Attempt ${trial.attempt} goes on under another fingerprint (${changed.join(', ')}): its numbers may differ from the first attempt's`
    await appendEvents(client, trial.experimentId, [{ trialId: trial.id, ordinal: null, type: 'log', data: { level: 'warn', text } }])
  })
}

const HELD = ['running', 'pausing', 'stopping'] as const

/** Writes how the run ended; finishing wins over a stop that came too late for it. */
async function writeEnd ({ db, boss }: AttemptParts, trial: Claimed, end: TrialEnd): Promise<void> {
  const common = { trialId: trial.id, attempt: trial.attempt, actor: 'executor' }
  await withTransaction(db.pool, async client => {
    const move = async (): Promise<Moved> => {
      if (end.type === 'finished') {
        return await moveTrial(client, { ...common, from: HELD, to: 'succeeded', reason: 'finished', result: end.result ?? null })
      }
      if (end.type === 'failed') {
        return await moveTrial(client, { ...common, from: HELD, to: 'failed', reason: end.failure.code, failure: end.failure })
      }
      if (end.why === 'timeout') {
        const failure: Failure = { code: 'timed_out', message: `maxSeconds is ${trial.maxSeconds}; the last snapshot is kept` }
        return await moveTrial(client, { ...common, from: HELD, to: 'failed', reason: 'timed_out', failure })
      }
      if (end.why === 'lost') return 'stale'
      // cancel, pause and drain: the row says which of them it was
      return await endAttempt(client, trial.id, trial.attempt, end.why, false)
    }
    await reportIfLast(boss, client, trial.id, await move())
  })
}

/** The thread ended without an answer: aborted after a stop, out of memory, or by a crash of its own. */
async function writeDeath ({ db, boss }: AttemptParts, trial: Claimed, asked: Stop, error: Error): Promise<void> {
  if (asked === 'lost') return
  const reason = asked === 'none' ? `its thread ended: ${error.message}` : `no boundary within ${GRACE_MS / 1000} s of ${asked}`
  await withTransaction(db.pool, async client => {
    await reportIfLast(boss, client, trial.id, await endAttempt(client, trial.id, trial.attempt, reason, asked === 'none'))
  })
}
