/** The API's side of queries: puts a question where a warm lane sees it first, and waits a moment for the answer. */
import type { PgBoss } from 'pg-boss'
import { AppError, type Failure } from '../errors.js'
import { withTransaction, type Connection, type Database } from '../storage/database.js'
import type { IndexResource } from '../storage/team/indexes.js'
import { checkId } from '../storage/team/page.js'
import { forTeam } from '../storage/team-store.js'
import { checkStorageQuota } from '../storage/teams.js'
import { laneQueue, within } from './boss.js'
import type { Bus } from './bus.js'

export interface QueryParts { db: Database, boss: PgBoss, bus: Bus }

export interface Question { teamId: string, modelId: string, operation: 'predict' | 'influence' | 'self-influence', request: unknown }

export interface Asked {
  queryId: string
  state: 'queued' | 'running' | 'succeeded' | 'failed'
  response?: unknown
  failure?: Failure
}

/** How long a lane that holds the model warm has the question to itself. */
const WARM_LEAD_MS = 250

/**
 * Asks a stored model and waits up to waitMs for the answer.
 * @throws not_found when the team has no such model
 */
export async function askModel (parts: QueryParts, question: Question, waitMs = 2000): Promise<Asked> {
  const { teamId, modelId, operation, request } = question
  const store = forTeam(parts.db, teamId)
  const { id } = await store.queries.create({ modelId, operation, request })
  const ended = waitFor(parts.bus, id, waitMs)
  const warmLane = await findWarmLane(parts.db, modelId)
  const send = async (queue: string): Promise<void> => { await parts.boss.send(queue, { queryId: id }, { priority: 0 }) }
  if (warmLane === undefined) {
    await send('query')
  } else {
    await send(laneQueue(warmLane))
    await Promise.race([ended, new Promise(resolve => setTimeout(resolve, WARM_LEAD_MS))])
    if ((await store.queries.get(id)).state === 'queued') await send('query')
  }
  await ended
  const { state, response, failure } = await store.queries.get(id)
  return { queryId: id, state, ...(state === 'succeeded' ? { response } : {}), ...(failure ? { failure } : {}) }
}

/**
 * Starts building a model's influence index, or goes on with one that was interrupted: its row and the job are one commit.
 * @param on the transaction of which they are to be a part
 * @throws not_found for the model, conflict while its trial still runs, quota_exceeded
 */
export async function buildIndex (
  { db, boss }: Pick<QueryParts, 'db' | 'boss'>, teamId: string, modelId: string, layers: 'last' | 'all', on: Connection = db.pool
): Promise<IndexResource> {
  return await withTransaction(on, async client => {
    const { rows: [trial] } = await client.query(
      'select trial.state from trial join model on trial_id = trial.id where model.id = $1 and model.team_id = $2', [checkId('model', modelId), teamId])
    if (trial !== undefined && !['succeeded', 'failed', 'canceled', 'paused'].includes(trial.state)) {
      throw new AppError('conflict', `the trial of model ${modelId} is ${trial.state}: its checkpoints are not complete`)
    }
    const { index, start } = await forTeam(db, teamId).indexes.createBuilding(modelId, layers, client)
    if (start) {
      await checkStorageQuota(db, teamId, 1, client)
      await boss.send('index', { indexId: index.id }, { singletonKey: index.id, ...within(client) })
    }
    return index
  })
}

/** Settles when the query ended or the time is up. */
function waitFor (bus: Bus, queryId: string, waitMs: number): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer)
      off()
      resolve()
    }
    const timer = setTimeout(end, waitMs)
    const off = bus.on('queries', payload => { if (payload === queryId || payload === '') end() })
  })
}

async function findWarmLane (db: Database, modelId: string): Promise<string | undefined> {
  const { rows: [lane] } = await db.pool.query({
    name: 'warm-lane',
    text: "select id from lane where $1 = any(warm_models) and heartbeat_at > now() - interval '15 s' order by heartbeat_at desc limit 1",
    values: [modelId]
  })
  return lane?.id
}
