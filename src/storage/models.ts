/**
 * The rows of what a trial makes (models, their checkpoints, artifacts) as its recorder writes them, within its
 * transactions. For people: team/models.ts, team/trials.ts.
 */
import type { ClientBase, Pool } from 'pg'
import { v7 as newId } from 'uuid'
import type { CheckpointInterval } from '../algorithms/contract.js'
import type { StoredBlob } from './blobs.js'
import type { Connection } from './database.js'
import { toJson } from './events.js'
import { reopenIndexes } from './indexes.js'

/** Of which trial something is. */
export interface Maker { id: string, teamId: string, experimentId: string }

export interface NewModel {
  name: string
  architecture: unknown
  preprocessing: unknown
  /** what it reads and predicts */
  fields: unknown
  /** how its weights are moved */
  descent: unknown
  /** what the kind's operations must know of it; undefined when that is nothing */
  details: unknown
  /** undefined when it was not trained on a stored data set */
  trainingView: { datasetId: string } | undefined
}

/** Writes a model's row. @returns its id */
export async function insertModel (client: ClientBase, trial: Maker, model: NewModel): Promise<string> {
  const { name, architecture, preprocessing, fields, descent, details, trainingView } = model
  const id = newId()
  await client.query(
    `insert into model (id, team_id, experiment_id, trial_id, name, architecture, preprocessing, fields, descent, details, dataset_id,
       training_view)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [id, trial.teamId, trial.experimentId, trial.id, name, toJson(architecture), toJson(preprocessing), toJson(fields), toJson(descent),
      orNull(details), trainingView?.datasetId ?? null, orNull(trainingView)])
  return id
}

const orNull = (value: unknown): string | null => value === undefined ? null : toJson(value)

export interface NewCheckpoint {
  modelId: string
  step: number
  learningRate: number
  /** the steps that it stands for, and what they make it count */
  interval?: CheckpointInterval | undefined
  /** true when left out */
  counted?: boolean | undefined
  blob: StoredBlob
}

/** Writes a checkpoint's row; the indexes of its model lack a part from then on. @returns its id */
export async function insertCheckpoint (client: ClientBase, trial: Maker, checkpoint: NewCheckpoint): Promise<string> {
  const { modelId, step, learningRate, interval, counted = true, blob } = checkpoint
  const id = newId()
  await client.query(
    `insert into checkpoint (id, team_id, trial_id, model_id, step, learning_rate, interval, counted, blob_sha, size_bytes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, trial.teamId, trial.id, modelId, step, learningRate,
      interval === undefined ? null : toJson(interval), counted, blob.sha256, blob.sizeBytes])
  await reopenIndexes(client, modelId)
  return id
}

export interface NewArtifact { name: string, step: number, mediaType: string, blob: StoredBlob }

/** Writes an artifact's row. @returns its id */
export async function insertArtifact (client: ClientBase, trial: Maker, { name, step, mediaType, blob }: NewArtifact): Promise<string> {
  const id = newId()
  await client.query(
    'insert into artifact (id, team_id, trial_id, name, step, media_type, blob_sha, size_bytes) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [id, trial.teamId, trial.id, name, step, mediaType, blob.sha256, blob.sizeBytes])
  return id
}

/** Gives a trial an artifact of another one, as its own. @returns its id */
export async function copyArtifact (client: ClientBase, trial: Maker, artifactId: string): Promise<string> {
  const id = newId()
  await client.query(
    `insert into artifact (id, team_id, trial_id, name, step, media_type, blob_sha, size_bytes)
     select $1, $2, $3, name, step, media_type, blob_sha, size_bytes from artifact where id = $4`, [id, trial.teamId, trial.id, artifactId])
  return id
}

/** The models that a trial has made so far: id by name. */
export async function readModelIds (pool: Pool, trialId: string): Promise<Map<string, string>> {
  const { rows } = await pool.query('select name, id from model where trial_id = $1', [trialId])
  return new Map(rows.map(row => [row.name, row.id]))
}

/** The state of the trial that made a model; undefined when the model was deleted. */
export async function readTrialState (on: Connection, modelId: string): Promise<string | undefined> {
  const { rows: [trial] } = await on.query('select trial.state from trial join model on model.trial_id = trial.id where model.id = $1', [modelId])
  return trial?.state
}
