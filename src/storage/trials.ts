/**
 * The rows of trials as they move through their lives. The trial row is the truth: no queue state stands beside it.
 * Every function runs inside the caller's transaction; rows are always locked in one order, so that two writers never
 * wait for each other in a ring: trials (by id), experiment, the team's storage, event head. src/jobs/states.ts says
 * which moves there are.
 */
import type { ClientBase, Pool } from 'pg'
import type { Failure } from '../errors.js'
import { appendEvents, toJson, type NewEvent } from './events.js'

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
  await recordMoves(client, [{ ...row, state: 'queued' }], { to: 'running', actor: 'node', reason: `claimed by ${claim.device}, attempt ${row.attempt}` })
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

/** What becomes of a trial, and who says so. */
interface Change {
  to: TrialState
  actor: string
  reason: string
  result?: unknown
  failure?: Failure | undefined
  /** counts as the death of an executor */
  death?: boolean | undefined
}

export interface Move extends Change {
  trialId: string
  from: readonly TrialState[]
  /** only if this attempt still holds the lease (fencing) */
  attempt?: number | undefined
}

/** A trial whose row this transaction has locked. */
export interface LockedTrial { id: string, experiment_id: string, state: TrialState, attempt: number }

const TERMINAL: readonly TrialState[] = ['succeeded', 'failed', 'canceled']

/** stale: the trial was in no such state, or another attempt holds it; last: with it, every trial of the experiment ended */
export type Moved = 'stale' | 'moved' | 'last'

/**
 * Moves a trial if it is in one of the states `from`; writes the transition and the event, and lets the experiment
 * follow. Whoever gets 'last' enqueues the report in the same transaction (src/jobs/states.ts).
 */
export async function moveTrial (client: ClientBase, { trialId, from, attempt, ...change }: Move): Promise<Moved> {
  const { rows } = await client.query<LockedTrial>(
    'select id, experiment_id, state, attempt from trial where id = $1 and state = any($2) and ($3::int is null or attempt = $3) for update',
    [trialId, from, attempt ?? null])
  return await moveTrials(client, rows, change)
}

/** Locks the trials of a team's experiment, in the order in which everybody locks them. */
export async function lockTrials (client: ClientBase, teamId: string, experimentId: string): Promise<LockedTrial[]> {
  const { rows } = await client.query<LockedTrial>(
    'select id, experiment_id, state, attempt from trial where experiment_id = $1 and team_id = $2 order by id for update', [experimentId, teamId])
  return rows
}

/** Moves locked trials of one experiment, however many, in as many statements as one. See moveTrial. */
export async function moveTrials (client: ClientBase, trials: LockedTrial[], change: Change): Promise<Moved> {
  if (trials.length === 0) return 'stale'
  const { to, result, failure, death = false } = change
  const ids = trials.map(trial => trial.id)
  const leaves = to !== 'running' && to !== 'pausing' && to !== 'stopping'
  await client.query(
    `update trial set state = $2,
       deaths = case when $3 then deaths + 1 when $2 = 'queued' and state = 'failed' then 0 else deaths end,
       seconds_used = case when $2 = 'queued' and state = 'failed' then 0 else seconds_used end, -- a retry has all anew
       node_id = case when $4 then null else node_id end, lane_id = case when $4 then null else lane_id end,
       lease_until = case when $4 then null else lease_until end, finished_at = case when $5 then now() end,
       result = coalesce($6::jsonb, result), failure = $7::jsonb
     where id = any($1)`,
    [ids, to, death, leaves, TERMINAL.includes(to),
      result === undefined ? null : toJson(result), failure === undefined ? null : toJson(failure)])
  if (leaves) {
    await client.query(
      `update trial_attempt set ended_at = now(), "end" = $3 from unnest($1::uuid[], $2::int[]) as left_by (id, number)
       where trial_id = left_by.id and attempt = left_by.number and ended_at is null`,
      [ids, trials.map(trial => trial.attempt), `${to}: ${change.reason}`])
  }
  if (TERMINAL.includes(to)) await closeIndexes(client, ids)
  const ended = await recordMoves(client, trials, change)
  if (to === 'queued') await client.query("select pg_notify('trials', $1)", [ids[0]])
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
    `with mine as (
       select trial.id from trial join unnest($2::uuid[], $3::int[]) as held (trial_id, attempt) on trial.id = held.trial_id
       where trial.attempt = held.attempt and trial.lane_id = $1 and trial.state in ('running', 'pausing', 'stopping')
       order by trial.id for update of trial
     )
     update trial set lease_until = now() + interval '${LEASE_SECONDS} s' from mine where trial.id = mine.id
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

/** Writes the transitions of locked trials, lets their experiment follow, and tells the stream. @returns see settleExperiment */
async function recordMoves (client: ClientBase, trials: LockedTrial[], { to, actor, reason, failure }: Change): Promise<boolean> {
  const first = trials[0]!
  await client.query(
    `insert into trial_transition (trial_id, "from", "to", actor, reason)
     select id, state, $3, $4, $5 from unnest($1::uuid[], $2::text[]) as moved (id, state)`,
    [trials.map(trial => trial.id), trials.map(trial => trial.state), to, actor, reason])
  return await settleExperiment(client, first.experiment_id, trials.map(({ id, state: from }) => (
    { trialId: id, ordinal: null, type: 'state', data: { state: to, from, reason, ...(failure ? { failure } : {}) } })))
}

/**
 * Lets the experiment's state follow its trials. Terminal states are set by the report's transaction (finishExperiment),
 * so that a client sees: last trial's state, report, experiment's state, end.
 * @param moves events of the trials that moved, which come before the experiment's own
 * @returns true when every trial has ended
 */
export async function settleExperiment (client: ClientBase, experimentId: string, moves: NewEvent[] = []): Promise<boolean> {
  const { rows: [experiment] } = await client.query('select state from experiment where id = $1 for update', [experimentId])
  if (experiment === undefined) return false
  const { rows: groups } = await client.query<{ state: TrialState, ran: boolean }>(
    'select state, bool_or(started_at is not null) as ran from trial where experiment_id = $1 group by state', [experimentId])
  const state = follow(groups)
  const changes = state !== undefined && state !== experiment.state
  if (changes) {
    await client.query(
      `update experiment set state = $2, version = version + 1, finished_at = null, failure = null,
         started_at = case when $2 = 'running' then coalesce(started_at, now()) else started_at end where id = $1`, [experimentId, state])
  }
  await appendEvents(client, experimentId, [
    ...moves, ...(changes ? [{ trialId: null, ordinal: null, type: 'state', data: { state, from: experiment.state } }] : [])
  ])
  return state === undefined
}

/** The state of an experiment whose trials are in these states; undefined when all have ended, which the report tells. */
function follow (trials: { state: TrialState, ran: boolean }[]): ExperimentState | undefined {
  const some = (...states: TrialState[]): boolean => trials.some(({ state }) => states.includes(state))
  if (trials.every(({ state }) => TERMINAL.includes(state))) return undefined
  if (some('running', 'pausing', 'stopping')) return 'running'
  if (!some('queued')) return 'paused'
  return trials.some(({ state, ran }) => TERMINAL.includes(state) && ran) ? 'running' : 'queued'
}

/** Which trials a report was made from, and when: a retry changes either. */
export interface SeenTrial { id: string, state: string, attempt: number }

/**
 * Ends an experiment whose trials have all ended: any failed gives failed, else any canceled gives canceled.
 * @param seen the trials as the report saw them: when they are not as they were, somebody took up the work again, and the
 *             report no longer holds; whoever ends the last of them asks for another
 */
export async function finishExperiment (client: ClientBase, experimentId: string, report: unknown, seen?: SeenTrial[]): Promise<void> {
  const { rows: [experiment] } = await client.query('select state from experiment where id = $1 for update', [experimentId])
  if (experiment === undefined) return
  const { rows } = await client.query(
    'select id, arm, seed, state, attempt, failure from trial where experiment_id = $1 order by ordinal', [experimentId])
  if (rows.some(row => !TERMINAL.includes(row.state)) || TERMINAL.includes(experiment.state)) return
  const identify = ({ id, state, attempt }: SeenTrial): string => `${id} ${state} ${attempt}`
  const known = new Set(seen?.map(identify))
  if (seen !== undefined && rows.some(row => !known.has(identify(row)))) return
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

/** An index is ready when it has a part for every checkpoint; one that lacks some can be built on by its route. */
async function closeIndexes (client: ClientBase, trialIds: string[]): Promise<void> {
  const failure: Failure = { code: 'index_missing', message: 'the trial ended before all parts were there; building the index adds the missing ones' }
  await client.query(
    `update influence_index as index set finished_at = now(),
       state = case when complete.ready then 'ready' else 'failed' end, failure = case when complete.ready then null else $2::jsonb end
     from (
       select influence_index.id, (select count(*) from influence_part where index_id = influence_index.id) =
         (select count(*) from checkpoint where model_id = model.id) as ready
       from influence_index join model on model.id = influence_index.model_id where model.trial_id = any($1)
     ) as complete
     where index.id = complete.id and index.state <> 'ready'`, [trialIds, toJson(failure)])
}
