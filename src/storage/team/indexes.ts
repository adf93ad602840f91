/** A team's influence indexes: which exist, which are being built, how far they are. */
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import type { Failure } from '../../errors.js'
import { withTransaction, type Database } from '../database.js'
import type { InfluenceIndex } from '../generated/client.js'
import { IS_COMPLETE } from '../indexes.js'
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
   * Makes the row of an index to build, or sets one that lacks parts to building, however its last building ended.
   * @param enqueue asks for the work, within the transaction, unless no part is missing
   * @throws AppError not_found for the model
   */
  startBuilding (modelId: string, layers: IndexLayers, enqueue: Enqueue): Promise<IndexResource>
}

type Enqueue = (client: ClientBase, indexId: string) => Promise<void>

type IndexRow = InfluenceIndex & { parts: { sizeBytes: bigint }[], model: { _count: { checkpoints: number } } }

const include = {
  parts: { select: { sizeBytes: true } },
  model: { select: { _count: { select: { checkpoints: true } } } }
} as const

/** Gives the influence indexes of one team. */
export function teamIndexes ({ prisma, pool }: Database, teamId: string): TeamIndexes {
  async function checkModel (modelId: string): Promise<void> {
    const count = await prisma.model.count({ where: { id: checkId('model', modelId), teamId } })
    if (count === 0) throw notFound('model', modelId)
  }

  async function list (modelId: string): Promise<IndexResource[]> {
    await checkModel(modelId)
    return (await prisma.influenceIndex.findMany({ where: { modelId, teamId }, include, orderBy: { id: 'desc' } })).map(toIndex)
  }

  async function get (id: string): Promise<IndexResource> {
    const row = await prisma.influenceIndex.findFirst({ where: { id: checkId('influence index', id), teamId }, include })
    if (!row) throw notFound('influence index', id)
    return toIndex(row)
  }

  async function findReady (modelId: string, layers: IndexLayers): Promise<IndexResource | undefined> {
    const where = { modelId: checkId('model', modelId), teamId, layers, state: 'ready' }
    const row = await prisma.influenceIndex.findFirst({ where, include })
    return row ? toIndex(row) : undefined
  }

  async function startBuilding (modelId: string, layers: IndexLayers, enqueue: Enqueue): Promise<IndexResource> {
    const id = await withTransaction(pool, async client => {
      const { rows: [index] } = await client.query<{ id: string, complete: boolean }>(
        `insert into influence_index (id, team_id, model_id, layers) select $1, team_id, id, $4 from model where id = $2 and team_id = $3
         on conflict (model_id, layers) do update set layers = excluded.layers returning id, ${IS_COMPLETE} as complete`,
        [newId(), checkId('model', modelId), teamId, layers])
      if (index === undefined) throw notFound('model', modelId)
      await client.query('update influence_index set state = $2, failure = null, finished_at = case when $3 then coalesce(finished_at, now()) end where id = $1',
        [index.id, index.complete ? 'ready' : 'building', index.complete])
      if (!index.complete) await enqueue(client, index.id)
      return index.id
    })
    return await get(id)
  }

  return { list, get, findReady, startBuilding }
}

function toIndex (row: IndexRow) {
  return {
    id: row.id,
    modelId: row.modelId,
    layers: row.layers as IndexLayers,
    state: row.state as 'building' | 'ready' | 'failed',
    failure: row.failure as Failure | null,
    progress: { done: row.parts.length, of: row.model._count.checkpoints },
    sizeBytes: row.parts.reduce((sum, part) => sum + Number(part.sizeBytes), 0),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null
  }
}
