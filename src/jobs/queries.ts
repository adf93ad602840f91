/** The API's side of queries: puts a question where a warm lane sees it first, and waits a moment for the answer. */
import type { ClientBase } from 'pg'
import type { PgBoss } from 'pg-boss'
import { v7 as newId } from 'uuid'
import { findOperation } from '../algorithms/registry.js'
import { AppError, type Failure } from '../errors.js'
import { coverageOf } from '../influence/coverage.js'
import type { AnswerType } from '../influence/operation.js'
import type { Bus } from '../storage/bus.js'
import { withTransaction, type Connection, type Database } from '../storage/database.js'
import { findWarmLane } from '../storage/lanes.js'
import { readTrialState } from '../storage/models.js'
import type { ModelResource } from '../storage/team/models.js'
import type { IndexResource } from '../storage/team/indexes.js'
import { forTeam, type TeamStore } from '../storage/team-store.js'
import { checkStorageQuota } from '../storage/teams.js'
import { isTerminal } from '../storage/trials.js'
import { laneQueue, sendBuild, within } from './boss.js'

export interface QueryParts { db: Database, boss: PgBoss, bus: Bus }

export interface Question {
  teamId: string
  modelId: string
  /** the name of one that the model's kind has (src/algorithms/operations.ts) */
  operation: string
  request: unknown
  /** JSON when left out */
  mediaType?: AnswerType
}

export interface Asked {
  queryId: string
  state: 'queued' | 'running' | 'succeeded' | 'failed'
  response?: unknown
  /** instead of a response, for a media type other than JSON */
  file?: Uint8Array
  failure?: Failure
}

/** How long a lane that holds the model warm has the question to itself. */
const WARM_LEAD_MS = 250

/**
 * Asks a stored model and waits up to waitMs for the answer. The question's row and its job are one transaction.
 * @throws not_found when the team has no such model, no_checkpoint, unknown_operation
 */
export async function askModel (parts: QueryParts, question: Question, waitMs = 2000): Promise<Asked> {
  const { teamId, modelId, operation, request, mediaType } = question
  const store = forTeam(parts.db, teamId)
  const [lane, { kind }] = await Promise.all([findWarmLane(parts.db.pool, modelId), store.models.needCheckpoint(modelId)])
  const { isLong = false } = findOperation(kind, operation)
  const warmLane = isLong ? undefined : lane
  const id = newId()
  const send = async (queue: string, client?: ClientBase): Promise<void> => {
    await parts.boss.send(queue, { queryId: id }, client && within(client))
  }
  const ended = waitFor(parts.bus, id, waitMs, async () => (await store.queries.get(id)).finishedAt !== null)
  try {
    const queue = isLong ? 'long-query' : warmLane === undefined ? 'query' : laneQueue(warmLane)
    await store.queries.create({ id, modelId, operation, request, mediaType }, async client => { await send(queue, client) })
    if (warmLane !== undefined) {
      await Promise.race([ended.promise, new Promise(resolve => setTimeout(resolve, WARM_LEAD_MS))])
      if ((await store.queries.get(id)).state === 'queued') await send('query')
    }
    await ended.promise
  } finally {
    ended.stop()
  }
  const { state, response, failure } = await store.queries.get(id)
  if (state !== 'succeeded') return { queryId: id, state, ...(failure ? { failure } : {}) }
  const file = await store.queries.file(id)
  return { queryId: id, state, ...(file ? { file } : { response }) }
}

/**
 * Starts building a model's influence index, or goes on with one that lacks parts: its row and the job are one commit. It
 * may be asked for at any time.
 * @param on the transaction of which they are to be a part
 * @throws not_found for the model, no_checkpoint, no_dataset, invalid_input for layers without gradients,
 *   conflict while its trial still runs, quota_exceeded
 */
export async function buildIndex (
  { db, boss }: Pick<QueryParts, 'db' | 'boss'>, teamId: string, modelId: string, layers: 'last' | 'all', on: Connection = db.pool
): Promise<IndexResource> {
  return await withTransaction(on, async client => {
    const store = forTeam(db, teamId)
    await needInfluence(store, modelId, layers, client)
    const state = await readTrialState(client, modelId)
    if (state !== 'paused' && !isTerminal(state ?? '')) {
      throw new AppError('conflict', `the trial of model ${modelId} is ${state}: its checkpoints are not complete`)
    }
    return await store.indexes.startBuilding(modelId, layers, async indexId => {
      await checkStorageQuota(db, teamId, 1, client)
      await sendBuild(boss, client, indexId)
    }, client)
  })
}

/**
 * Makes sure that influence over some layers can be asked of a model, before anything is built or looked for.
 * @returns the kind of the experiment that trained it, and what it is
 * @throws not_found, no_checkpoint; no_dataset when it was not trained on a stored data set; invalid_input naming the
 *   head or the layer that has no gradients for it
 */
export async function needInfluence (
  store: Pick<TeamStore, 'models'>, modelId: string, layers: 'last' | 'all', on?: Connection
): Promise<Pick<ModelResource, 'kind' | 'architecture'>> {
  const { kind, architecture, datasetId } = await store.models.needCheckpoint(modelId, on)
  if (datasetId === null) throw new AppError('no_dataset', `model ${modelId}`)
  coverageOf(architecture, layers)
  return { kind, architecture }
}

/**
 * Waits until a query ended or the time is up.
 * @param isOver asked when notifications may have been missed
 */
function waitFor (bus: Bus, queryId: string, waitMs: number, isOver: () => Promise<boolean>): { promise: Promise<void>, stop: () => void } {
  let stop = (): void => {}
  const promise = new Promise<void>(resolve => {
    const timer = setTimeout(() => { stop() }, waitMs)
    const off = bus.on('queries', payload => {
      if (payload === queryId) stop()
      if (payload === '') isOver().then(over => { if (over) stop() }, () => {}) // the time that is left is the second chance
    })
    stop = () => {
      clearTimeout(timer)
      off()
      resolve()
    }
  })
  return { promise, stop }
}
