/** A team's influence indexes: which exist, which are being built, how far they are. */
import { v7 as newId } from 'uuid'
import type { Failure } from '../../errors.js'
import { withTransaction, type Connection, type Database } from '../database.js'
import { checkId, notFound } from './page.js'

export type IndexResource = ReturnType<typeof toIndex>
export type IndexLayers = 'last' | 'all'

export interface TeamIndexes {
  /** Lists a model's indexes. @throws AppError not_found for the model */
  list (modelId: string): Promise<IndexResource[]>
  /** Gets one. @throws AppError not_found */
  get (id: string): Promise<IndexResource>
  /** Finds a model's index of a configuration if it can be asked. */
  findReady (modelId: string, layers: IndexLayers): Promise<IndexResource | undefined>
  /**
   * Makes the row of an index to build; a failed one is set to building again, any other is left as it is.
   * @returns the index, and whether building it is now to be started
   * @throws AppError not_found for the model
   */
  createBuilding (modelId: string, layers: IndexLayers, on?: Connection): Promise<{ index: IndexResource, start: boolean }>
}

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

  async function findReady (modelId: string, layers: IndexLayers): Promise<IndexResource | undefined> {
    const index = await find(modelId, layers, pool)
    return index?.state === 'ready' ? index : undefined
  }

  async function createBuilding (
    modelId: string, layers: IndexLayers, on: Connection = pool
  ): Promise<{ index: IndexResource, start: boolean }> {
    return await withTransaction(on, async client => {
      await checkModel(modelId, client)
      const { rowCount } = await client.query(
        `insert into influence_index as known (id, team_id, model_id, layers) values ($1, $2, $3, $4)
         on conflict (model_id, layers) do update set state = 'building', failure = null, finished_at = null
         where known.state = 'failed'`, [newId(), teamId, modelId, layers])
      const index = await find(modelId, layers, client)
      if (index === undefined) throw notFound('model', modelId)
      return { index, start: rowCount === 1 }
    })
  }

  return { list, get, findReady, createBuilding }
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
