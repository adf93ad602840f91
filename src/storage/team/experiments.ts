/** A team's experiments with their trials: created, listed, renamed, removed. What runs them: src/jobs. */
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import type { EndedTrial, Needs, Report, TrialDefinition } from '../../algorithms/contract.js'
import { AppError, type Failure } from '../../errors.js'
import { withTransaction, type Connection, type Database } from '../database.js'
import { toJson } from '../events.js'
import { checkStorageQuota } from '../teams.js'
import { isTerminal, terminalStates, type ExperimentState, type TrialState } from '../trials.js'
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
  /** the experiment that it follows up, of the same team; none when left out */
  parent?: string | undefined
  /** with every default filled in, data fixed to {datasetId} and models to {modelId, step} */
  spec: unknown
  createdBy: string
  datasetIds: string[]
  /** none when left out */
  modelIds?: string[]
  /** none when left out */
  artifactIds?: string[]
  /** in the order of the plan */
  trials: { definition: TrialDefinition, needs: Needs }[]
}

export interface ExperimentChanges { name?: string, notes?: string, tags?: string[], priority?: number }

export interface ExperimentQuery extends PageQuery { kind?: string, state?: string, tag?: string }

export type ExperimentResource = ReturnType<typeof toExperiment>
/** An experiment as lists show it: without its spec, and with its trials counted. */
export type ExperimentSummary = ReturnType<typeof toSummary>

export interface ExperimentBrief { id: string, kind: string, name: string, state: string }

/** Writes take `on`, the transaction of which they are to be a part; without it they are one of their own. */
export interface TeamExperiments {
  /**
   * Stores an experiment, its trials and its first event, and wakes the nodes: all or nothing.
   * @throws AppError not_found for a data set, a model or an artifact, quota_exceeded when the team stores all it may
   */
  create (experiment: NewExperiment, on?: Connection): Promise<ExperimentResource>
  /** Gets one with its trials. @throws AppError not_found */
  get (id: string, on?: Connection): Promise<ExperimentResource>
  /** Says only what a follower needs: cheap enough for every request. @throws AppError not_found */
  brief (id: string, on?: Connection): Promise<ExperimentBrief>
  /** Lists them, newest first. @throws AppError invalid_cursor */
  list (query?: ExperimentQuery): Promise<Page<ExperimentSummary>>
  /** Changes what may change. @param version the one that was read; undefined overwrites @throws AppError not_found, stale */
  update (id: string, changes: ExperimentChanges, version?: number, on?: Connection): Promise<ExperimentResource>
  /**
   * Deletes a finished experiment with all it made.
   * @throws AppError not_found, conflict while it is not finished, in_use while a trial of another one needs a model or an artifact of it
   */
  remove (id: string, on?: Connection): Promise<void>
  /** Gets the report. @throws AppError not_found, not_finished */
  report (id: string): Promise<Report>
  /** Gets one that ended with what its trials found. @throws AppError not_found, not_finished */
  ended (id: string): Promise<EndedExperiment>
}

/** An experiment that ended, as a follow-up sees it. */
export interface EndedExperiment { id: string, kind: string, name: string, tags: string[], trials: EndedTrial[] }

interface SummaryRow {
  id: string
  kind: string
  name: string
  tags: string[]
  priority: number
  state: ExperimentState
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}
interface ExperimentRow extends SummaryRow {
  kindVersion: string
  notes: string
  maxSeconds: number | null
  preset: string | null
  parent: string | null
  spec: Record<string, unknown>
  failure: Failure | null
  createdBy: string
  version: number
}
interface TrialRow {
  id: string
  arm: string
  seed: number
  state: TrialState
  outcome: string | null
  progressDone: number
  progressOf: number
  secondsUsed: number
}
/** The trials of an experiment that are in one state, taken together. */
interface Tally { state: TrialState, count: number, done: number, of: number, seconds: number }

const briefColumns = 'id, kind, name, tags, priority, state, created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"'
const columns = `${briefColumns}, kind_version as "kindVersion", notes, max_seconds as "maxSeconds", preset, parent_id as parent, spec, failure,
  created_by as "createdBy", version`

/** Gives the experiments of one team. */
export function teamExperiments ({ prisma, pool }: Database, teamId: string): TeamExperiments {
  async function create (experiment: NewExperiment, on: Connection = pool): Promise<ExperimentResource> {
    return await withTransaction(on, async client => {
      await checkStorageQuota({ pool }, teamId, 1, client)
      return await insertExperiment(client, teamId, newId(), experiment)
    })
  }

  async function get (id: string, on: Connection = pool): Promise<ExperimentResource> {
    const { rows: [row] } = await on.query<ExperimentRow & { trials: TrialRow[] }>({
      name: 'get-experiment',
      text: `select ${columns}, (
               select coalesce(json_agg(json_build_object('id', id, 'arm', arm, 'seed', seed, 'state', state, 'outcome', outcome,
                 'progressDone', progress_done, 'progressOf', progress_of, 'secondsUsed', seconds_used) order by ordinal), '[]')
               from trial where experiment_id = experiment.id) as trials
             from experiment where id = $1 and team_id = $2`,
      values: [checkId('experiment', id), teamId]
    })
    if (row === undefined) throw notFound('experiment', id)
    return toExperiment(row, row.trials)
  }

  async function brief (id: string, on: Connection = pool): Promise<ExperimentBrief> {
    const { rows: [row] } = await on.query<ExperimentBrief>({
      name: 'brief-experiment',
      text: 'select id, kind, name, state from experiment where id = $1 and team_id = $2',
      values: [checkId('experiment', id), teamId]
    })
    if (row === undefined) throw notFound('experiment', id)
    return row
  }

  async function list (query: ExperimentQuery = {}): Promise<Page<ExperimentSummary>> {
    const { kind = null, state = null, tag = null } = query
    return await readPage(query, async (below, take) => {
      const { rows } = await pool.query<SummaryRow & { tallies: Tally[] }>(
        `select page.*, (
           select coalesce(json_agg(tally), '[]') from (
             select state, count(*) as count, sum(progress_done) as done, sum(progress_of) as of, sum(seconds_used) as seconds
             from trial where experiment_id = page.id group by state) tally) as tallies
         from (
           select ${briefColumns} from experiment
           where team_id = $1 and ($2::uuid is null or id < $2) and ($4::text is null or kind = $4)
             and ($5::text is null or state = $5) and ($6::text is null or $6 = any(tags))
           order by id desc limit $3) page
         order by page.id desc`, [teamId, below.id?.lt ?? null, take, kind, state, tag])
      return rows
    }, toSummary)
  }

  async function update (
    id: string, changes: ExperimentChanges, version?: number, on: Connection = pool
  ): Promise<ExperimentResource> {
    const { name = null, notes = null, tags = null, priority = null } = changes
    return await withTransaction(on, async client => {
      const { rowCount } = await client.query(
        `update experiment set name = coalesce($4, name), notes = coalesce($5, notes), tags = coalesce($6, tags),
           priority = coalesce($7, priority), version = version + 1
         where id = $1 and team_id = $2 and ($3::int8 is null or version = $3)`,
        [checkId('experiment', id), teamId, version ?? null, name, notes, tags, priority])
      const now = await get(id, client)
      if (rowCount === 0) throw new AppError('stale', `experiment ${id} must have version ${version}, got ${now.version}`)
      return now
    })
  }

  async function remove (id: string, on: Connection = pool): Promise<void> {
    await withTransaction(on, client => deleteExperiment(client, teamId, checkId('experiment', id)))
  }

  async function report (id: string): Promise<Report> {
    const where = { id: checkId('experiment', id), teamId }
    const row = await prisma.experiment.findFirst({ where, select: { state: true, report: true } })
    if (!row) throw notFound('experiment', id)
    if (row.report === null) throw new AppError('not_finished', `experiment ${id} is ${row.state} and has no report yet`)
    return row.report as unknown as Report
  }

  async function ended (id: string): Promise<EndedExperiment> {
    const { rows: [row] } = await pool.query<EndedExperiment & { state: string }>(
      `select id, kind, name, tags, state, (
         select coalesce(json_agg(json_build_object('id', id, 'definition', definition, 'state', state, 'result', result) order by ordinal), '[]')
         from trial where experiment_id = experiment.id) as trials
       from experiment where id = $1 and team_id = $2`, [checkId('experiment', id), teamId])
    if (row === undefined) throw notFound('experiment', id)
    const { state, trials, ...experiment } = row
    if (!isTerminal(state)) throw new AppError('not_finished', `experiment ${id} is ${state}`)
    return { ...experiment, trials: trials.map(trial => ({ ...trial, result: trial.result ?? undefined })) }
  }

  return { create, get, brief, list, update, remove, report, ended }
}

/** One statement, because every one of them costs as much as what it does. @returns what was stored */
async function insertExperiment (client: ClientBase, teamId: string, id: string, experiment: NewExperiment): Promise<ExperimentResource> {
  const { kind, kindVersion, name, notes = '', tags = [], priority = 0, maxSeconds = null, preset = null, parent = null, createdBy } = experiment
  const [datasetIds, modelIds, artifactIds] = [unique(experiment.datasetIds), unique(experiment.modelIds), unique(experiment.artifactIds)]
  if (datasetIds.length > 0) await lockUsed(client, teamId, 'dataset', datasetIds)
  if (modelIds.length > 0) await lockUsed(client, teamId, 'model', modelIds)
  if (artifactIds.length > 0) await lockUsed(client, teamId, 'artifact', artifactIds)
  const trials = experiment.trials.map(({ definition, needs }, ordinal) => ({
    id: newId(),
    ordinal,
    arm: definition.arm,
    seed: definition.seed,
    definition,
    slots: orZero(needs.slots),
    threads: orZero(needs.threads),
    device: needs.device,
    engine: needs.engine,
    crew: needs.crew,
    deterministic: needs.deterministic,
    estimate: needs.estimate,
    steps: needs.estimate.steps
  }))
  const { rows: [made] } = await client.query<{ createdAt: Date }>({
    name: 'create-experiment',
    text: `with made as (
             insert into experiment (id, team_id, kind, kind_version, name, notes, tags, priority, max_seconds, preset, spec, created_by, parent_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $16) returning created_at
           ), uses as (
             insert into experiment_dataset (experiment_id, dataset_id) select $1, unnest($13::uuid[])
           ), reads as (
             insert into experiment_model (experiment_id, model_id) select $1, unnest($15::uuid[])
           ), opens as (
             insert into experiment_artifact (experiment_id, artifact_id) select $1, unnest($17::uuid[])
           ), plan as (
             insert into trial (id, team_id, experiment_id, ordinal, arm, seed, definition, slots, threads, device, engine, crew, deterministic,
               estimate, progress_of)
             select id, $2, $1, ordinal, arm, seed, definition, slots, threads, device, engine, crew, deterministic, estimate, steps
             from jsonb_to_recordset($14) as row (id uuid, ordinal int, arm text, seed int, definition jsonb, slots int, threads int,
               device text, engine text, crew int, deterministic boolean, estimate jsonb, steps float8)
           ), head as (
             insert into event_head (experiment_id, head) values ($1, 1)
           ), announced as (
             insert into event (experiment_id, seq, at, type, data) values ($1, 1, clock_timestamp(), 'state', '{"state": "queued"}')
           )
           select created_at as "createdAt", pg_notify('trials', $1::text), pg_notify('events', $1::text || ' 1') from made`,
    values: [id, teamId, kind, kindVersion, name, notes, tags, priority, maxSeconds, preset, toJson(experiment.spec), createdBy,
      datasetIds, toJson(trials), modelIds, parent, artifactIds]
  })
  const row = {
    id,
    kind,
    kindVersion,
    name,
    notes,
    tags,
    priority,
    maxSeconds,
    preset,
    parent,
    createdBy,
    createdAt: made!.createdAt,
    spec: experiment.spec as Record<string, unknown>,
    state: 'queued',
    failure: null,
    startedAt: null,
    finishedAt: null,
    version: 1
  } as const
  return toExperiment(row, trials.map(({ id, arm, seed, steps }) => (
    { id, arm, seed, state: 'queued', outcome: null, progressDone: 0, progressOf: steps, secondsUsed: 0 })))
}

const unique = (ids: string[] = []): string[] => [...new Set(ids)]

/** 'all' as the rows have it. */
const orZero = (count: number | 'all'): number => count === 'all' ? 0 : count

const nouns = { dataset: 'data set', model: 'model', artifact: 'artifact' }

/** Locks what an experiment reads, so that none of it is deleted before its new user stands beside it. @throws AppError not_found */
async function lockUsed (client: ClientBase, teamId: string, table: keyof typeof nouns, ids: string[]): Promise<void> {
  for (const id of ids) checkId(nouns[table], id)
  const { rows } = await client.query<{ id: string }>({
    name: `lock-${table}s`, text: `select id from ${table} where id = any($1) and team_id = $2 order by id for share`, values: [ids, teamId]
  })
  const missing = ids.find(id => !rows.some(row => row.id === id.toLowerCase()))
  if (missing !== undefined) throw notFound(nouns[table], missing)
}

async function deleteExperiment (client: ClientBase, teamId: string, id: string): Promise<void> {
  // Trials before the experiment: the order in which every writer locks (src/storage/trials.ts).
  await client.query('select id from trial where experiment_id = $1 and team_id = $2 order by id for update', [id, teamId])
  const { rows: [row] } = await client.query<{ state: string }>(
    'select state from experiment where id = $1 and team_id = $2 for update', [id, teamId])
  if (row === undefined) throw notFound('experiment', id)
  if (!isTerminal(row.state)) {
    throw new AppError('conflict', `experiment ${id} must be ${terminalStates.join(', ')} to be deleted, got ${row.state}`)
  }
  await checkUnused(client, id, 'model')
  await checkUnused(client, id, 'artifact')
  await client.query('delete from event where experiment_id = $1', [id])
  await client.query('delete from experiment where id = $1', [id])
}

/** What a trial made goes with it: not while another trial needs it that may still start. @throws AppError in_use */
async function checkUnused (client: ClientBase, id: string, table: 'model' | 'artifact'): Promise<void> {
  // The lock keeps create from taking one meanwhile.
  const { rows: made } = await client.query<{ id: string }>(
    `select id from ${table} where trial_id in (select id from trial where experiment_id = $1) order by id for update`, [id])
  if (made.length === 0) return
  const { rows: users } = await client.query<{ type: string, id: string, name: string }>(
    `select 'experiment' as type, id, name from experiment
     where id in (select experiment_id from experiment_${table} where ${table}_id = any($1))
       and exists (select from trial where experiment_id = experiment.id and state <> all($2))
     order by id desc limit 100`, [made.map(one => one.id), terminalStates])
  if (users.length > 0) throw new AppError('in_use', `experiment ${id} made ${table}s that trials need which have not ended`, { users })
}

function toExperiment (row: ExperimentRow, trials: TrialRow[]) {
  const tallies = trials.map(({ state, progressDone: done, progressOf: of, secondsUsed: seconds }) => (
    { state, count: 1, done, of, seconds }))
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
    parent: row.parent,
    spec: row.spec,
    state: row.state,
    failure: row.failure,
    progress: toProgress(row.state, tallies),
    trials: trials.map(({ id, arm, seed, state, outcome }) => ({ id, arm, seed, state, outcome })),
    createdBy: row.createdBy,
    ...toTimes(row),
    version: row.version
  }
}

function toSummary ({ tallies, ...row }: SummaryRow & { tallies: Tally[] }) {
  const { id, kind, name, tags, priority, state } = row
  return {
    id,
    kind,
    name,
    tags,
    priority,
    state,
    progress: toProgress(state, tallies),
    trials: Object.fromEntries(tallies.map(tally => [tally.state, tally.count])),
    ...toTimes(row)
  }
}

function toTimes (row: SummaryRow) {
  return {
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null
  }
}

/**
 * Sums the trials' progress. The time left assumes that as many trials run side by side as do now, and that of those to come
 * as much is taken over from others (beginnings.ts) as was of those that are known: done is what is done, whoever did it.
 */
function toProgress (state: ExperimentState, tallies: Tally[]) {
  const sum = (field: 'count' | 'done' | 'of' | 'seconds', among = (_: Tally): boolean => true) =>
    tallies.filter(among).reduce((total, tally) => total + tally[field], 0)
  const isOpen = (tally: Tally) => !isTerminal(tally.state)
  // A trial that succeeded before it had used up its budget (it converged) has nothing left to do; one that failed or
  // was canceled keeps the progress that it had.
  const succeeded = (tally: Tally) => tally.state === 'succeeded'
  const done = sum('of', succeeded) + sum('done', tally => !succeeded(tally))
  const worked = sum('done')
  const running = sum('count', tally => tally.state === 'running')
  const left = sum('of', isOpen) - sum('done', isOpen)
  const etaSeconds = isTerminal(state) ? 0 : running === 0 || worked === 0 ? null : left * sum('seconds') / worked / running
  return { done, of: sum('of'), etaSeconds }
}
