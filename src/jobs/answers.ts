/**
 * The lane's side of queries: takes them from pg-boss, has the query thread answer, stores the answer, says so.
 * A question is one row; whichever worker takes it first answers it, a second delivery finds it taken.
 */
import type { Piscina } from 'piscina'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { AppError, type Failure } from '../errors.js'
import type { BlobStore, StoredBlob } from '../storage/blobs.js'
import { withTransaction, type Database } from '../storage/database.js'
import { toJson } from '../storage/events.js'
import { checkStorageQuota } from '../storage/teams.js'
import { createLaneQueue, laneQueue } from './boss.js'
import type { ExecutorSettings } from './messages.js'
import { findModelSource, type ModelSource } from './model-source.js'
import type { QueryAnswer, QueryTask } from './query-thread.js'

export interface AnswerParts {
  settings: ExecutorSettings
  db: Database
  blobs: BlobStore
  boss: PgBoss
  thread: Piscina
  /** the models that the lane's row names as warm */
  advertised: string
}

const work = { batchSize: 1, pollingIntervalSeconds: 2, includeMetadata: true } as const

/** Starts answering. It ends when boss stops. */
export async function startAnswering (parts: AnswerParts): Promise<void> {
  const { boss, settings } = parts
  await createLaneQueue(boss, settings.laneId)
  const answer = async ([job]: JobWithMetadata<{ queryId: string }>[]): Promise<void> => { await answerQuery(parts, job!) }
  await boss.work(laneQueue(settings.laneId), work, answer)
  await boss.work('query', work, answer)
  await boss.work('index', work, async ([job]: JobWithMetadata<{ indexId: string }>[]) => { await buildIndex(parts, job!.data.indexId) })
}

async function answerQuery (parts: AnswerParts, job: JobWithMetadata<{ queryId: string }>): Promise<void> {
  const { db } = parts
  // A retried job is one whose worker fell silent: its row still says running.
  const { rows: [query] } = await db.pool.query(
    `update query set state = 'running' where id = $1 and (state = 'queued' or (state = 'running' and $2))
     returning model_id, operation, request`, [job.data.queryId, job.retryCount > 0])
  if (query === undefined) return
  const source = await findModelSource(db, parts.blobs, query.model_id)
  const answer = source === undefined
    ? { failure: new AppError('not_found', `model ${query.model_id}`).toFailure() }
    : await ask(parts, source, { operation: query.operation, request: query.request })
  const failure: Failure | undefined = 'failure' in answer ? answer.failure : undefined
  await db.pool.query(
    `with answered as (
       update query set state = $2, response = $3::jsonb, failure = $4::jsonb, finished_at = now() where id = $1 and finished_at is null
     ) select pg_notify('queries', $1::text)`,
    [job.data.queryId, failure ? 'failed' : 'succeeded', 'response' in answer ? toJson(answer.response) : null, failure ? toJson(failure) : null])
}

async function ask (parts: AnswerParts, source: ModelSource, ask: QueryTask['ask']): Promise<QueryAnswer> {
  const { backend, threads, laneId } = parts.settings
  const answer = await parts.thread.run({ source, ask, backend, threads } satisfies QueryTask) as QueryAnswer
  const warm = [...answer.warm].sort().join() // their order changes with every question, which is nobody's business
  if (warm !== parts.advertised) {
    parts.advertised = warm
    await parts.db.pool.query('update lane set warm_models = $2 where id = $1', [laneId, answer.warm])
  }
  return answer
}

/** Builds the parts that an index lacks, one checkpoint at a time: what is there after an interruption stays. */
async function buildIndex (parts: AnswerParts, indexId: string): Promise<void> {
  const { db, blobs } = parts
  const { rows: [index] } = await db.pool.query("select team_id, model_id, layers from influence_index where id = $1 and state = 'building'", [indexId])
  if (index === undefined) return
  const source = await findModelSource(db, blobs, index.model_id)
  if (source === undefined) return
  const { rows: done } = await db.pool.query('select step from influence_part where index_id = $1', [indexId])
  const missing = source.checkpoints.filter(checkpoint => !done.some(part => part.step === checkpoint.step))
  for (const { step } of missing) {
    const answer = await ask(parts, source, { operation: 'build-index', layers: index.layers, step })
    if ('failure' in answer) return await endIndex(parts, indexId, answer.failure)
    if (!('part' in answer)) continue
    const blob = await blobs.put(answer.part)
    const failure = await storePart(db, index.team_id, { indexId, step, blob })
    if (failure !== undefined) return await endIndex(parts, indexId, failure)
  }
  await endIndex(parts, indexId, undefined)
}

/** Stores a part. @returns why it is not there when the team may not store so much */
async function storePart (
  db: Database, teamId: string, { indexId, step, blob }: { indexId: string, step: number, blob: StoredBlob }
): Promise<Failure | undefined> {
  try {
    await withTransaction(db.pool, async client => {
      await client.query('insert into influence_part (index_id, step, blob_sha, size_bytes) values ($1, $2, $3, $4) on conflict do nothing',
        [indexId, step, blob.sha256, blob.sizeBytes])
      await checkStorageQuota(db, teamId, 0, client)
    })
    return undefined
  } catch (error) {
    if (error instanceof AppError && error.code === 'quota_exceeded') return error.toFailure()
    throw error
  }
}

async function endIndex ({ db }: AnswerParts, indexId: string, failure: Failure | undefined): Promise<void> {
  await db.pool.query('update influence_index set state = $2, failure = $3::jsonb, finished_at = now() where id = $1',
    [indexId, failure ? 'failed' : 'ready', failure ? toJson(failure) : null])
}
