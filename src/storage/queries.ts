/** The rows of questions as lanes answer them. For people: team/queries.ts. */
import type { Pool } from 'pg'
import type { Failure } from '../errors.js'
import { toJson } from './events.js'

/** A question that a lane has taken. */
export interface TakenQuery { modelId: string, operation: string, request: unknown, mediaType: string }

/**
 * Takes a question that nobody has answered.
 * @param isAgain whoever took it fell silent: its row may still say running
 * @returns undefined when another has it, or it is over
 */
export async function takeQuery (pool: Pool, id: string, isAgain: boolean): Promise<TakenQuery | undefined> {
  const { rows: [query] } = await pool.query<TakenQuery>(
    `update query set state = 'running' where id = $1 and (state = 'queued' or (state = 'running' and $2))
     returning model_id as "modelId", operation, request, media_type as "mediaType"`, [id, isAgain])
  return query
}

export type Outcome = { response: unknown } | { file: Uint8Array } | { failure: Failure }

/** Stores an answer, or why there is none, and says so; the first one stays. */
export async function finishQuery (pool: Pool, id: string, outcome: Outcome): Promise<void> {
  const failure = 'failure' in outcome ? toJson(outcome.failure) : null
  await pool.query(
    `with finished as (
       update query set state = $2, response = $3::jsonb, file = $4, failure = $5::jsonb, finished_at = now() where id = $1 and finished_at is null
     ) select pg_notify('queries', $1::text)`,
    [id, failure === null ? 'succeeded' : 'failed', 'response' in outcome ? toJson(outcome.response) : null,
      'file' in outcome ? outcome.file : null, failure])
}
