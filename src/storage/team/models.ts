/** A team's trained networks. Read only: the recorder writes them. What is asked of them: queries.ts. */
import type { CheckpointInterval, Descent, ModelDescription, Preprocessing, TrainingView } from '../../algorithms/contract.js'
import type { Fields } from '../../datasets/description.js'
import type { Architecture } from '../../tensor/architecture.js'
import { AppError } from '../../errors.js'
import type { Connection, Database } from '../database.js'
import type { Checkpoint, Model } from '../generated/client.js'
import { checkId, notFound, readPage, type Page, type PageQuery } from './page.js'

export type ModelResource = ReturnType<typeof toModel>
/** A model as lists show it: without its training view, which may name thousands of examples. */
export type ModelSummary = Omit<ModelResource, 'trainingView'>

export interface ModelQuery extends PageQuery { experimentId?: string, trialId?: string, datasetId?: string }

/** What a trial that reads a model is told of it, and where the weights are. */
export interface OpenedModel {
  description: Omit<ModelDescription, 'step'>
  /** in the order of their steps */
  checkpoints: { step: number, blobSha: string }[]
}

export interface TeamModels {
  /** Gets one with its checkpoints in the order of their steps. @throws AppError not_found */
  get (id: string): Promise<ModelResource>
  /** Says what is needed to read its weights. @throws AppError not_found */
  open (id: string): Promise<OpenedModel>
  /** Makes sure that a model can be asked something. @returns what that can be @throws AppError not_found, no_checkpoint */
  needCheckpoint (id: string, on?: Connection): Promise<Pick<ModelResource, 'kind' | 'architecture' | 'datasetId'>>
  /** Lists them, newest first. @throws AppError invalid_cursor, not_found for a malformed id */
  list (query?: ModelQuery): Promise<Page<ModelSummary>>
}

type CheckpointSummary = Pick<Checkpoint, 'id' | 'step' | 'learningRate' | 'interval' | 'counted'>
type ModelRow = Model & { checkpoints: CheckpointSummary[], trial: { experiment: { kind: string } } }

const include = {
  checkpoints: { select: { id: true, step: true, learningRate: true, interval: true, counted: true }, orderBy: { step: 'asc' } },
  trial: { select: { experiment: { select: { kind: true } } } }
} as const

/** Gives the models of one team. */
export function teamModels ({ prisma, pool }: Database, teamId: string): TeamModels {
  async function get (id: string): Promise<ModelResource> {
    const row = await prisma.model.findFirst({ where: { id: checkId('model', id), teamId }, include })
    if (!row) throw notFound('model', id)
    return toModel(row)
  }

  async function open (id: string): Promise<OpenedModel> {
    const { rows: [row] } = await pool.query<OpenedModel>({
      name: 'open-model',
      text: `select json_build_object('id', model.id, 'kind', experiment.kind, 'name', model.name, 'architecture', model.architecture,
               'preprocessing', model.preprocessing, 'fields', model.fields) as description,
               (select coalesce(json_agg(json_build_object('step', step, 'blobSha', blob_sha) order by step), '[]')
                from checkpoint where model_id = model.id) as checkpoints
             from model join experiment on experiment.id = model.experiment_id where model.id = $1 and model.team_id = $2`,
      values: [checkId('model', id), teamId]
    })
    if (row === undefined) throw notFound('model', id)
    return row
  }

  async function needCheckpoint (id: string, on: Connection = pool): ReturnType<TeamModels['needCheckpoint']> {
    const { rows: [model] } = await on.query(
      `select experiment.kind, architecture, dataset_id, exists (select from checkpoint where model_id = model.id) as usable
       from model join experiment on experiment.id = experiment_id where model.id = $1 and model.team_id = $2`, [checkId('model', id), teamId])
    if (model === undefined) throw notFound('model', id)
    if (!model.usable) throw new AppError('no_checkpoint', `model ${id}`)
    return { kind: model.kind, architecture: model.architecture, datasetId: model.dataset_id }
  }

  async function list (query: ModelQuery = {}): Promise<Page<ModelSummary>> {
    const where = {
      teamId,
      ...(query.experimentId === undefined ? {} : { experimentId: checkId('experiment', query.experimentId) }),
      ...(query.trialId === undefined ? {} : { trialId: checkId('trial', query.trialId) }),
      ...(query.datasetId === undefined ? {} : { datasetId: checkId('data set', query.datasetId) })
    }
    return readPage(query, (below, take) =>
      prisma.model.findMany({ where: { ...where, ...below }, include, orderBy: { id: 'desc' }, take }), toSummary)
  }

  return { get, open, needCheckpoint, list }
}

function toModel (row: ModelRow) {
  return {
    id: row.id,
    experimentId: row.experimentId,
    trialId: row.trialId,
    kind: row.trial.experiment.kind,
    name: row.name,
    architecture: row.architecture as unknown as Architecture,
    preprocessing: row.preprocessing as unknown as Preprocessing,
    fields: row.fields as unknown as Fields,
    datasetId: row.datasetId,
    trainingView: row.trainingView as unknown as TrainingView | null,
    descent: row.descent as unknown as Descent | null,
    details: row.details as Record<string, unknown> | null,
    checkpoints: row.checkpoints.map(({ interval, ...rest }) => ({ ...rest, interval: interval as unknown as CheckpointInterval | null })),
    createdAt: row.createdAt.toISOString()
  }
}

function toSummary (row: ModelRow): ModelSummary {
  const { trainingView: _, ...summary } = toModel(row)
  return summary
}
