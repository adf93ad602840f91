/** Rows that tests of the life of trials begin with: a team, an experiment with trials, a lane. */
import { v7 as newId } from 'uuid'
import type { Database } from '../../src/storage/database.js'

export interface Bench { teamId: string, nodeId: string, laneId: string }

/** Makes a team, a node and its CPU lane. */
export async function makeBench (db: Database, quotas: object = {}): Promise<Bench> {
  const [teamId, nodeId, laneId] = [newId(), newId(), newId()]
  await db.pool.query('insert into team (id, name, quotas) values ($1, $2, $3)', [teamId, `team ${teamId}`, JSON.stringify(quotas)])
  await db.pool.query("insert into node (id, name, version) values ($1, 'node', '0')", [nodeId])
  await db.pool.query("insert into lane (id, node_id, device, backend, slots) values ($1, $2, 'cpu', 'none', 2)", [laneId, nodeId])
  return { teamId, nodeId, laneId }
}

export interface ExperimentOptions { trials?: number, slots?: number, threads?: number, crew?: number, priority?: number, engine?: 'float64' | 'tensor', deterministic?: boolean }

/** Makes an experiment with queued trials. @returns its id and theirs */
export async function makeExperiment (
  db: Database, teamId: string, options: ExperimentOptions = {}
): Promise<{ id: string, trials: string[] }> {
  const id = newId()
  await db.pool.query(
    `insert into experiment (id, team_id, kind, kind_version, name, tags, priority, spec, created_by)
     values ($1, $2, 'test', '1', 'test', '{}', $3, '{}', 'test')`, [id, teamId, options.priority ?? 0])
  await db.pool.query('insert into event_head (experiment_id) values ($1)', [id])
  const trials: string[] = []
  for (let ordinal = 0; ordinal < (options.trials ?? 1); ordinal++) {
    const trialId = newId()
    trials.push(trialId)
    await db.pool.query(
      `insert into trial (id, team_id, experiment_id, ordinal, arm, seed, definition, slots, threads, device, engine, crew, deterministic, estimate)
       values ($1, $2, $3, $4, 'arm', $4, $5, $6, $7, 'any', $8, $9, $10, '{"steps": 0, "bytes": 0}')`,
      [trialId, teamId, id, ordinal, JSON.stringify({ arm: 'arm', seed: ordinal, spec: {} }), options.slots ?? 1, options.threads ?? 1,
        options.engine ?? 'float64', options.crew ?? 1, options.deterministic ?? true])
  }
  return { id, trials }
}
