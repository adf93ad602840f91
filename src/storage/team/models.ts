/** A team's trained networks. Read only: the recorder writes them. What is asked of them: queries.ts. */
import type { Preprocessing, TrainingView } from '../../algorithms/contract.js'
import type { Fields } from '../../datasets/description.js'
import type { Architecture } from '../../tensor/architecture.js'
import { AppError } from '../../errors.js'
import type { Connection, Database } from '../database.js'
import type { Model } from '../generated/client.js'
import { checkId, notFound, readPage, type Page, type PageQuery } from './page.js'

export type ModelResource = ReturnType<typeof toModel>
/** A model as lists show it: without its training view, which may name thousands of examples. */
export type ModelSummary = Omit<ModelResource, 'trainingView'>

export interface ModelQuery extends PageQuery { experimentId?: string, trialId?: string, datasetId?: string }

export interface TeamModels {
  /** Gets one with its checkpoints in the order of their steps. @throws AppError not_found */
  get (id: string): Promise<ModelResource>
  /** Makes sure that a model can be asked something. @returns what that can be @throws AppError not_found, no_checkpoint */
  needCheckpoint (id: string, on?: Connection): Promise<Pick<ModelResource, 'architecture' | 'datasetId'>>
  /** Lists them, newest first. @throws AppError invalid_cursor, not_found for a malformed id */
  list (query?: ModelQuery): Promise<Page<ModelSummary>>
}

type ModelRow = Model & { checkpoints: { id: string, step: number, learningRate: number }[] }

const checkpoints = { select: { id: true, step: true, learningRate: true }, orderBy: { step: 'asc' } } as const

/** Gives the models of one team. */
export function teamModels ({ prisma, pool }: Database, teamId: string): TeamModels {
  async function get (id: string): Promise<ModelResource> {
    const row = await prisma.model.findFirst({ where: { id: checkId('model', id), teamId }, include: { checkpoints } })
    if (!row) throw notFound('model', id)
    return toModel(row)
  }

  async function needCheckpoint (id: string, on: Connection = pool): ReturnType<TeamModels['needCheckpoint']> {
    const { rows: [model] } = await on.query(
      `select architecture, dataset_id, exists (select from checkpoint where model_id = model.id) as usable
       from model where id = $1 and team_id = $2`, [checkId('model', id), teamId])
    if (model === undefined) throw notFound('model', id)
    if (!model.usable) throw new AppError('no_checkpoint', `model ${id}`)
    return { architecture: model.architecture, datasetId: model.dataset_id }
  }

  async function list (query: ModelQuery = {}): Promise<Page<ModelSummary>> {
    const where = {
      teamId,
      ...(query.experimentId === undefined ? {} : { experimentId: checkId('experiment', query.experimentId) }),
      ...(query.trialId === undefined ? {} : { trialId: checkId('trial', query.trialId) }),
      ...(query.datasetId === undefined ? {} : { datasetId: checkId('data set', query.datasetId) })
    }
    return readPage(query, (below, take) =>
      prisma.model.findMany({ where: { ...where, ...below }, include: { checkpoints }, orderBy: { id: 'desc' }, take }), toSummary)
  }

  return { get, needCheckpoint, list }
}

function toModel (row: ModelRow) {
  return {
    id: row.id,
    experimentId: row.experimentId,
    trialId: row.trialId,
    name: row.name,
    architecture: row.architecture as unknown as Architecture,
    preprocessing: row.preprocessing as unknown as Preprocessing,
    fields: row.fields as unknown as Fields,
    datasetId: row.datasetId,
    trainingView: row.trainingView as unknown as TrainingView | null,
    checkpoints: row.checkpoints,
    createdAt: row.createdAt.toISOString()
  }
}

function toSummary (row: ModelRow): ModelSummary {
  const { trainingView: _, ...summary } = toModel(row)
  return summary
}
