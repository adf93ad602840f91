/**
 * What a team's requests with an Idempotency-Key were answered, so that a repeated one gets the same answer. An answer
 * is written in the transaction of the change that it tells of: both are there or neither, whenever a process dies.
 */
import type { ClientBase } from 'pg'
import { AppError } from '../../errors.js'
import type { Connection, Database } from '../database.js'
import { toJson } from '../events.js'

export interface StoredAnswer { status: number, response: unknown }

export interface TeamIdempotency {
  /** Gives what the same request was answered before. @throws AppError idempotency_conflict when it was another request */
  find (key: string, requestHash: string): Promise<StoredAnswer | undefined>
  /**
   * Holds the key to the end of the transaction, and looks once more.
   * @throws AppError idempotency_conflict, conflict while another transaction holds the key
   */
  claim (client: ClientBase, key: string, requestHash: string): Promise<StoredAnswer | undefined>
  /** Stores the answer of the transaction that claimed the key. */
  store (client: ClientBase, key: string, requestHash: string, answer: StoredAnswer): Promise<void>
}

/** Gives the idempotency keys of one team. */
export function teamIdempotency ({ pool }: Pick<Database, 'pool'>, teamId: string): TeamIdempotency {
  async function find (key: string, requestHash: string, on: Connection = pool): Promise<StoredAnswer | undefined> {
    const { rows: [row] } = await on.query({
      name: 'find-answer',
      text: 'select request_hash, status, response from idempotency_key where team_id = $1 and key = $2',
      values: [teamId, key]
    })
    if (row === undefined) return undefined
    if (row.request_hash !== requestHash) throw new AppError('idempotency_conflict', `Idempotency-Key ${key} was used for another request`)
    return { status: row.status, response: row.response }
  }

  async function claim (client: ClientBase, key: string, requestHash: string): Promise<StoredAnswer | undefined> {
    // A lock and not a row: it goes with the process that holds it.
    const { rows: [{ free }] } = await client.query({
      name: 'claim-key', text: 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free', values: [`idempotency ${teamId} ${key}`]
    })
    if (!free) throw new AppError('conflict', `the first request with Idempotency-Key ${key} is still being answered`)
    return await find(key, requestHash, client)
  }

  async function store (client: ClientBase, key: string, requestHash: string, { status, response }: StoredAnswer): Promise<void> {
    await client.query({
      name: 'store-answer',
      text: 'insert into idempotency_key (team_id, key, request_hash, status, response) values ($1, $2, $3, $4, $5)',
      values: [teamId, key, requestHash, status, toJson(response)]
    })
  }

  return { find: async (key, requestHash) => await find(key, requestHash), claim, store }
}
