/** Rows and bytes that storage tests begin with: functions with defaults, so that a test names only what it is about. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { v7 as newId } from 'uuid'
import { createBlobStore, type BlobStore } from '../../src/storage/blobs.js'
import type { Database } from '../../src/storage/database.js'
import { hashSource } from '../../src/datasets/dataset-file.js'
import { forTeam, type TeamStore } from '../../src/storage/team-store.js'
import type { DatasetResource, NewDataset } from '../../src/storage/team/datasets.js'
import type { NewExperiment } from '../../src/storage/team/experiments.js'
import { createTeam } from '../../src/storage/teams.js'
import { describeClassified } from '../helpers/descriptions.js'

/** Makes a folder that is removed when the test ends. */
export async function makeFolder (t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'descent-lab-test-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Opens a blob store in a folder of its own; path says where a blob's file lies, whether it exists or not. */
export async function makeBlobs (t: TestContext, db: Database): Promise<BlobStore & { folder: string, path: (sha256: string) => string }> {
  const folder = await makeFolder(t)
  const pathOf = (sha256: string): string => path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  return { ...createBlobStore(folder, db), folder, path: pathOf }
}

/** Makes a team with a name of its own. */
export async function makeTeam (db: Database): Promise<TeamStore> {
  const team = await createTeam(db, { name: `team ${newId()}` })
  return forTeam(db, team.id)
}

/** What a data set's row says; the bytes need not exist. */
export function newDataset (changes: Partial<NewDataset> = {}): NewDataset {
  const { id: _, ...description } = describeClassified({ inputShape: [2], trainCount: 8, testCount: 4 })
  const source = changes.source ?? { generator: { type: 'blobs', id: newId() } }
  return {
    name: 'points',
    source,
    sourceHash: hashSource(source),
    description,
    report: { columns: [], classes: [], skipped: [], warnings: [] },
    blob: { sha256: 'a'.repeat(64), sizeBytes: 100 },
    ...changes
  }
}

/** An experiment of two arms with one seed. */
export function newExperiment (dataset: DatasetResource | undefined, changes: Partial<NewExperiment> = {}): NewExperiment {
  const needs = { slots: 'all', threads: 'all', device: 'any', engine: 'tensor', crew: 1, deterministic: true, estimate: { steps: 50, bytes: 0 } } as const
  const trial = (arm: string) => ({ definition: { arm, seed: 7, spec: { arm } }, needs })
  return {
    kind: 'example',
    kindVersion: '1',
    name: 'An experiment',
    spec: { data: { datasetId: dataset?.id } },
    createdBy: 'key test',
    datasetIds: dataset ? [dataset.id] : [],
    trials: [trial('first'), trial('second')],
    ...changes
  }
}

export interface ModelIds { experimentId: string, trialId: string, modelId: string }

/** Makes a model with what it hangs on; returns the ids. */
export async function makeModel (db: Database, team: TeamStore, dataset: DatasetResource): Promise<ModelIds> {
  const experiment = await team.experiments.create(newExperiment(dataset))
  const modelId = newId()
  const trialId = experiment.trials[0]!.id
  await db.prisma.model.create({
    data: {
      id: modelId,
      teamId: team.teamId,
      experimentId: experiment.id,
      trialId,
      name: 'network',
      architecture: { inputShape: [2], layers: [] },
      preprocessing: { offset: 0, scale: 1 },
      fields: dataset.fields,
      datasetId: dataset.id,
      trainingView: { datasetId: dataset.id, split: 'train', count: 8, dropped: [], relabelled: { indices: [], labels: [] } }
    }
  })
  return { experimentId: experiment.id, trialId, modelId }
}

/** Adds a checkpoint to a model. @returns its id */
export async function makeCheckpoint (
  db: Database, team: TeamStore, model: ModelIds, step: number, blobSha: string
): Promise<string> {
  const id = newId()
  const { trialId, modelId } = model
  const row = { id, teamId: team.teamId, trialId, modelId, step, learningRate: 0.1, blobSha, sizeBytes: 10 }
  await db.prisma.checkpoint.create({ data: row })
  return id
}
