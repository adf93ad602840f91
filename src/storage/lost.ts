/**
 * Rows that wait for a job that will never be done: rows and jobs are written in one transaction, so a row without a job
 * that waits or runs is one whose job is over. Reads only; what is done about them: src/jobs/lost.ts.
 */
import type { Pool } from 'pg'
import { terminalStates } from './trials.js'

/** A row that waits in vain; words: the last ones of its job. */
export interface Lost { id: string, words: string | null }

/** A job that runs, or waits and is not to be deleted: one in a lane's queue that nobody takes is, after keep_until. */
const ALIVE = "(job.state = 'active' or (job.state < 'active' and job.keep_until > now()))"
const LAST_WORDS = "coalesce(job.output ->> 'message', job.output -> 'value' ->> 'message')"

/** Finds questions. One of the last seconds may be on its way from a lane's queue to the common one. */
export async function findLostQueries (pool: Pool): Promise<Lost[]> {
  const { rows } = await pool.query<Lost>(
    `select query.id, (
       select ${LAST_WORDS} from pgboss.job where job.name in ('query', 'long-query') and job.state = 'failed' and job.data ->> 'queryId' = query.id::text limit 1
     ) as words from query
     where query.finished_at is null and query.created_at < now() - interval '10 s' and not exists (
       select from pgboss.job where (job.name like 'query%' or job.name = 'long-query') and job.data ->> 'queryId' = query.id::text and ${ALIVE})`)
  return rows
}

/** Finds indexes to build. While its trial runs, one is built by that; a paused one's is only lost when somebody asked for it in vain. */
export async function findLostBuilds (pool: Pool): Promise<Lost[]> {
  const { rows } = await pool.query<Lost>(
    `select influence_index.id, last.words
     from influence_index join model on model.id = influence_index.model_id join trial on trial.id = model.trial_id
     left join lateral (
       select coalesce(${LAST_WORDS}, '') as words from pgboss.job
       where job.name = 'index-build' and job.singleton_key = influence_index.id::text and job.state = 'failed' order by job.completed_on desc limit 1
     ) as last on true
     where influence_index.state = 'building'
       and (trial.state = any($1) or (trial.state = 'paused' and last.words is not null))
       and not exists (select from pgboss.job where job.name = 'index-build' and job.singleton_key = influence_index.id::text and ${ALIVE})`,
    [terminalStates])
  return rows
}

/** Finds experiments whose trials have all ended and that have no end. @returns their ids */
export async function findLostReports (pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from experiment
     where state <> all($1) and exists (select from trial where experiment_id = experiment.id)
       and not exists (select from trial where experiment_id = experiment.id and state <> all($1))
       and not exists (select from pgboss.job where job.name = 'report' and job.data ->> 'experimentId' = experiment.id::text and ${ALIVE})`,
    [terminalStates])
  return rows.map(({ id }) => id)
}
