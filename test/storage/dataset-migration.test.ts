/** A database of the version before data sets had fields: its rows are described anew, its files are read as they are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as newId } from 'uuid'
import { openClasses } from '../../src/datasets/classes.js'
import { Description } from '../../src/datasets/description.js'
import { decodeDataset, hashSource, readExample } from '../../src/datasets/dataset-file.js'
import { compileCheck } from '../../src/routes/validation.js'
import { migrate } from '../../src/storage/migrate.js'
import { encodeSafetensors } from '../../src/storage/safetensors.js'
import { forTeam } from '../../src/storage/team-store.js'
import { openEarlierDatabase } from '../helpers/database.js'
import { makeBlobs } from './fixtures.js'

const CHANGE = '20261128063000_dataset_description'

test(`migrate: ${CHANGE} describes the data sets that are there, and their models name theirs`, async t => {
  const db = await openEarlierDatabase(t, name => name < CHANGE)
  const blobs = await makeBlobs(t, db)
  const [teamId, pictures, table, experimentId, trialId, modelId] = Array.from({ length: 6 }, () => newId())
  const source = { generator: { type: 'glyphs', classes: 2, train: 3, test: 1, noise: 0.05, seed: 1 } }
  const file = encodeSafetensors({
    'train.inputs': { shape: [3, 1, 2, 1], data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
    'train.labels': { shape: [3], data: Int32Array.of(0, 1, 0) },
    'test.inputs': { shape: [1, 1, 2, 1], data: Uint8Array.of(7, 8) },
    'test.labels': { shape: [1], data: Int32Array.of(1) }
  }, { labelNames: '["no","yes"]' })
  const { sha256, sizeBytes } = await blobs.put(file)
  await db.pool.query('insert into team (id, name) values ($1, \'before\')', [teamId])
  const insert = `insert into dataset (id, team_id, name, source, source_hash, input_shape, dtype, classes, label_names, train_count, test_count,
    blob_sha, size_bytes) values ($1, $2, $3, $4, $5, $6, $7, 2, $8, 3, 1, $9, $10)`
  await db.pool.query(insert, [pictures, teamId, 'pictures', source, hashSource(source), [1, 2, 1], 'uint8', ['no', 'yes'], sha256, sizeBytes])
  await db.pool.query(insert, [table, teamId, 'table', {}, 'other', [4], 'float32', ['é "1"', '2'], 'a'.repeat(64), 10])
  await db.pool.query(
    `insert into experiment (id, team_id, kind, kind_version, name, spec, created_by)
     values ($1, $2, 'tracin', '1', 'before', '{}', 'test')`, [experimentId, teamId])
  await db.pool.query(
    `insert into trial (id, team_id, experiment_id, ordinal, arm, seed, definition, slots, device, engine, deterministic)
     values ($1, $2, $3, 0, 'one', 1, '{}', 1, 'any', 'tensor', true)`, [trialId, teamId, experimentId])
  const view = { split: 'train', count: 3, dropped: [], relabelled: { indices: [1], labels: [0] } }
  await db.pool.query(
    `insert into model (id, team_id, experiment_id, trial_id, name, architecture, loss, preprocessing, dataset_id, training_view)
     values ($1, $2, $3, $4, 'network', '{}', 'softmax-cross-entropy', '{}', $5, $6)`,
    [modelId, teamId, experimentId, trialId, pictures, JSON.stringify(view)])

  assert.ok((await migrate(db.url)).includes(CHANGE))

  const store = forTeam(db, teamId!)
  const opened = await store.datasets.open(pictures!)
  assert.deepEqual(opened.description, {
    id: pictures,
    fields: { inputs: { type: 'image', shape: [1, 2, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['no', 'yes'] } },
    counts: { train: 3, test: 1 }
  })
  const { fields, counts } = await store.datasets.get(table!)
  assert.deepEqual([fields, counts], [
    { inputs: { type: 'features', shape: [4], dtype: 'float32' }, target: { type: 'classes', names: ['é "1"', '2'] } }, { train: 3, test: 1 }
  ])
  assert.deepEqual(compileCheck(Description)({ fields, counts }), [])
  assert.equal((await store.datasets.findBySource(hashSource(source)))!.id, pictures, 'the generator’s is found again')
  const { train } = openClasses(decodeDataset(opened.description, await blobs.read(opened.blobSha)))
  assert.deepEqual([[...train.inputs], [...train.labels]], [[1, 2, 3, 4, 5, 6], [0, 1, 0]])
  assert.deepEqual((await readExample(blobs, opened, 'test', 0)).fields, {
    inputs: { type: 'image', shape: [1, 2, 1], values: [7, 8] }, target: { type: 'classes', label: 1, name: 'yes' }
  })
  assert.deepEqual((await store.models.get(modelId!)).trainingView, { datasetId: pictures, ...view })
})
