/**
 * The rows of trials as they move through their lives. The trial row is the truth: no queue state stands beside it.
 * Every function runs inside the caller's transaction; rows are always locked in one order, so that two writers never
 * wait for each other in a ring: trials (by id), the team's storage, experiment, event head. src/jobs/states.ts says
 * which moves there are; claims.ts and leases.ts have those of nodes and executors.
 */
import type { ClientBase } from 'pg'
import type { Failure } from '../errors.js'
import { appendEvents, toJson, type NewEvent } from './events.js'
import { closeIndexes } from './indexes.js'

/** States in which a trial or an experiment has ended. */
export const terminalStates = ['succeeded', 'failed', 'canceled'] as const

export const trialStates = ['queued', 'running', 'pausing', 'paused', 'stopping', ...terminalStates] as const
export type TrialState = typeof trialStates[number]

/** States in which an attempt holds a trial. */
export const heldStates = ['running', 'pausing', 'stopping'] as const satisfies TrialState[]

export const experimentStates = ['queued', 'running', 'paused', ...terminalStates] as const
export type ExperimentState = typeof experimentStates[number]

/** What becomes of a trial, and who says so. */
interface Change {
  to: TrialState
  actor: string
  reason: string
  result?: unknown
  failure?: Failure | undefined
  /** executors that died with it, when that number changes */
  deaths?: number | undefined
  /** seconds that it has worked, all attempts together */
  secondsUsed?: number | undefined
}

export interface Move extends Change {
  trialId: string
  from: readonly TrialState[]
  /** only if this attempt still holds the lease (fencing) */
  attempt?: number | undefined
}

/** A trial whose row this transaction has locked. */
export interface LockedTrial { id: string, experiment_id: string, state: TrialState, attempt: number }

/** Whether a trial or an experiment in this state has ended; only a retry opens it again. */
export function isTerminal (state: string): state is typeof terminalStates[number] {
  return (terminalStates as readonly string[]).includes(state)
}

/** Whether an attempt holds a trial in this state. */
export function isHeld (state: string): state is typeof heldStates[number] {
  return (heldStates as readonly string[]).includes(state)
}

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
  const { to, result, failure, deaths, secondsUsed } = change
  const ids = trials.map(trial => trial.id)
  const leaves = to !== 'running' && to !== 'pausing' && to !== 'stopping'
  await client.query(
    // One statement: a second update of a row would check its foreign key, and lock the experiment before its turn.
    `update trial set state = $2,
       deaths = case when $2 = 'queued' and state = 'failed' then 0 else coalesce($3::int, deaths) end,
       seconds_used = case when $2 = 'queued' and state = 'failed' then 0 else greatest(seconds_used, $8::float8) end, -- a retry has all anew
       node_id = case when $4 then null else node_id end, lane_id = case when $4 then null else lane_id end,
       lease_until = case when $4 then null else lease_until end, finished_at = case when $5 then now() end,
       result = coalesce($6::jsonb, result), outcome = coalesce($6::jsonb->>'outcome', outcome), failure = $7::jsonb
     where id = any($1)`,
    [ids, to, deaths ?? null, leaves, isTerminal(to), result === undefined ? null : toJson(result),
      failure === undefined ? null : toJson(failure), secondsUsed ?? null])
  if (leaves) {
    await client.query(
      `update trial_attempt set ended_at = now(), "end" = $3 from unnest($1::uuid[], $2::int[]) as left_by (id, number)
       where trial_id = left_by.id and attempt = left_by.number and ended_at is null`,
      [ids, trials.map(trial => trial.attempt), `${to}: ${change.reason}`])
  }
  if (isTerminal(to)) await closeIndexes(client, ids)
  // Nothing goes on from here. A failed trial keeps its snapshot for a retry.
  if (to === 'succeeded' || to === 'canceled') await client.query('delete from snapshot where trial_id = any($1)', [ids])
  const ended = await recordMoves(client, trials, change)
  if (to === 'queued') await client.query("select pg_notify('trials', $1)", [ids[0]])
  return ended ? 'last' : 'moved'
}

/** Writes the transitions of locked trials, lets their experiment follow, and tells the stream. @returns see settleExperiment */
export async function recordMoves (client: ClientBase, trials: LockedTrial[], { to, actor, reason, failure }: Change): Promise<boolean> {
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
  if (trials.every(({ state }) => isTerminal(state))) return undefined
  if (some(...heldStates)) return 'running'
  if (!some('queued')) return 'paused'
  return trials.some(({ state, ran }) => isTerminal(state) && ran) ? 'running' : 'queued'
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
  if (rows.some(row => !isTerminal(row.state)) || isTerminal(experiment.state)) return
  const identify = ({ id, state, attempt }: SeenTrial): string => `${id} ${state} ${attempt}`
  const known = new Set(seen?.map(identify))
  if (seen !== undefined && rows.some(row => !known.has(identify(row)))) return
  const failed = rows.find(row => row.state === 'failed')
  const state: ExperimentState = failed ? 'failed' : rows.some(row => row.state === 'canceled') ? 'canceled' : 'succeeded'
  const failure = failed ? { ...failed.failure, message: `Trial ${failed.arm}, seed ${failed.seed}: ${failed.failure.message}` } : null
  await client.query(
    'update experiment set state = $2, failure = $3::jsonb, report = $4::jsonb, finished_at = now(), version = version + 1 where id = $1',
    [experimentId, state, failure === null ? null : toJson(failure), report === undefined ? null : toJson(report)])
  await client.query('delete from beginning where experiment_id = $1', [experimentId]) // a retry that finds none makes it again
  const verdict = (report as { verdict?: unknown } | undefined)?.verdict ?? null
  await appendEvents(client, experimentId, [
    ...(report === undefined ? [] : [{ trialId: null, ordinal: null, type: 'report', data: { verdict } }]),
    { trialId: null, ordinal: null, type: 'state', data: { state, from: experiment.state, ...(failure ? { failure } : {}) } }
  ])
}

/** A finished experiment takes up its work again: its report no longer holds. */
export async function reopenExperiment (client: ClientBase, experimentId: string): Promise<void> {
  await client.query('update experiment set report = null where id = $1', [experimentId])
}

/** Wakes the executors of trials that shall stop. */
export async function announceRequests (client: ClientBase, trialIds: string[]): Promise<void> {
  await client.query("select pg_notify('control', id::text) from unnest($1::uuid[]) as id", [trialIds])
}

/** The experiment of a trial that is there. */
export async function experimentOf (client: ClientBase, trialId: string): Promise<string> {
  const { rows: [trial] } = await client.query('select experiment_id from trial where id = $1', [trialId])
  return trial.experiment_id
}
