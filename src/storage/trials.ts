/**
 * The rows of trials as they move through their lives. The trial row is the truth: no queue state stands beside it.
 * Every function runs inside the caller's transaction; rows are always locked in the order trial, experiment, event
 * head, so that two writers never wait for each other in a ring. src/jobs/states.ts says which moves there are;
 * claims.ts and leases.ts have those of nodes and executors.
 */
import type { ClientBase } from 'pg'
import type { Failure } from '../errors.js'
import { appendEvents, toJson } from './events.js'

export type TrialState = 'queued' | 'running' | 'pausing' | 'paused' | 'stopping' | 'succeeded' | 'failed' | 'canceled'
export type ExperimentState = 'queued' | 'running' | 'paused' | 'succeeded' | 'failed' | 'canceled'

export interface Move {
  trialId: string
  from: readonly TrialState[]
  to: TrialState
  actor: string
  reason: string
  /** only if this attempt still holds the lease (fencing) */
  attempt?: number | undefined
  result?: unknown
  failure?: Failure | undefined
  /** executors that died with it, when that number changes */
  deaths?: number | undefined
  /** seconds that it has worked, all attempts together */
  secondsUsed?: number | undefined
}

const TERMINAL: readonly TrialState[] = ['succeeded', 'failed', 'canceled']

/** stale: the trial was in no such state, or another attempt holds it; last: with it, every trial of the experiment ended */
export type Moved = 'stale' | 'moved' | 'last'

/**
 * Moves a trial if it is in one of the states `from`; writes the transition and the event, and lets the experiment
 * follow. Whoever gets 'last' enqueues the report in the same transaction (src/jobs/states.ts).
 */
export async function moveTrial (client: ClientBase, move: Move): Promise<Moved> {
  const leaves = move.to !== 'running' && move.to !== 'pausing' && move.to !== 'stopping'
  const { rows: [before] } = await client.query(
    'select id, experiment_id, state, attempt from trial where id = $1 and state = any($2) and ($3::int is null or attempt = $3) for update',
    [move.trialId, move.from, move.attempt ?? null])
  if (before === undefined) return 'stale'
  // One statement: a second update of the row would check its foreign key, and lock the experiment before its turn.
  await client.query(
    `update trial set state = $2, deaths = case when $8 then 0 else coalesce($3::int, deaths) end,
       seconds_used = case when $8 then 0 else greatest(seconds_used, $9::float8) end,
       node_id = case when $4 then null else node_id end, lane_id = case when $4 then null else lane_id end,
       lease_until = case when $4 then null else lease_until end, finished_at = case when $5 then now() end,
       result = coalesce($6::jsonb, result), failure = $7::jsonb
     where id = $1`,
    [move.trialId, move.to, move.deaths ?? null, leaves, TERMINAL.includes(move.to),
      move.result === undefined ? null : toJson(move.result), move.failure === undefined ? null : toJson(move.failure),
      move.to === 'queued' && before.state === 'failed', // a retry has all attempts and its time budget anew
      move.secondsUsed ?? null])
  if (leaves) {
    await client.query('update trial_attempt set ended_at = now(), "end" = $3 where trial_id = $1 and attempt = $2 and ended_at is null',
      [move.trialId, before.attempt, `${move.to}: ${move.reason}`])
  }
  if (TERMINAL.includes(move.to)) await closeIndexes(client, move.trialId)
  // Nothing goes on from here. A failed trial keeps its snapshot for a retry.
  if (move.to === 'succeeded' || move.to === 'canceled') await client.query('delete from snapshot where trial_id = $1', [move.trialId])
  await recordTransition(client, before, before.state, move.to, move.actor, move.reason, move.failure)
  const ended = await settleExperiment(client, before.experiment_id)
  if (move.to === 'queued') await client.query("select pg_notify('trials', $1)", [move.trialId])
  return ended ? 'last' : 'moved'
}

/**
 * Lets the experiment's state follow its trials. Terminal states are set by the report's transaction (finishExperiment),
 * so that a client sees: last trial's state, report, experiment's state, end.
 * @returns true when every trial has ended
 */
export async function settleExperiment (client: ClientBase, experimentId: string): Promise<boolean> {
  const { rows: [experiment] } = await client.query('select state from experiment where id = $1 for update', [experimentId])
  if (experiment === undefined) return false
  const { rows } = await client.query('select state, count(*)::int as count from trial where experiment_id = $1 group by state', [experimentId])
  const has = new Set(rows.map(row => row.state as TrialState))
  if ([...has].every(state => TERMINAL.includes(state))) return true
  const state: ExperimentState = has.has('running') || has.has('pausing') || has.has('stopping')
    ? 'running'
    : has.has('queued') ? (has.has('succeeded') || has.has('failed') || has.has('canceled') ? 'running' : 'queued') : 'paused'
  if (state === experiment.state) return false
  await client.query(
    `update experiment set state = $2, version = version + 1, finished_at = null, failure = null,
       started_at = case when $2 = 'running' then coalesce(started_at, now()) else started_at end where id = $1`, [experimentId, state])
  await appendEvents(client, experimentId, [{ trialId: null, ordinal: null, type: 'state', data: { state, from: experiment.state } }])
  return false
}

/** Ends an experiment whose trials have all ended: any failed gives failed, else any canceled gives canceled. */
export async function finishExperiment (client: ClientBase, experimentId: string, report: unknown): Promise<void> {
  const { rows: [experiment] } = await client.query('select state from experiment where id = $1 for update', [experimentId])
  if (experiment === undefined) return
  const { rows } = await client.query('select arm, seed, state, failure from trial where experiment_id = $1 order by ordinal', [experimentId])
  if (rows.some(row => !TERMINAL.includes(row.state)) || ['succeeded', 'failed', 'canceled'].includes(experiment.state)) return
  const failed = rows.find(row => row.state === 'failed')
  const state: ExperimentState = failed ? 'failed' : rows.some(row => row.state === 'canceled') ? 'canceled' : 'succeeded'
  const failure = failed ? { ...failed.failure, message: `Trial ${failed.arm}, seed ${failed.seed}: ${failed.failure.message}` } : null
  await client.query(
    'update experiment set state = $2, failure = $3::jsonb, report = $4::jsonb, finished_at = now(), version = version + 1 where id = $1',
    [experimentId, state, failure === null ? null : toJson(failure), report === undefined ? null : toJson(report)])
  const verdict = (report as { verdict?: unknown } | undefined)?.verdict ?? null
  await appendEvents(client, experimentId, [
    ...(report === undefined ? [] : [{ trialId: null, ordinal: null, type: 'report', data: { verdict } }]),
    { trialId: null, ordinal: null, type: 'state', data: { state, from: experiment.state, ...(failure ? { failure } : {}) } }
  ])
}

/** Writes that a trial moved: its row of history, and the event. */
export async function recordTransition (client: ClientBase, trial: { id: string, experiment_id: string }, from: TrialState, to: TrialState,
  actor: string, reason: string, failure?: Failure): Promise<void> {
  await client.query('insert into trial_transition (trial_id, "from", "to", actor, reason) values ($1, $2, $3, $4, $5)',
    [trial.id, from, to, actor, reason])
  await appendEvents(client, trial.experiment_id, [
    { trialId: trial.id, ordinal: null, type: 'state', data: { state: to, from, reason, ...(failure ? { failure } : {}) } }
  ])
}

/** An index is ready when it has a part for every checkpoint; one that lacks some can be built on by its route. */
async function closeIndexes (client: ClientBase, trialId: string): Promise<void> {
  const failure: Failure = { code: 'index_missing', message: 'the trial ended before all parts were there; building the index adds the missing ones' }
  await client.query(
    `update influence_index as index set finished_at = now(),
       state = case when complete.ready then 'ready' else 'failed' end, failure = case when complete.ready then null else $2::jsonb end
     from (
       select influence_index.id, (select count(*) from influence_part where index_id = influence_index.id) =
         (select count(*) from checkpoint where model_id = model.id) as ready
       from influence_index join model on model.id = influence_index.model_id where model.trial_id = $1
     ) as complete
     where index.id = complete.id and index.state <> 'ready'`, [trialId, toJson(failure)])
}
