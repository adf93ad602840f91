/** A database of the version before trials had threads: they keep what they were to be given. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as newId } from 'uuid'
import { migrate } from '../../src/storage/migrate.js'
import { openEarlierDatabase } from '../helpers/database.js'

const CHANGE = '20261128093000_trial_threads_lane_executors'

test(`migrate: ${CHANGE} gives the trials that are there their threads, and names their engine anew`, async t => {
  const db = await openEarlierDatabase(t, name => name < CHANGE)
  const [teamId, experimentId] = [newId(), newId()]
  await db.pool.query('insert into team (id, name) values ($1, \'before\')', [teamId])
  await db.pool.query(
    `insert into experiment (id, team_id, kind, kind_version, name, spec, created_by)
     values ($1, $2, 'tracin', '1', 'before', '{}', 'test')`, [experimentId, teamId])
  for (const [ordinal, [slots, engine]] of [[0, 'tensor'], [2, 'tensor'], [1, 'cpu']].entries()) {
    await db.pool.query(
      `insert into trial (id, team_id, experiment_id, ordinal, arm, seed, definition, slots, device, engine, deterministic, progress_of)
       values ($1, $2, $3, $4, 'one', $4, '{}', $5, 'any', $6, true, 40)`, [newId(), teamId, experimentId, ordinal, slots, engine])
  }

  assert.ok((await migrate(db.url)).includes(CHANGE))

  const { rows } = await db.pool.query('select slots, threads, crew, engine, estimate from trial order by ordinal')
  const estimate = { steps: 40, bytes: 0 }
  assert.deepEqual(rows, [
    { slots: 0, threads: 0, crew: 1, engine: 'tensor', estimate },
    { slots: 2, threads: 2, crew: 1, engine: 'tensor', estimate },
    { slots: 1, threads: 1, crew: 1, engine: 'float64', estimate }
  ])
})
