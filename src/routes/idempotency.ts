/**
 * Answers a create: the change, its audit entry and its answer are one commit. With an Idempotency-Key the same request
 * gets the answer of the first one again, and another request with that key is refused.
 */
import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sortKeys } from '../math/sort-keys.js'
import { withTransaction, type Database } from '../storage/database.js'
import type { StoredAnswer } from '../storage/team/idempotency.js'

/** What a create answers. */
export interface Created<T> {
  status: 200 | 201 | 202
  location: string
  body: T
}

/** Writes a change, all of it on the connection of one transaction. */
export type Commit<T> = (client: ClientBase) => Promise<Created<T>>

/**
 * Does the work once per Idempotency-Key, or every time without one, and sends its answer.
 * @param body    what must be equal for two requests to be the same one
 * @param prepare does what takes long, outside of any transaction, and gives what writes the change; two requests at
 *                once may both prepare, one of them commits
 * @param forget  removes what must not be stored (a secret is shown once, so a repetition cannot show it)
 * @throws AppError idempotency_conflict, conflict while the first request is still being answered
 */
export async function answerOnce<T> (
  { pool }: Pick<Database, 'pool'>, request: FastifyRequest, reply: FastifyReply, body: unknown, prepare: () => Promise<Commit<T>>,
  forget: (body: T) => T = same => same
): Promise<T> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return send(reply, await withTransaction(pool, await prepare()))
  const { find, claim, store } = request.team.idempotency
  const hash = hashRequest(request, body)
  const before = await find(key, hash)
  if (before !== undefined) return replay(reply, before)
  const commit = await prepare()
  const answer = await withTransaction(pool, async client => {
    const meanwhile = await claim(client, key, hash)
    if (meanwhile !== undefined) return { meanwhile }
    const created = await commit(client)
    await store(client, key, hash, { status: created.status, response: { ...created, body: forget(created.body) } })
    return { created }
  })
  return answer.created === undefined ? replay(reply, answer.meanwhile) : send(reply, answer.created)
}

function replay<T> (reply: FastifyReply, { response }: StoredAnswer): T {
  reply.header('idempotency-replayed', 'true')
  return send(reply, response as Created<T>)
}

function send<T> (reply: FastifyReply, created: Created<T>): T {
  reply.code(created.status).header('location', created.location)
  return created.body
}

/** Equal for the same method, path, query and body, whatever the order of the body's keys. */
function hashRequest (request: FastifyRequest, body: unknown): string {
  return createHash('sha256').update(JSON.stringify([request.method, request.url, sortKeys(body)])).digest('hex')
}
