/** Removes rows that have served their time. The sweep job calls it before blobs.sweep. */
import type { Database } from './database.js'

const HOUR_MS = 3_600_000
/** A client that repeats a request does so within minutes; a day forgives much. */
const IDEMPOTENCY_HOURS = 24
/** Answers are for whoever asked; results that matter are stored elsewhere. */
const QUERY_HOURS = 30 * 24

/**
 * Removes expired sessions, old answers to requests with an Idempotency-Key, old queries, and uploads whose process died.
 * @returns number of rows
 */
export async function purgeOldRows ({ prisma }: Pick<Database, 'prisma'>): Promise<number> {
  const before = (hours: number) => new Date(Date.now() - hours * HOUR_MS)
  const purges = [
    prisma.session.deleteMany({ where: { expiresAt: { lt: new Date() } } }),
    prisma.idempotencyKey.deleteMany({ where: { createdAt: { lt: before(IDEMPOTENCY_HOURS) } } }),
    prisma.query.deleteMany({ where: { finishedAt: { lt: before(QUERY_HOURS) } } }),
    prisma.upload.deleteMany({ where: { updatedAt: { lt: before(1) } } })
  ]
  let count = 0
  for (const purge of purges) count += (await purge).count // each is a transaction of its own: none holds its locks for the others
  return count
}
