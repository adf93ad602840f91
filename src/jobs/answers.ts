/**
 * The lane's side of queries: takes them from pg-boss, has a thread answer, stores the answer, says so. A question is
 * one row; whichever worker takes it first answers it, a second delivery finds it taken. Index parts are built, and
 * questions that take long are answered, in a thread of their own, so that no quick question waits for one.
 */
import type { Piscina } from 'piscina'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import type { DatasetPool } from '../datasets/dataset-pool.js'
import { AppError, type Failure } from '../errors.js'
import type { AnswerType } from '../influence/operation.js'
import type { BlobStore, StoredBlob } from '../storage/blobs.js'
import { persistently, withTransaction, type Database } from '../storage/database.js'
import { addPart, failIndex, findMissingPart, finishIndex } from '../storage/indexes.js'
import { advertiseModels } from '../storage/lanes.js'
import { findModelSource, type ModelSource } from '../storage/model-source.js'
import { finishQuery, takeQuery } from '../storage/queries.js'
import { checkStorageQuota } from '../storage/teams.js'
import { serveBlobs } from './blob-port.js'
import { createLaneQueue, laneQueue, workQueue } from './boss.js'
import type { ExecutorSettings } from './messages.js'
import { modelFiles } from './model-files.js'
import type { QueryAnswer, QueryTask } from './query-thread.js'
import type { SharedBlobs } from './shared-blobs.js'

export interface AnswerParts {
  settings: Pick<ExecutorSettings, 'laneId' | 'backend' | 'threads'>
  db: Database
  blobs: BlobStore
  /** the same blobs, for threads */
  shared: SharedBlobs
  /** makes generated data sets again whose files are missing */
  datasetPool: DatasetPool
  boss: PgBoss
  /** answers questions */
  questions: Piscina
  /** builds parts of indexes, and answers what takes long */
  builds: Piscina
  /** see QueryTask; 4 GiB by default */
  keptBytes?: number
  /** floor beneath the announcements of questions */
  pollSeconds?: number
}

const KEPT_BYTES = 4 * 1024 ** 3

interface Lane extends AnswerParts {
  /** the models that the lane's row names as warm */
  advertised: string
}

/** Starts answering. It ends when boss stops. */
export async function startAnswering (parts: AnswerParts): Promise<void> {
  const { boss, settings, pollSeconds } = parts
  const lane: Lane = { ...parts, advertised: '' }
  const answer = async (job: JobWithMetadata<{ queryId: string }>): Promise<void> => { await answerQuery(lane, lane.questions, job) }
  const answerSlowly = async (job: JobWithMetadata<{ queryId: string }>): Promise<void> => { await answerQuery(lane, lane.builds, job) }
  await createLaneQueue(boss, settings.laneId)
  await workQueue(boss, laneQueue(settings.laneId), answer, pollSeconds)
  await workQueue(boss, 'query', answer, pollSeconds)
  await workQueue(boss, 'long-query', answerSlowly, pollSeconds)
  await workQueue<{ indexId: string }>(boss, 'index-build', async job => { await buildIndex(lane, job) }, pollSeconds)
}

async function answerQuery (lane: Lane, pool: Piscina, job: JobWithMetadata<{ queryId: string }>): Promise<void> {
  const { db } = lane
  // A job that comes again, or from the queue of a lane that failed, is one whose worker fell silent: its row still says running.
  const query = await takeQuery(db.pool, job.data.queryId, job.retryCount > 0 || job.sourceName !== null)
  if (query === undefined) return
  const { modelId, operation, request } = query
  const source = await findModelSource(db, modelId)
  const answer = source === undefined
    ? { failure: new AppError('not_found', `model ${modelId}`).toFailure() }
    : await ask(lane, pool, source, { type: 'question', operation, request, mediaType: query.mediaType as AnswerType }, job.signal)
  if ('part' in answer) throw new Error('The thread must answer a question, got a part of an index')
  await persistently(async () => { await finishQuery(db.pool, job.data.queryId, answer) })
  if ('warm' in answer && pool === lane.questions) await advertise(lane, answer.warm)
}

/** Has a thread work on a question; the signal, that the job took too long, ends the thread. */
async function ask (
  lane: Lane, pool: Piscina, source: ModelSource, ask: QueryTask['ask'], signal: AbortSignal
): Promise<QueryAnswer> {
  const { settings: { backend, threads }, keptBytes = KEPT_BYTES } = lane
  const { close, ...blobs } = serveBlobs(modelFiles(lane, source))
  try {
    const task = { source, ask, backend, threads, keptBytes, blobs } satisfies QueryTask
    return await pool.run(task, { transferList: [blobs.port], signal }) as QueryAnswer
  } finally {
    close()
  }
}

async function advertise (lane: Lane, models: string[]): Promise<void> {
  const warm = [...models].sort().join() // their order changes with every question, which is nobody's business
  if (warm === lane.advertised) return
  lane.advertised = warm
  await advertiseModels(lane.db.pool, lane.settings.laneId, models)
}

/**
 * Builds the parts that an index lacks, one checkpoint at a time: what is there after an interruption stays, and
 * checkpoints that come meanwhile are not forgotten.
 */
async function buildIndex (lane: Lane, { data: { indexId }, signal }: JobWithMetadata<{ indexId: string }>): Promise<void> {
  const { db, blobs } = lane
  for (let missing; (missing = await findMissingPart(db.pool, indexId)) !== undefined;) {
    const source = await findModelSource(db, missing.modelId)
    if (source === undefined) return
    if (!source.checkpoints.some(({ step }) => step === missing!.step)) continue // a run that is repeated took it back
    const answer = await ask(lane, lane.builds, source, { type: 'build-index', layers: missing.layers, step: missing.step }, signal)
    if ('failure' in answer) return await failIndex(db.pool, indexId, answer.failure)
    if (!('part' in answer)) throw new Error('The thread must answer with a part')
    const blob = await blobs.put(answer.part)
    const failure = await storePart(db, missing.teamId, { indexId, step: missing.step, blob })
    if (failure !== undefined) return await failIndex(db.pool, indexId, failure)
  }
  await finishIndex(db.pool, indexId)
}

/** Stores a part. @returns why it is not there when the team may not store so much */
async function storePart (
  db: Database, teamId: string, { indexId, step, blob }: { indexId: string, step: number, blob: StoredBlob }
): Promise<Failure | undefined> {
  try {
    await withTransaction(db.pool, async client => {
      await addPart(client, indexId, step, blob)
      await checkStorageQuota(db, teamId, 0, client)
    })
    return undefined
  } catch (error) {
    if (error instanceof AppError && error.code === 'quota_exceeded') return error.toFailure()
    throw error
  }
}
