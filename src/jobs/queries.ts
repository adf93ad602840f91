/** The API's side of queries: puts a question where a warm lane sees it first, and waits a moment for the answer. */
import type { PgBoss } from 'pg-boss'
import { AppError, type Failure } from '../errors.js'
import type { Database } from '../storage/database.js'
import { forTeam } from '../storage/team-store.js'
import { laneQueue } from './boss.js'
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
 * Starts building a model's influence index, or goes on with one that was interrupted.
 * @throws not_found for the model, conflict while its trial still runs
 */
export async function buildIndex (parts: Pick<QueryParts, 'db' | 'boss'>, teamId: string, modelId: string, layers: 'last' | 'all'): Promise<string> {
  const store = forTeam(parts.db, teamId)
  const model = await store.models.get(modelId)
  const { rows: [trial] } = await parts.db.pool.query('select state from trial where id = $1', [model.trialId])
  if (!['succeeded', 'failed', 'canceled', 'paused'].includes(trial?.state)) {
    throw new AppError('conflict', `the trial of model ${modelId} is ${trial?.state}: its checkpoints are not complete`)
  }
  const { index, start } = await store.indexes.createBuilding(modelId, layers)
  if (start) await parts.boss.send('index', { indexId: index.id }, { singletonKey: index.id })
  return index.id
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
