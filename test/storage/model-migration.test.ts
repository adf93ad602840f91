/** A database of the version before models said what they read: its classifiers are described by their data sets. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as newId } from 'uuid'
import { migrate } from '../../src/storage/migrate.js'
import { forTeam } from '../../src/storage/team-store.js'
import { openEarlierDatabase } from '../helpers/database.js'

const CHANGE = '20261128093000_model_fields'

test(`migrate: ${CHANGE} makes the models that are there classifiers of what their data sets have`, async t => {
  const db = await openEarlierDatabase(t, name => name < CHANGE)
  const [teamId, datasetId, experimentId] = [newId(), newId(), newId()]
  const [trialId, described, orphan] = [newId(), newId(), newId()]
  const fields = { inputs: { type: 'image', shape: [1, 2, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['no', 'yes'] } }
  await db.pool.query('insert into team (id, name) values ($1, \'before\')', [teamId])
  await db.pool.query(
    `insert into dataset (id, team_id, name, source, source_hash, description, blob_sha, size_bytes)
     values ($1, $2, 'pictures', '{}', 'h', $3, 'b', 1)`, [datasetId, teamId, { fields, counts: { train: 3, test: 1 } }])
  await db.pool.query(
    `insert into experiment (id, team_id, kind, kind_version, name, spec, created_by)
     values ($1, $2, 'tracin', '1', 'before', '{}', 'test')`, [experimentId, teamId])
  await db.pool.query(
    `insert into trial (id, team_id, experiment_id, ordinal, arm, seed, definition, slots, device, engine, deterministic)
     values ($1, $2, $3, 0, 'one', 1, '{}', 1, 'any', 'tensor', true)`, [trialId, teamId, experimentId])
  const view = { datasetId, split: 'train', count: 3, dropped: [], relabelled: { indices: [1], labels: [0] } }
  const architecture = { inputShape: [1, 2, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 2, activation: 'linear' }] }
  for (const [id, name, dataset] of [[described, 'network', datasetId], [orphan, 'orphan', newId()]]) {
    await db.pool.query(
      `insert into model (id, team_id, experiment_id, trial_id, name, architecture, loss, preprocessing, dataset_id, training_view)
       values ($1, $2, $3, $4, $5, $6, 'softmax-cross-entropy', '{"offset": 0, "scale": 1}', $7, $8)`,
      [id, teamId, experimentId, trialId, name, architecture, dataset, view])
  }

  assert.ok((await migrate(db.url)).includes(CHANGE))

  const { models } = forTeam(db, teamId)
  const model = await models.get(described)
  assert.deepEqual(
    [model.architecture, model.fields, model.datasetId, model.trainingView],
    [{ ...architecture, head: { type: 'classes' } }, fields, datasetId, view])
  assert.deepEqual((await models.get(orphan)).fields, { inputs: { type: 'image', shape: [1, 2, 1], dtype: 'float32' } })
})
