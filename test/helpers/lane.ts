/**
 * A lane that answers, in this process: a real pg-boss, real query threads, and a small trained-looking network whose
 * numbers nobody looks at, over a data set of eight points.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { Piscina } from 'piscina'
import type { PgBoss } from 'pg-boss'
import { v7 as newId } from 'uuid'
import { startAnswering, type AnswerParts } from '../../src/jobs/answers.js'
import { openBoss } from '../../src/jobs/boss.js'
import { openBus } from '../../src/storage/bus.js'
import type { QueryParts } from '../../src/jobs/queries.js'
import { createSharedBlobs } from '../../src/jobs/shared-blobs.js'
import { createBlobStore, type BlobStore } from '../../src/storage/blobs.js'
import { noUploads } from '../../src/datasets/limits.js'
import { createDatasetPool } from '../../src/datasets/dataset-pool.js'
import { encodeDataset, toIncoming } from '../../src/datasets/dataset-file.js'
import { encodeSafetensors } from '../../src/storage/safetensors.js'
import { forTeam, type TeamStore } from '../../src/storage/team-store.js'
import { createLoadLock } from '../../src/tensor/load-lock.js'
import { newExperiment } from '../storage/fixtures.js'
import { openTestDatabase, type TestDatabase } from './database.js'
import { describeClassified, toSplit } from './descriptions.js'
import { makeBench } from './jobs.js'

export interface TestLane extends QueryParts {
  db: TestDatabase
  blobs: BlobStore
  boss: PgBoss
  store: TeamStore
  teamId: string
  laneId: string
  /** Starts a lane's work. */
  start: (changes?: Partial<AnswerParts>) => Promise<void>
  /** Makes a thread pool like those of an executor. */
  openThreads: () => Piscina
}

/** Opens what a lane and the API that asks it are made of; nothing answers before start(). */
export async function openTestLane (t: TestContext): Promise<TestLane> {
  const folder = await mkdtemp(path.join(tmpdir(), 'descent-lab-test-'))
  t.after(async () => { await rm(folder, { recursive: true, force: true }) })
  const db = await openTestDatabase(t)
  const { teamId, laneId } = await makeBench(db)
  const blobs = createBlobStore(folder, db)
  const boss = await openBoss(db.url, { keepsHouse: true, onError: () => {} })
  t.after(async () => { await boss.stop({ graceful: false }) })
  const bus = await openBus(db.url)
  t.after(async () => { await bus.close() })
  const loadLock = createLoadLock()
  const datasetPool = createDatasetPool({ folder: path.join(folder, 'datasets'), limits: noUploads })
  t.after(async () => { await datasetPool.close() })

  function openThreads (): Piscina {
    const pool = new Piscina({
      filename: new URL('../../src/jobs/query-thread.js', import.meta.url).href, minThreads: 1, maxThreads: 1, workerData: { loadLock }
    })
    t.after(async () => { await pool.destroy() })
    return pool
  }

  async function start (changes: Partial<AnswerParts> = {}): Promise<void> {
    await startAnswering({
      settings: { laneId, backend: 'auto', threads: 1 },
      db,
      blobs,
      shared: createSharedBlobs(blobs),
      datasetPool,
      boss,
      questions: changes.questions ?? openThreads(),
      builds: changes.builds ?? openThreads(),
      ...changes
    })
  }

  return { db, blobs, boss, bus, store: forTeam(db, teamId), teamId, laneId, start, openThreads }
}

/** Stores a network of one layer, 2 -> 2, with a checkpoint at every step given; its trial has succeeded. @returns its ids */
export async function makeNetwork (
  { db, blobs, store, teamId }: TestLane, steps: number[] = [10]
): Promise<{ modelId: string, trialId: string }> {
  const split = (count: number) => toIncoming(toSplit({
    count,
    inputs: Float32Array.from({ length: count * 2 }, (_, i) => Math.sin(i)),
    labels: Int32Array.from({ length: count }, (_, i) => i % 2)
  }))
  const { id: _, ...description } = describeClassified({ inputShape: [2], labelNames: ['no', 'yes'], trainCount: 8, testCount: 4 })
  const bytes = Buffer.concat([...encodeDataset({ description, train: split(8), test: split(4) })])
  const blob = await blobs.put(bytes)
  const dataset = await store.datasets.create({ name: 'points', source: { test: newId() }, sourceHash: newId(), description, blob })
  const { trials: [trial] } = await store.experiments.create(newExperiment(dataset))
  const [modelId, trialId] = [newId(), trial!.id]
  await db.pool.query('update trial set state = $2 where id = $1', [trialId, 'succeeded'])
  await db.pool.query(
    `insert into model (id, team_id, experiment_id, trial_id, name, architecture, preprocessing, fields, dataset_id, training_view)
     select $1, team_id, experiment_id, id, 'network', $3, '{"offset": 0, "scale": 1}', $6, $4, $5 from trial where id = $2`,
    [modelId, trialId, JSON.stringify({ inputShape: [2], layers: [{ type: 'dense', units: 2, activation: 'linear' }] }), dataset.id,
      JSON.stringify({ datasetId: dataset.id, split: 'train', count: 8, dropped: [], relabelled: { indices: [], labels: [] } }), // all eight points, as they are
      JSON.stringify(description.fields)])
  for (const step of steps) await addCheckpoint({ db, blobs, teamId }, { modelId, trialId }, step)
  return { modelId, trialId }
}

/** Adds a checkpoint with weights of its own. */
export async function addCheckpoint (
  { db, blobs, teamId }: Pick<TestLane, 'db' | 'blobs' | 'teamId'>, { modelId, trialId }: { modelId: string, trialId: string }, step: number
): Promise<void> {
  const weights = encodeSafetensors({
    'layer0.weight': { shape: [2, 2], data: Float32Array.of(1, -1, step / 100, 0.5) }, 'layer0.bias': { shape: [2], data: Float32Array.of(0, 0.1) }
  }, { step: String(step) })
  const { sha256, sizeBytes } = await blobs.put(weights)
  await db.pool.query(
    'insert into checkpoint (id, team_id, trial_id, model_id, step, learning_rate, blob_sha, size_bytes) values ($1, $2, $3, $4, $5, 0.1, $6, $7)',
    [newId(), teamId, trialId, modelId, step, sha256, sizeBytes])
}
