/**
 * Who holds a running trial: a lease by the database's clock, renewed by the executor's beat, checked by everything
 * that an attempt writes. What ends an attempt from outside is here, too. Claims: claims.ts; all other moves: trials.ts.
 */
import type { ClientBase, Pool } from 'pg'
import { AppError, type Failure } from '../errors.js'
import { moveTrial, type Moved } from './trials.js'

/** How many times in a row an executor may die with a trial, without a newer snapshot between, before the trial is blamed. */
const MAX_DEATHS = 3
/** A lease is six beats long: five may be missed. */
const BEATS = 6

/** Milliseconds between two beats of a node or an executor. */
export function beatMs (leaseSeconds: number): number {
  return leaseSeconds * 1000 / BEATS
}

/** One attempt at a trial: the fencing token. */
export interface Held { trialId: string, attempt: number }

/**
 * Makes sure that an attempt still holds its trial, and keeps it so until the transaction ends.
 * @throws conflict when another has it, or nobody
 */
export async function holdLease (client: ClientBase, { trialId, attempt }: Held): Promise<void> {
  const { rowCount } = await client.query(
    "select from trial where id = $1 and attempt = $2 and state in ('running', 'pausing', 'stopping') for update", [trialId, attempt])
  if (rowCount === 0) throw lostLease({ trialId, attempt })
}

/** What an attempt is told when it writes without a lease. */
export function lostLease ({ trialId, attempt }: Held): AppError {
  return new AppError('conflict', `trial ${trialId}, attempt ${attempt}, no longer holds its lease`)
}

/**
 * Extends the leases of the trials that a lane runs, and counts the time they have used: an attempt that ends by force
 * has no moment for that. Rows are locked in the order of their ids, like everywhere where several are.
 * @returns ids that it still holds
 */
export async function renewLeases (
  client: ClientBase, laneId: string, held: (Held & { secondsUsed: number })[], leaseSeconds: number
): Promise<Set<string>> {
  const { rows } = await client.query(
    `with mine as (
       select trial.id, held.seconds_used
       from trial join unnest($2::uuid[], $3::int[], $4::float8[]) as held (trial_id, attempt, seconds_used)
         on trial.id = held.trial_id and trial.attempt = held.attempt
       where trial.lane_id = $1 and trial.state in ('running', 'pausing', 'stopping')
       order by trial.id for update of trial
     )
     update trial set lease_until = now() + make_interval(secs => $5), seconds_used = greatest(trial.seconds_used, mine.seconds_used)
     from mine where trial.id = mine.id
     returning trial.id`,
    [laneId, held.map(one => one.trialId), held.map(one => one.attempt), held.map(one => one.secondsUsed), leaseSeconds])
  return new Set(rows.map(row => row.id))
}

/** Trials that somebody claimed and that nobody can be running: leases that ran out, or all of one node. */
export async function findAbandoned (pool: Pool, of: { nodeId: string } | 'expired'): Promise<Held[]> {
  const { rows } = await pool.query(
    `select id as "trialId", attempt from trial
     where state in ('running', 'pausing', 'stopping') and case when $1::uuid is null then lease_until < now() else node_id = $1 end`,
    [of === 'expired' ? null : of.nodeId])
  return rows
}

export interface AttemptEnd {
  reason: string
  /** a process died with it; not a graceful hand-back and not a lease that ran out, which blame nobody */
  death?: boolean
  secondsUsed?: number
}

/** Ends an attempt without a result: the trial is queued again, or ends as it was about to. */
export async function endAttempt (
  client: ClientBase, { trialId, attempt }: Held, { reason, death = false, secondsUsed }: AttemptEnd
): Promise<Moved> {
  const { rows: [trial] } = await client.query('select state, deaths from trial where id = $1 and attempt = $2 for update', [trialId, attempt])
  if (trial === undefined) return 'stale'
  const deaths = death ? 1 + (await gotFurther(client, { trialId, attempt }) ? 0 : trial.deaths) : undefined
  const common = { trialId, attempt, actor: 'node', reason, deaths, secondsUsed }
  if (trial.state === 'stopping') return await moveTrial(client, { ...common, from: ['stopping'], to: 'canceled' })
  if (trial.state === 'pausing') return await moveTrial(client, { ...common, from: ['pausing'], to: 'paused' })
  if (trial.state !== 'running') return 'stale'
  if (deaths === undefined || deaths < MAX_DEATHS) return await moveTrial(client, { ...common, from: ['running'], to: 'queued' })
  const failure: Failure = {
    code: 'worker_died', message: `The executor died ${MAX_DEATHS} times with this trial, without a newer snapshot between; the last time: ${reason}`
  }
  return await moveTrial(client, { ...common, from: ['running'], to: 'failed', failure })
}

/** Ends an attempt whose lease ran out, unless it was renewed meanwhile. */
export async function endExpired (client: ClientBase, { trialId, attempt }: Held): Promise<Moved> {
  const { rowCount } = await client.query('select from trial where id = $1 and attempt = $2 and lease_until < now() for update', [trialId, attempt])
  return rowCount === 0 ? 'stale' : await endAttempt(client, { trialId, attempt }, { reason: 'its lease ran out' })
}

/** A newer snapshot than the attempt began with is progress (the recorder stores no other): deaths before it no longer count. */
async function gotFurther (client: ClientBase, { trialId, attempt }: Held): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from snapshot join trial_attempt using (trial_id)
     where trial_id = $1 and attempt = $2 and snapshot.created_at > trial_attempt.started_at`, [trialId, attempt])
  return rowCount! > 0
}
