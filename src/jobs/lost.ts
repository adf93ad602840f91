/**
 * What ends rows that wait for a job that will never be done: its tries are used up, it lay in the queue of a lane that
 * is gone, or it was deleted. Rows and jobs are written in one transaction, so a row without a job is one whose job is
 * over. Also the queues of lanes that are gone. Every node looks; what it does bears being done twice.
 */
import type { PgBoss } from 'pg-boss'
import type { Failure } from '../errors.js'
import { withTransaction, type Database } from '../storage/database.js'
import { toJson } from '../storage/events.js'
import { failIndex } from '../storage/indexes.js'
import { removeLaneQueues, sendReport } from './boss.js'

export interface LostParts { db: Database, boss: PgBoss }

/** How long a lane that fell silent keeps its queue. */
const FORGOTTEN = '1 day'

/** A job that runs, or waits and is not to be deleted: one in a lane's queue that nobody takes is, after keep_until. */
const ALIVE = "(job.state = 'active' or (job.state < 'active' and job.keep_until > now()))"
const LAST_WORDS = "coalesce(job.output ->> 'message', job.output -> 'value' ->> 'message')"

/** Ends questions and builds, and asks again for reports, whose jobs are gone. */
export async function endLost (parts: LostParts): Promise<void> {
  await endQuestions(parts)
  await endBuilds(parts)
  await askReports(parts)
}

/** A question of the last seconds may be on its way from a lane's queue to the common one. */
async function endQuestions ({ db: { pool } }: LostParts): Promise<void> {
  const { rows } = await pool.query<{ id: string, words: string | null }>(
    `select query.id, (
       select ${LAST_WORDS} from pgboss.job where job.name in ('query', 'long-query') and job.state = 'failed' and job.data ->> 'queryId' = query.id::text limit 1
     ) as words from query
     where query.finished_at is null and query.created_at < now() - interval '10 s' and not exists (
       select from pgboss.job where (job.name like 'query%' or job.name = 'long-query') and job.data ->> 'queryId' = query.id::text and ${ALIVE})`)
  for (const { id, words } of rows) {
    const failure: Failure = { code: 'unavailable', message: `query ${id} was given up: ${words ?? 'the lane that took it is gone'}; ask again` }
    await pool.query(
      `with ended as (update query set state = 'failed', failure = $2::jsonb, finished_at = now() where id = $1 and finished_at is null)
       select pg_notify('queries', $1::text)`, [id, toJson(failure)])
  }
}

/** While its trial runs, an index is built by that; a paused one's is only lost when somebody asked for it in vain. */
async function endBuilds ({ db: { pool } }: LostParts): Promise<void> {
  const { rows } = await pool.query<{ id: string, words: string | null }>(
    `select influence_index.id, last.words
     from influence_index join model on model.id = influence_index.model_id join trial on trial.id = model.trial_id
     left join lateral (
       select coalesce(${LAST_WORDS}, '') as words from pgboss.job
       where job.name = 'index-build' and job.singleton_key = influence_index.id::text and job.state = 'failed' order by job.completed_on desc limit 1
     ) as last on true
     where influence_index.state = 'building'
       and (trial.state in ('succeeded', 'failed', 'canceled') or (trial.state = 'paused' and last.words is not null))
       and not exists (select from pgboss.job where job.name = 'index-build' and job.singleton_key = influence_index.id::text and ${ALIVE})`)
  for (const { id, words } of rows) {
    await failIndex(pool, id, { code: 'unavailable', message: `building the index was given up: ${words || 'its job is gone'}; ask for it again` })
  }
}

/** An experiment whose trials have all ended ends with its report, however often that failed. */
async function askReports ({ db: { pool }, boss }: LostParts): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from experiment
     where state not in ('succeeded', 'failed', 'canceled') and exists (select from trial where experiment_id = experiment.id)
       and not exists (select from trial where experiment_id = experiment.id and state not in ('succeeded', 'failed', 'canceled'))
       and not exists (select from pgboss.job where job.name = 'report' and job.data ->> 'experimentId' = experiment.id::text and ${ALIVE})`)
  for (const { id } of rows) await withTransaction(pool, async client => { await sendReport(boss, client, id) })
}

/** Removes the queues of lanes that were not heard of for a day, or are no more. */
export async function forgetLanes ({ db, boss }: LostParts): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(`select id from lane where heartbeat_at > now() - interval '${FORGOTTEN}'`)
  await removeLaneQueues(boss, new Set(rows.map(lane => lane.id)))
}
