/** What a team's requests with an Idempotency-Key were answered, so that a repeated one gets the same answer. */
import { AppError } from '../../errors.js'
import type { Database } from '../database.js'
import type { Prisma } from '../generated/client.js'

export interface TeamIdempotency {
  /**
   * Claims a key for a request, or gives the answer that the same request got before.
   * @returns undefined when the caller is to do the work, and then must call finish or release
   * @throws AppError idempotency_conflict (another request), conflict (the same one is still being answered)
   */
  begin (key: string, requestHash: string): Promise<{ status: number, response: unknown } | undefined>
  /** Stores the answer. */
  finish (key: string, status: number, response: unknown): Promise<void>
  /** Gives the key back because the request failed and may be repeated. */
  release (key: string): Promise<void>
}

/** How long an unanswered request keeps its key: longer than any request takes, so its process must have died. */
const abandonedMs = 10 * 60 * 1000

/** Gives the idempotency keys of one team. */
export function teamIdempotency ({ prisma }: Database, teamId: string): TeamIdempotency {
  async function begin (key: string, requestHash: string): Promise<{ status: number, response: unknown } | undefined> {
    await prisma.idempotencyKey.deleteMany({
      where: { teamId, key, status: null, createdAt: { lt: new Date(Date.now() - abandonedMs) } }
    })
    const made = await prisma.idempotencyKey.createMany({ data: { teamId, key, requestHash }, skipDuplicates: true })
    if (made.count === 1) return undefined
    const row = await prisma.idempotencyKey.findUnique({ where: { teamId_key: { teamId, key } } })
    if (row && row.requestHash !== requestHash) {
      throw new AppError('idempotency_conflict', `Idempotency-Key ${key} was used for another request`)
    }
    if (row?.status == null) throw new AppError('conflict', `the first request with Idempotency-Key ${key} is still being answered`)
    return { status: row.status, response: row.response }
  }

  async function finish (key: string, status: number, response: unknown): Promise<void> {
    await prisma.idempotencyKey.update({
      where: { teamId_key: { teamId, key } }, data: { status, response: response as Prisma.InputJsonValue }
    })
  }

  async function release (key: string): Promise<void> {
    await prisma.idempotencyKey.deleteMany({ where: { teamId, key, status: null } })
  }

  return { begin, finish, release }
}
