/** A team's influence indexes: which exist, which are being built, how far they are. */
import { v7 as newId } from 'uuid'
import type { Failure } from '../../errors.js'
import type { Database } from '../database.js'
import { Prisma, type InfluenceIndex } from '../generated/client.js'
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
  createBuilding (modelId: string, layers: IndexLayers): Promise<{ index: IndexResource, start: boolean }>
}

type IndexRow = InfluenceIndex & { parts: { sizeBytes: bigint }[], model: { _count: { checkpoints: number } } }

const include = {
  parts: { select: { sizeBytes: true } },
  model: { select: { _count: { select: { checkpoints: true } } } }
} as const

/** Gives the influence indexes of one team. */
export function teamIndexes ({ prisma }: Database, teamId: string): TeamIndexes {
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

  async function createBuilding (modelId: string, layers: IndexLayers): Promise<{ index: IndexResource, start: boolean }> {
    await checkModel(modelId)
    const id = newId()
    const made = await prisma.influenceIndex.createMany({ data: { id, teamId, modelId, layers }, skipDuplicates: true })
    const revived = await prisma.influenceIndex.updateMany({
      where: { modelId, layers, state: 'failed' }, data: { state: 'building', failure: Prisma.DbNull, finishedAt: null }
    })
    const row = await prisma.influenceIndex.findUnique({ where: { modelId_layers: { modelId, layers } }, include })
    if (!row) throw notFound('model', modelId)
    return { index: toIndex(row), start: made.count + revived.count > 0 }
  }

  return { list, get, findReady, createBuilding }
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
