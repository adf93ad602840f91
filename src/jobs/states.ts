/**
 * Every life a trial can have:
 *
 *   queued --claim--> running --> succeeded | failed
 *   running --pause--> pausing --boundary, or its end by force--> paused --resume--> queued
 *   running --cancel--> stopping --boundary, or its end by force--> canceled     queued, paused --cancel--> canceled
 *   running --drain, or its lease ran out--> queued (blames nobody)
 *   running --executor or node died--> queued (three deaths in a row without a newer snapshot: failed, worker_died)
 *   running --maxSeconds, at a boundary or by force--> failed, timed_out
 *   running --no boundary for HUNG_SECONDS--> failed, hung
 *   failed --retry--> queued
 *
 * What is queued again goes on from its last snapshot. The moves that people ask for are here; the moves of a running
 * trial are in attempt.ts and node.ts. A request writes rows and notifies; nobody waits for a thread.
 */
import type { ClientBase } from 'pg'
import type { PgBoss } from 'pg-boss'
import { AppError } from '../errors.js'
import { withTransaction, type Connection, type Database } from '../storage/database.js'
import { checkId } from '../storage/team/page.js'
import { forTeam } from '../storage/team-store.js'
import { announceRequests, experimentOf, lockTrials, moveTrials, reopenExperiment, type LockedTrial, type Moved, type TrialState } from '../storage/trials.js'
import { sendReport } from './boss.js'

export interface StateParts { db: Database, boss: PgBoss }

/** Which moves a request makes, trial by trial; a trial in no such state stays as it is. */
const requests = {
  cancel: { queued: 'canceled', paused: 'canceled', running: 'stopping', pausing: 'stopping' },
  pause: { queued: 'paused', running: 'pausing' },
  resume: { paused: 'queued' },
  retry: { failed: 'queued' }
} as const satisfies Record<string, Partial<Record<TrialState, TrialState>>>

export type StateRequest = keyof typeof requests

/**
 * Asks all trials of a team's experiment to cancel, pause, resume or retry.
 * @param on the transaction of which it is to be a part
 * @throws not_found, or conflict when no trial is in a state that allows it
 */
export async function requestState (
  { db, boss }: StateParts, teamId: string, experimentId: string, request: StateRequest, actor: string, on: Connection = db.pool
): Promise<void> {
  const id = checkId('experiment', experimentId)
  await withTransaction(on, async client => {
    const trials = await lockTrials(client, teamId, id)
    const { state } = await forTeam(db, teamId).experiments.brief(id, client)
    if (request === 'retry') await reopenExperiment(client, id)
    const moves = Object.entries<TrialState>(requests[request])
    let asked: LockedTrial[] = []
    for (const to of new Set(moves.map(([, to]) => to))) {
      const movable = trials.filter(({ state }) => moves.some(([from, goal]) => from === state && goal === to))
      const moved = await moveTrials(client, movable, { to, actor, reason: `${request} was asked for` })
      if (moved === 'last') await sendReport(boss, client, id)
      asked = asked.concat(movable)
    }
    if (asked.length === 0) throw new AppError('conflict', `experiment ${id} is ${state}: it has no trial to ${request}`)
    await announceRequests(client, asked.map(trial => trial.id))
  })
}

/** Enqueues the report of an experiment when the trial that moved was its last. */
export async function reportIfLast (boss: PgBoss, client: ClientBase, trialId: string, moved: Moved): Promise<void> {
  if (moved !== 'last') return
  await sendReport(boss, client, await experimentOf(client, trialId))
}
