/** One of everything that a team can own, as a run would have left it. */
import { v7 as newId } from 'uuid'
import type { Report } from '../../src/algorithms/contract.js'
import { findAlgorithm } from '../../src/algorithms/registry.js'
import type { Parts } from '../../src/app.js'
import { encodeDataset, hashSource, toIncoming } from '../../src/datasets/dataset-file.js'
import { describeClassified, toSplit } from '../helpers/descriptions.js'
import { encodeSafetensors } from '../../src/storage/safetensors.js'
import { withTransaction } from '../../src/storage/database.js'
import { appendEvents, type NewEvent } from '../../src/storage/events.js'
import { createKey } from '../../src/storage/keys.js'
import { appendPoints } from '../../src/storage/metrics.js'
import type { TestTeam } from '../helpers/app.js'

export interface Everything {
  datasetId: string
  experimentId: string
  trialId: string
  modelId: string
  checkpointId: string
  weights: Uint8Array
  artifactId: string
  indexId: string
  queryId: string
  uploadId: string
  keyId: string
}

/** A preset that needs no upload. */
export const smallestPreset = { kind: 'tracin', preset: findAlgorithm('tracin').presets[0]!.name }

export const vegaLite = { data: { values: [{ x: 1, y: 2 }, { x: 2, y: 1 }] }, mark: 'line', encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } } }

/** A report with one figure. */
export const report: Report = {
  verdict: { claim: 'it works', predicts: 'yes', holds: true, evidence: 'it did' },
  tables: [{ name: 'found', title: 'Found', columns: ['share', 'found'], rows: [[0.1, 0.9], [0.2, null]] }],
  figures: [{ name: 'loss', title: 'Loss', vegaLite }]
}

/** Makes one of everything, owned by a team. The experiment has one trial and is queued. */
export async function makeEverything ({ db, blobs }: Parts, { id: teamId, store }: TestTeam): Promise<Everything> {
  const datasetId = await makePictures({ blobs }, store)
  const needs = { slots: 1, threads: 1, device: 'any', engine: 'tensor', crew: 1, deterministic: true, estimate: { steps: 10, bytes: 0 } } as const
  const experiment = await store.experiments.create({
    kind: 'tracin',
    kindVersion: '1',
    name: 'everything',
    spec: { data: { datasetId } },
    createdBy: 'test',
    datasetIds: [datasetId],
    trials: [{ definition: { arm: 'one', seed: 1, spec: {} }, needs }]
  })
  const trialId = experiment.trials[0]!.id
  const [modelId, checkpointId, artifactId, indexId] = [newId(), newId(), newId(), newId()]
  await db.prisma.model.create({
    data: {
      id: modelId,
      teamId,
      experimentId: experiment.id,
      trialId,
      name: 'network',
      architecture: { inputShape: [2, 3, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 2, activation: 'linear' }] },
      preprocessing: { offset: 0, scale: 1 / 255 },
      fields: { inputs: { type: 'image', shape: [2, 3, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['no', 'yes'] } },
      datasetId,
      trainingView: { datasetId, split: 'train', count: 4, dropped: [], relabelled: { indices: [1], labels: [0] } }
    }
  })
  const weights = encodeSafetensors({ 'layer0.weight': { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } }, { step: '5' })
  const blob = await blobs.put(weights)
  const kept = { blobSha: blob.sha256, sizeBytes: blob.sizeBytes }
  await db.prisma.checkpoint.create({ data: { id: checkpointId, teamId, trialId, modelId, step: 5, learningRate: 0.1, ...kept } })
  const text = await blobs.put(new TextEncoder().encode('step,loss\r\n'))
  await db.prisma.artifact.create({ data: { id: artifactId, teamId, trialId, name: 'log', step: 5, mediaType: 'text/csv', blobSha: text.sha256, sizeBytes: text.sizeBytes } })
  await db.prisma.influenceIndex.create({ data: { id: indexId, teamId, modelId, layers: 'last', state: 'ready' } })
  const query = await store.queries.create({ modelId, operation: 'predict', request: { queries: [] } })
  const key = await createKey(db, teamId, { name: 'spare', role: 'viewer' })
  const ids = { datasetId, experimentId: experiment.id, trialId, modelId, checkpointId, artifactId, indexId }
  const uploadId = newId()
  await store.uploads.begin(uploadId, { name: 'more', format: 'csv', stage: 'receiving', receivedBytes: 5, totalBytes: 10, readBytes: 0, rows: null })
  await db.pool.query("update upload set updated_at = now() + interval '1 day'") // it would be told of every second
  return { ...ids, weights, queryId: query.id, keyId: key.id, uploadId }
}

/** Makes a data set of four training pictures and two test pictures, 2 x 3 pixels. */
export async function makePictures ({ blobs }: Pick<Parts, 'blobs'>, store: TestTeam['store']): Promise<string> {
  const split = (count: number) => toIncoming(toSplit({
    count,
    inputs: Uint8Array.from({ length: count * 6 }, (_, i) => i * 5),
    labels: Int32Array.from({ length: count }, (_, i) => i % 2)
  }))
  const names = ['no', 'yes']
  const classes = names.map(name => ({ name, train: 2, test: 1 }))
  const { id: _, ...description } = describeClassified({ inputShape: [2, 3, 1], dtype: 'uint8', labelNames: names, trainCount: 4, testCount: 2 })
  const bytes = Buffer.concat([...encodeDataset({ description, train: split(4), test: split(2) })])
  const source = { upload: { format: 'test', id: newId() } }
  const { id } = await store.datasets.create({ name: 'pictures', source, sourceHash: hashSource(source), description, report: { columns: [], classes, skipped: [], warnings: [] }, blob: await blobs.put(bytes) })
  return id
}

/** Appends events as a trial's recorder does. */
export async function append (
  { db }: Pick<Parts, 'db'>, experimentId: string, events: Pick<NewEvent, 'type' | 'data' | 'trialId'>[]
): Promise<void> {
  await withTransaction(db.pool, async client => {
    await appendEvents(client, experimentId, events.map(event => ({ ordinal: null, ...event })))
  })
}

/** Appends metrics events of a trial. */
export async function appendMetrics (parts: Pick<Parts, 'db'>, experimentId: string, trialId: string, count: number): Promise<void> {
  const event = (step: number) => ({ type: 'metrics', trialId, data: { step, values: { loss: 1 / (step + 1) } } })
  await append(parts, experimentId, Array.from({ length: count }, (_, step) => event(step)))
}

/** Stores the points of a curve. */
export async function storeCurve ({ db }: Pick<Parts, 'db'>, trialId: string, name: string, values: number[]): Promise<void> {
  await withTransaction(db.pool, async client => {
    await appendPoints(client, trialId, values.map((value, step) => ({ name, step, value })), new Map())
  })
}

/** Ends an experiment as the report's job does: report, state. */
export async function finish ({ db }: Pick<Parts, 'db'>, experimentId: string, state = 'succeeded', withReport: Report | null = report): Promise<void> {
  await withTransaction(db.pool, async client => {
    await client.query('update trial set state = $2 where experiment_id = $1', [experimentId, state])
    await client.query('update experiment set state = $2, report = $3, finished_at = now() where id = $1', [experimentId, state, withReport === null ? null : JSON.stringify(withReport)])
    await appendEvents(client, experimentId, [
      ...(withReport === null ? [] : [{ trialId: null, ordinal: null, type: 'report', data: { verdict: withReport.verdict } }]),
      { trialId: null, ordinal: null, type: 'state', data: { state, from: 'running' } }
    ])
  })
}
