/**
 * The rows of trials as they move through their lives. The trial row is the truth: no queue state stands beside it.
 * Every function runs inside the caller's transaction; rows are always locked in the order trial, experiment, event
 * head, so that two writers never wait for each other in a ring. src/jobs/states.ts says which moves there are.
 */
import type { ClientBase, Pool } from 'pg'
import type { Failure } from '../errors.js'
import { appendEvents, toJson } from './events.js'
import { closeIndexes } from './indexes.js'

export type TrialState = 'queued' | 'running' | 'pausing' | 'paused' | 'stopping' | 'succeeded' | 'failed' | 'canceled'
export type ExperimentState = 'queued' | 'running' | 'paused' | 'succeeded' | 'failed' | 'canceled'

/** Seconds for which a lease holds by the database's clock. Renewed every 5 s: six missed beats are a lost node. */
export const LEASE_SECONDS = 30
/** How many times an executor may die with a trial before the trial is blamed. */
export const MOST_DEATHS = 3

export interface Claimed {
  id: string
  teamId: string
  experimentId: string
  kind: string
  maxSeconds: number | null
  definition: { arm: string, seed: number, spec: unknown }
  deterministic: boolean
  engine: 'cpu' | 'tensor'
  attempt: number
  /** slots of this lane that it takes */
  slots: number
  secondsUsed: number
  state: TrialState
}

export interface Claim {
  nodeId: string
  laneId: string
  device: string
  laneSlots: number
  freeSlots: number
  /** TensorFlow threads of the lane's executor; undefined when it is idle and can be forked anew */
  threads: number | undefined
}

/**
 * Claims the next trial for a lane: priority first, then the team with the fewest running trials, then age. The first
 * in that order is never overtaken by a smaller one, so that a trial which needs the whole lane is not starved.
 */
export async function claimTrial (client: ClientBase, claim: Claim): Promise<Claimed | undefined> {
  const { rows } = await client.query({
    name: 'claim-trial',
    text: `
      with busy as (
        select team_id, count(*) as running from trial where state in ('running', 'pausing', 'stopping') group by team_id
      ), next as (
        select trial.id, case when trial.slots = 0 then $4::int else least(trial.slots, $4::int) end as takes, trial.engine
        from trial
        join experiment on experiment.id = trial.experiment_id
        join team on team.id = trial.team_id
        left join busy on busy.team_id = trial.team_id
        where trial.state = 'queued'
          and (trial.device = 'any' or $3 like trial.device || '%')
          and coalesce(busy.running, 0) < coalesce((team.quotas ->> 'maxRunningTrials')::int, 2147483647)
        order by experiment.priority desc, coalesce(busy.running, 0), trial.created_at, trial.ordinal
        limit 1
        for update of trial skip locked
      )
      update trial set state = 'running', attempt = trial.attempt + 1, node_id = $1, lane_id = $2,
        lease_until = now() + interval '${LEASE_SECONDS} s', started_at = coalesce(trial.started_at, now()), finished_at = null
      from next, experiment
      where trial.id = next.id and experiment.id = trial.experiment_id
        and next.takes <= $5::int and (next.engine = 'cpu' or $6::int is null or $6::int = next.takes)
      returning trial.*, next.takes, experiment.kind, experiment.max_seconds`,
    values: [claim.nodeId, claim.laneId, claim.device, claim.laneSlots, claim.freeSlots, claim.threads ?? null]
  })
  const row = rows[0]
  if (row === undefined) return undefined
  await client.query('insert into trial_attempt (trial_id, attempt, node_id, lane_id) values ($1, $2, $3, $4)',
    [row.id, row.attempt, claim.nodeId, claim.laneId])
  await recordTransition(client, row, 'queued', 'running', 'node', `claimed by ${claim.device}, attempt ${row.attempt}`)
  await settleExperiment(client, row.experiment_id)
  return {
    id: row.id,
    teamId: row.team_id,
    experimentId: row.experiment_id,
    kind: row.kind,
    maxSeconds: row.max_seconds,
    definition: row.definition,
    deterministic: row.deterministic,
    engine: row.engine,
    attempt: row.attempt,
    slots: row.takes,
    secondsUsed: row.seconds_used,
    state: 'running'
  }
}

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
  /** counts as the death of an executor */
  death?: boolean | undefined
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
  await client.query(
    `update trial set state = $2, deaths = case when $3 then deaths + 1 when $8 then 0 else deaths end,
       seconds_used = case when $8 then 0 else seconds_used end,
       node_id = case when $4 then null else node_id end, lane_id = case when $4 then null else lane_id end,
       lease_until = case when $4 then null else lease_until end, finished_at = case when $5 then now() end,
       result = coalesce($6::jsonb, result), failure = $7::jsonb
     where id = $1`,
    [move.trialId, move.to, move.death ?? false, leaves, TERMINAL.includes(move.to),
      move.result === undefined ? null : toJson(move.result), move.failure === undefined ? null : toJson(move.failure),
      move.to === 'queued' && before.state === 'failed']) // a retry has all attempts and its time budget anew
  if (leaves) {
    await client.query('update trial_attempt set ended_at = now(), "end" = $3 where trial_id = $1 and attempt = $2 and ended_at is null',
      [move.trialId, before.attempt, `${move.to}: ${move.reason}`])
  }
  if (TERMINAL.includes(move.to)) await closeIndexes(client, move.trialId)
  await recordTransition(client, before, before.state, move.to, move.actor, move.reason, move.failure)
  const ended = await settleExperiment(client, before.experiment_id)
  if (move.to === 'queued') await client.query("select pg_notify('trials', $1)", [move.trialId])
  return ended ? 'last' : 'moved'
}

/**
 * Ends the attempt of an executor or node that is gone: the trial is queued again, or ends as it was about to.
 * @param death false for a graceful hand-back, which is no attempt
 */
export async function endAttempt (client: ClientBase, trialId: string, attempt: number, reason: string, death: boolean): Promise<Moved> {
  const { rows: [trial] } = await client.query('select state, deaths from trial where id = $1 and attempt = $2 for update', [trialId, attempt])
  if (trial === undefined) return 'stale'
  const common = { trialId, attempt, actor: 'node', reason, death }
  if (trial.state === 'stopping') return await moveTrial(client, { ...common, from: ['stopping'], to: 'canceled' })
  if (trial.state === 'pausing') return await moveTrial(client, { ...common, from: ['pausing'], to: 'paused' })
  if (trial.state !== 'running') return 'stale'
  if (death && trial.deaths + 1 >= MOST_DEATHS) {
    const failure: Failure = { code: 'worker_died', message: `The executor died ${MOST_DEATHS} times with this trial; the last time: ${reason}` }
    return await moveTrial(client, { ...common, from: ['running'], to: 'failed', failure })
  }
  return await moveTrial(client, { ...common, from: ['running'], to: 'queued' })
}

/** Extends the leases of the trials that a lane runs. @returns ids that it still holds */
export async function renewLeases (client: ClientBase, laneId: string, held: { trialId: string, attempt: number }[]): Promise<Set<string>> {
  const { rows } = await client.query(
    `update trial set lease_until = now() + interval '${LEASE_SECONDS} s'
     from unnest($2::uuid[], $3::int[]) as held (trial_id, attempt)
     where trial.id = held.trial_id and trial.attempt = held.attempt and trial.lane_id = $1
       and trial.state in ('running', 'pausing', 'stopping')
     returning trial.id`,
    [laneId, held.map(one => one.trialId), held.map(one => one.attempt)])
  return new Set(rows.map(row => row.id))
}

/** Trials that somebody claimed and that nobody can be running: leases that ran out, or all of one node. */
export async function findAbandoned (pool: Pool, of: { nodeId: string } | 'expired'): Promise<{ trialId: string, attempt: number }[]> {
  const { rows } = await pool.query(
    `select id as "trialId", attempt from trial
     where state in ('running', 'pausing', 'stopping') and case when $1::uuid is null then lease_until < now() else node_id = $1 end`,
    [of === 'expired' ? null : of.nodeId])
  return rows
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

async function recordTransition (client: ClientBase, trial: { id: string, experiment_id: string }, from: TrialState, to: TrialState,
  actor: string, reason: string, failure?: Failure): Promise<void> {
  await client.query('insert into trial_transition (trial_id, "from", "to", actor, reason) values ($1, $2, $3, $4, $5)',
    [trial.id, from, to, actor, reason])
  await appendEvents(client, trial.experiment_id, [
    { trialId: trial.id, ordinal: null, type: 'state', data: { state: to, from, reason, ...(failure ? { failure } : {}) } }
  ])
}
