/** What an attempt at a trial writes of itself while it holds it, and reads of what became of it. Leases: leases.ts; its end: trials.ts. */
import type { ClientBase, Pool } from 'pg'
import { lostLease, type Held } from './leases.js'

/** How far an attempt is; done and of are left as they are when they are not given. */
export interface Advance extends Held { laneId: string, secondsUsed: number, done?: number | undefined, of?: number | undefined }

/**
 * Makes sure that an attempt still holds its trial, and brings the trial's row up to date on the way.
 * @throws conflict when another has it, or nobody
 */
export async function advanceTrial (client: ClientBase, { trialId, attempt, laneId, secondsUsed, done, of }: Advance): Promise<void> {
  const { rowCount } = await client.query({
    name: 'fence',
    text: `update trial set seconds_used = $4,
             progress_done = coalesce($5, progress_done), progress_of = coalesce($6, progress_of)
           where id = $1 and attempt = $2 and lane_id = $3 and state in ('running', 'pausing', 'stopping')`,
    values: [trialId, attempt, laneId, secondsUsed, done ?? null, of ?? null]
  })
  if (rowCount === 0) throw lostLease({ trialId, attempt })
}

/**
 * Stores under what an attempt runs; the trial keeps the first.
 * @param resumedFrom ordinal of the snapshot from which it goes on
 * @returns the trial's fingerprint of before, null when this is the first
 */
export async function storeFingerprint<Fingerprint> (
  client: ClientBase, { trialId, attempt }: Held, fingerprint: Fingerprint, resumedFrom: number | undefined
): Promise<Fingerprint | null> {
  const { rows: [row] } = await client.query('select fingerprint from trial where id = $1', [trialId])
  await client.query('update trial set fingerprint = coalesce(fingerprint, $2::jsonb) where id = $1', [trialId, JSON.stringify(fingerprint)])
  await client.query('update trial_attempt set fingerprint = $3::jsonb, resumed_from = $4 where trial_id = $1 and attempt = $2',
    [trialId, attempt, JSON.stringify(fingerprint), resumedFrom ?? null])
  return row?.fingerprint ?? null
}

/** In which states trials are, and who holds them; one that was deleted is missing. */
export async function readHolders (pool: Pool, trialIds: string[]): Promise<{ id: string, state: string, attempt: number }[]> {
  const { rows } = await pool.query('select id, state, attempt from trial where id = any($1)', [trialIds])
  return rows
}
