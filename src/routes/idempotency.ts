/**
 * Makes a create safe to repeat: with an Idempotency-Key the same request gets the answer of the first one again, and
 * another request with that key is refused.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sortKeys } from './lists.js'

/** What a create answers. */
export interface Created<T> {
  status: 200 | 201 | 202
  location: string
  body: T
}

/**
 * Does the work once per Idempotency-Key, or every time without one, and sends its answer.
 * @param body    what must be equal for two requests to be the same one
 * @param forget  removes what must not be stored (a secret is shown once, so a repetition cannot show it)
 * @throws AppError idempotency_conflict, conflict while the first request is still being answered
 */
export async function answerOnce<T> (
  request: FastifyRequest, reply: FastifyReply, body: unknown, work: () => Promise<Created<T>>, forget: (body: T) => T = same => same
): Promise<T> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return send(reply, await work())
  const store = request.team.idempotency
  const before = await store.begin(key, hashRequest(request, body))
  if (before !== undefined) {
    reply.header('idempotency-replayed', 'true')
    return send(reply, before.response as Created<T>)
  }
  const created = await work().catch(async error => {
    await store.release(key)
    throw error
  })
  await store.finish(key, created.status, { ...created, body: forget(created.body) })
  return send(reply, created)
}

function send<T> (reply: FastifyReply, created: Created<T>): T {
  reply.code(created.status).header('location', created.location)
  return created.body
}

/** Equal for the same method, path, query and body, whatever the order of the body's keys. */
function hashRequest (request: FastifyRequest, body: unknown): string {
  return createHash('sha256').update(JSON.stringify([request.method, request.url, sortKeys(body)])).digest('hex')
}
