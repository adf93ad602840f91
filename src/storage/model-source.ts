/** All that a query thread needs to open a stored model: what its rows say, and by which hashes its files are found. */
import type { CheckpointInterval, Descent } from '../algorithms/contract.js'
import type { DatasetDescription, Preprocessing, TrainingView } from '../datasets/dataset.js'
import type { Fields } from '../datasets/description.js'
import type { Architecture } from '../tensor/architecture.js'
import type { Database } from './database.js'
import type { StoredDataset } from './team/datasets.js'

export interface ModelSource {
  modelId: string
  /** of the experiment that trained it */
  kind: string
  architecture: Architecture
  preprocessing: Preprocessing
  /** what it reads and predicts */
  fields: Fields
  trainingView: TrainingView | null
  /** null for a model of before */
  descent: Descent | null
  /** what the kind's operations must know of it */
  details: Record<string, unknown> | null
  /** of the training view */
  dataset: StoredDataset & { description: DatasetDescription } | null
  checkpoints: { step: number, learningRate: number, interval: CheckpointInterval | null, counted: boolean, blobSha: string }[]
  /** only those that are ready */
  indexes: { layers: 'last' | 'all', parts: { step: number, blobSha: string }[] }[]
}

/** One statement, because every question begins with it: 2 ms instead of 10 with a query per table. */
const FIND = `
  select model.id as "modelId", experiment.kind, model.architecture, model.preprocessing, model.fields, model.training_view as "trainingView", model.descent,
    model.details,
    case when dataset.id is not null then json_build_object('description', jsonb_build_object('id', dataset.id) || dataset.description,
      'id', dataset.id, 'teamId', dataset.team_id, 'name', dataset.name, 'source', dataset.source, 'blobSha', dataset.blob_sha) end as dataset,
    (select coalesce(json_agg(json_build_object('step', step, 'learningRate', learning_rate, 'interval', checkpoint.interval, 'counted', counted,
       'blobSha', blob_sha) order by step), '[]')
     from checkpoint where model_id = model.id) as checkpoints,
    (select coalesce(json_agg(json_build_object('layers', layers, 'parts', (
       select coalesce(json_agg(json_build_object('step', step, 'blobSha', blob_sha) order by step), '[]') from influence_part where index_id = index.id
     )) order by layers), '[]') from influence_index index where model_id = model.id and state = 'ready') as indexes
  from model join experiment on experiment.id = model.experiment_id left join dataset on dataset.id = model.dataset_id
  where model.id = $1`

/** Gathers a model's source. @returns undefined when the model was deleted meanwhile */
export async function findModelSource (db: Database, modelId: string): Promise<ModelSource | undefined> {
  const { rows: [source] } = await db.pool.query<ModelSource>({ name: 'model-source', text: FIND, values: [modelId] })
  return source
}
