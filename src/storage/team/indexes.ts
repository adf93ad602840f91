/** A team's influence indexes: which exist, which are being built, how far they are. */
import { v7 as newId } from 'uuid'
import type { Failure } from '../../errors.js'
import { withTransaction, type Connection, type Database } from '../database.js'
import { IS_COMPLETE } from '../indexes.js'
import { checkId, notFound } from './page.js'

export type IndexResource = ReturnType<typeof toIndex>
export type IndexLayers = 'last' | 'all'

export interface TeamIndexes {
  /** Lists a model's indexes. @throws AppError not_found for the model */
  list (modelId: string): Promise<IndexResource[]>
  /** Gets one. @throws AppError not_found */
  get (id: string): Promise<IndexResource>
  /**
   * Makes the row of an index to build, or sets one that lacks parts to building, however its last building ended.
   * @param enqueue asks for the work, within the transaction, unless no part is missing
   * @throws AppError not_found for the model
   */
  startBuilding (modelId: string, layers: IndexLayers, enqueue: Enqueue, on?: Connection): Promise<IndexResource>
}

type Enqueue = (indexId: string) => Promise<void>

interface IndexRow {
  id: string
  modelId: string
  layers: IndexLayers
  state: 'building' | 'ready' | 'failed'
  failure: Failure | null
  parts: number
  checkpoints: number
  sizeBytes: string
  createdAt: Date
  finishedAt: Date | null
}

const select = `
  select index.id, index.model_id as "modelId", layers, state, failure, parts.count as parts, parts.bytes as "sizeBytes",
    (select count(*)::int from checkpoint where checkpoint.model_id = index.model_id) as checkpoints,
    index.created_at as "createdAt", index.finished_at as "finishedAt"
  from influence_index index
    cross join lateral (select count(*)::int as count, coalesce(sum(size_bytes), 0) as bytes from influence_part where index_id = index.id) parts
  where index.team_id = $1`

/** Gives the influence indexes of one team. */
export function teamIndexes ({ pool }: Pick<Database, 'pool'>, teamId: string): TeamIndexes {
  async function checkModel (modelId: string, on: Connection): Promise<void> {
    const { rowCount } = await on.query('select from model where id = $1 and team_id = $2', [checkId('model', modelId), teamId])
    if (rowCount === 0) throw notFound('model', modelId)
  }

  async function list (modelId: string): Promise<IndexResource[]> {
    await checkModel(modelId, pool)
    const { rows } = await pool.query<IndexRow>(`${select} and index.model_id = $2 order by index.id desc`, [teamId, modelId])
    return rows.map(toIndex)
  }

  async function get (id: string): Promise<IndexResource> {
    const { rows: [row] } = await pool.query<IndexRow>(`${select} and index.id = $2`, [teamId, checkId('influence index', id)])
    if (row === undefined) throw notFound('influence index', id)
    return toIndex(row)
  }

  async function find (modelId: string, layers: IndexLayers, on: Connection): Promise<IndexResource | undefined> {
    const { rows: [row] } = await on.query<IndexRow>(`${select} and index.model_id = $2 and layers = $3`, [teamId, checkId('model', modelId), layers])
    return row && toIndex(row)
  }

  async function startBuilding (modelId: string, layers: IndexLayers, enqueue: Enqueue, on: Connection = pool): Promise<IndexResource> {
    return await withTransaction(on, async client => {
      const { rows: [index] } = await client.query<{ id: string, complete: boolean }>(
        `insert into influence_index (id, team_id, model_id, layers) select $1, team_id, id, $4 from model where id = $2 and team_id = $3
         on conflict (model_id, layers) do update set layers = excluded.layers returning id, ${IS_COMPLETE} as complete`,
        [newId(), checkId('model', modelId), teamId, layers])
      if (index === undefined) throw notFound('model', modelId)
      await client.query('update influence_index set state = $2, failure = null, finished_at = case when $3 then coalesce(finished_at, now()) end where id = $1',
        [index.id, index.complete ? 'ready' : 'building', index.complete])
      if (!index.complete) await enqueue(index.id)
      return (await find(modelId, layers, client))!
    })
  }

  return { list, get, startBuilding }
}

function toIndex (row: IndexRow) {
  return {
    id: row.id,
    modelId: row.modelId,
    layers: row.layers,
    state: row.state,
    failure: row.failure,
    progress: { done: row.parts, of: row.checkpoints },
    sizeBytes: Number(row.sizeBytes),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null
  }
}
