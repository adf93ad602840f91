/** A team's experiments with their trials: created, listed, renamed, removed. What runs them: src/jobs. */
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import type { Needs, Report, TrialDefinition } from '../../algorithms/contract.js'
import { AppError, type Failure } from '../../errors.js'
import { withTransaction, type Database } from '../database.js'
import { appendEvents, toJson } from '../events.js'
import type { Experiment, Prisma } from '../generated/client.js'
import type { ExperimentState, TrialState } from '../trials.js'
import { checkId, notFound, readPage, type Page, type PageQuery } from './page.js'

export interface NewExperiment {
  kind: string
  kindVersion: string
  name: string
  notes?: string
  tags?: string[]
  priority?: number
  maxSeconds?: number | undefined
  preset?: string | undefined
  /** with every default filled in and data fixed to {datasetId} */
  spec: unknown
  createdBy: string
  datasetIds: string[]
  /** in the order of the plan */
  trials: { definition: TrialDefinition, needs: Needs }[]
}

export interface ExperimentChanges { name?: string, notes?: string, tags?: string[], priority?: number }

export interface ExperimentQuery extends PageQuery { kind?: string, state?: string, tag?: string }

export type ExperimentResource = ReturnType<typeof toExperiment>

export interface ExperimentBrief { id: string, kind: string, name: string, state: string }

export interface TeamExperiments {
  /**
   * Stores an experiment, its trials and its first event, and wakes the nodes: all or nothing.
   * @throws AppError not_found for a data set
   */
  create (experiment: NewExperiment): Promise<ExperimentResource>
  /** Gets one with its trials. @throws AppError not_found */
  get (id: string): Promise<ExperimentResource>
  /** Says only what a follower needs: cheap enough for every request. @throws AppError not_found */
  brief (id: string): Promise<ExperimentBrief>
  /** Lists them, newest first. @throws AppError invalid_cursor */
  list (query?: ExperimentQuery): Promise<Page<ExperimentResource>>
  /** Changes what may change. @param version the one that was read; undefined overwrites @throws AppError not_found, stale */
  update (id: string, changes: ExperimentChanges, version?: number): Promise<ExperimentResource>
  /** Deletes a finished experiment with all it made. @throws AppError not_found, conflict while it is not finished */
  remove (id: string): Promise<void>
  /** Gets the report. @throws AppError not_found, not_finished */
  report (id: string): Promise<Report>
}

const terminal = ['succeeded', 'failed', 'canceled']

const trials = {
  select: { id: true, arm: true, seed: true, state: true, progressDone: true, progressOf: true, secondsUsed: true },
  orderBy: { ordinal: 'asc' }
} as const

type TrialRow = Prisma.TrialGetPayload<typeof trials>
type ExperimentRow = Omit<Experiment, 'report'> & { trials: TrialRow[] }

/** Gives the experiments of one team. */
export function teamExperiments (db: Database, teamId: string): TeamExperiments {
  const { prisma, pool } = db

  async function create (experiment: NewExperiment): Promise<ExperimentResource> {
    const id = newId()
    await withTransaction(pool, client => insertExperiment(client, teamId, id, experiment))
    return get(id)
  }

  async function get (id: string): Promise<ExperimentResource> {
    const where = { id: checkId('experiment', id), teamId }
    const row = await prisma.experiment.findFirst({ where, include: { trials }, omit: { report: true } })
    if (!row) throw notFound('experiment', id)
    return toExperiment(row)
  }

  async function brief (id: string): Promise<ExperimentBrief> {
    const where = { id: checkId('experiment', id), teamId }
    const row = await prisma.experiment.findFirst({ where, select: { id: true, kind: true, name: true, state: true } })
    if (!row) throw notFound('experiment', id)
    return row
  }

  async function list (query: ExperimentQuery = {}): Promise<Page<ExperimentResource>> {
    const where: Prisma.ExperimentWhereInput = { teamId }
    if (query.kind !== undefined) where.kind = query.kind
    if (query.state !== undefined) where.state = query.state
    if (query.tag !== undefined) where.tags = { has: query.tag }
    return readPage(query, (below, take) => prisma.experiment.findMany({
      where: { ...where, ...below }, include: { trials }, omit: { report: true }, orderBy: { id: 'desc' }, take
    }), toExperiment)
  }

  async function update (id: string, changes: ExperimentChanges, version?: number): Promise<ExperimentResource> {
    const where = { id: checkId('experiment', id), teamId, ...(version === undefined ? {} : { version }) }
    const { count } = await prisma.experiment.updateMany({ where, data: { ...changes, version: { increment: 1 } } })
    const now = await get(id)
    if (count === 0) throw new AppError('stale', `experiment ${id} must have version ${version}, got ${now.version}`)
    return now
  }

  async function remove (id: string): Promise<void> {
    await withTransaction(pool, client => deleteExperiment(client, teamId, checkId('experiment', id)))
  }

  async function report (id: string): Promise<Report> {
    const where = { id: checkId('experiment', id), teamId }
    const row = await prisma.experiment.findFirst({ where, select: { state: true, report: true } })
    if (!row) throw notFound('experiment', id)
    if (row.report === null) throw new AppError('not_finished', `experiment ${id} is ${row.state} and has no report yet`)
    return row.report as unknown as Report
  }

  return { create, get, brief, list, update, remove, report }
}

async function insertExperiment (client: ClientBase, teamId: string, id: string, experiment: NewExperiment): Promise<void> {
  const { kind, kindVersion, name, notes = '', tags = [], priority = 0, maxSeconds = null, preset = null, createdBy } = experiment
  await client.query(
    `insert into experiment (id, team_id, kind, kind_version, name, notes, tags, priority, max_seconds, preset, spec, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [id, teamId, kind, kindVersion, name, notes, tags, priority, maxSeconds, preset, toJson(experiment.spec), createdBy])
  await insertDatasets(client, teamId, id, [...new Set(experiment.datasetIds)])
  const rows = experiment.trials.map(({ definition, needs }, ordinal) => ({
    id: newId(),
    ordinal,
    arm: definition.arm,
    seed: definition.seed,
    definition,
    slots: needs.slots === 'all' ? 0 : needs.slots,
    device: needs.device,
    engine: needs.engine,
    deterministic: needs.deterministic,
    steps: needs.estimate.steps
  }))
  await client.query(
    `insert into trial (id, team_id, experiment_id, ordinal, arm, seed, definition, slots, device, engine, deterministic, progress_of)
     select id, $1, $2, ordinal, arm, seed, definition, slots, device, engine, deterministic, steps
     from jsonb_to_recordset($3) as row (id uuid, ordinal int, arm text, seed int, definition jsonb, slots int, device text,
       engine text, deterministic boolean, steps float8)`, [teamId, id, toJson(rows)])
  await client.query('insert into event_head (experiment_id) values ($1)', [id])
  await client.query("select pg_notify('trials', $1)", [id])
  await appendEvents(client, id, [{ trialId: null, ordinal: null, type: 'state', data: { state: 'queued' } }])
}

/** Locks the data sets, so that none is deleted before its new user stands beside it. */
async function insertDatasets (client: ClientBase, teamId: string, experimentId: string, datasetIds: string[]): Promise<void> {
  for (const id of datasetIds) checkId('data set', id)
  const { rows } = await client.query<{ id: string }>(
    'select id from dataset where id = any($1) and team_id = $2 order by id for share', [datasetIds, teamId])
  const missing = datasetIds.find(id => !rows.some(row => row.id === id.toLowerCase()))
  if (missing !== undefined) throw notFound('data set', missing)
  await client.query('insert into experiment_dataset (experiment_id, dataset_id) select $1, unnest($2::uuid[])', [experimentId, datasetIds])
}

async function deleteExperiment (client: ClientBase, teamId: string, id: string): Promise<void> {
  // Trials before the experiment: the order in which every writer locks (src/storage/trials.ts).
  await client.query('select id from trial where experiment_id = $1 and team_id = $2 order by id for update', [id, teamId])
  const { rows: [row] } = await client.query<{ state: string }>(
    'select state from experiment where id = $1 and team_id = $2 for update', [id, teamId])
  if (row === undefined) throw notFound('experiment', id)
  if (!terminal.includes(row.state)) {
    throw new AppError('conflict', `experiment ${id} must be ${terminal.join(', ')} to be deleted, got ${row.state}`)
  }
  await client.query('delete from event where experiment_id = $1', [id])
  await client.query('delete from experiment where id = $1', [id])
}

function toExperiment (row: ExperimentRow) {
  return {
    id: row.id,
    kind: row.kind,
    kindVersion: row.kindVersion,
    name: row.name,
    notes: row.notes,
    tags: row.tags,
    priority: row.priority,
    maxSeconds: row.maxSeconds,
    preset: row.preset,
    spec: row.spec as Record<string, unknown>,
    state: row.state as ExperimentState,
    failure: row.failure as Failure | null,
    progress: toProgress(row),
    trials: row.trials.map(({ id, arm, seed, state }) => ({ id, arm, seed, state: state as TrialState })),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    version: row.version
  }
}

/** Sums the trials' progress. The time left assumes that as many trials run side by side as do now. */
function toProgress ({ state, trials }: ExperimentRow) {
  const ended = trials.filter(trial => terminal.includes(trial.state))
  const open = trials.filter(trial => !terminal.includes(trial.state))
  const sum = (rows: TrialRow[], field: 'progressDone' | 'progressOf' | 'secondsUsed') => rows.reduce((total, row) => total + row[field], 0)
  const of = sum(trials, 'progressOf')
  // A trial that ended early (it converged, failed or was canceled) has nothing left to do.
  const done = sum(ended, 'progressOf') + sum(open, 'progressDone')
  const seconds = sum(trials, 'secondsUsed')
  const worked = sum(trials, 'progressDone')
  const running = trials.filter(trial => trial.state === 'running').length
  const left = sum(open, 'progressOf') - sum(open, 'progressDone')
  const etaSeconds = terminal.includes(state) ? 0 : running === 0 || worked === 0 ? null : left * seconds / worked / running
  return { done, of, etaSeconds }
}
