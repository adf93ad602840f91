/**
 * Opens the one database: a pg pool, and Prisma's client over the same pool. Raw SQL (events, metrics, claims) takes
 * the pool, everything else goes through Prisma. Next hop: team-store.ts.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client.js'

export interface Database {
  prisma: PrismaClient
  pool: pg.Pool
  /** Ends Prisma and the pool; waits for connections that are in use. */
  close (): Promise<void>
}

export interface DatabaseOptions {
  /** connections at once, at the most; 10 by default */
  poolSize?: number
  /** how long a statement may take before its connection counts as dead */
  answerMs?: number
  /** told about idle connections that broke (a server that restarts); queries report their own errors */
  onError?: (error: Error) => void
}

/**
 * What every pooled connection is opened with, so that nobody waits for ever on one that died without a word, and the
 * server does not keep the locks of a client that did. The longest statements (a purge, the deletion of a large
 * experiment) stay far below answerMs; the listening connection has a heartbeat of its own (bus.ts).
 */
export function connectionBounds (answerMs = 120_000) {
  return {
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: Math.min(answerMs, 30_000),
    query_timeout: answerMs,
    idle_in_transaction_session_timeout: 60_000 // a process that is merely frozen comes back to a transaction that it must repeat
  }
}

/** Opens the database; nothing connects before the first query. */
export function openDatabase (url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({ ...connectionBounds(options.answerMs), connectionString: url, max: options.poolSize ?? 10 })
  // Without a listener a restart of the server would end this process.
  pool.on('error', error => options.onError?.(error))
  // The pool listens only to idle connections; one in use tells of its end through the query that fails, too.
  pool.on('connect', client => { client.on('error', error => options.onError?.(error)) })
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) })

  async function close (): Promise<void> {
    await prisma.$disconnect()
    await pool.end()
  }

  return { prisma, pool, close }
}

/** Where a statement goes: any connection of the pool, or the one on which the caller has a transaction open. */
export type Connection = pg.Pool | pg.ClientBase

/**
 * Runs work inside one transaction: commits when it returns, rolls back when it throws. On a connection that has a
 * transaction open already the work becomes part of that: several changes can be one commit.
 * @param mode of the transaction, when it is one of its own: 'isolation level repeatable read read only'
 * @throws whatever work throws
 */
export async function withTransaction<T> (on: Connection, work: (client: pg.ClientBase) => Promise<T>, mode = ''): Promise<T> {
  if (!(on instanceof pg.Pool)) return await work(on)
  const client = await on.connect()
  let broken: Error | undefined
  try {
    await client.query(`begin ${mode}`)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // A connection that did not answer is not asked once more: its end is a rollback, too.
    if (isConnectionError(error)) broken = error as Error
    else await client.query('rollback').catch((failure: Error) => { broken = failure })
    throw error
  } finally {
    client.release(broken)
  }
}

/** Makes sure that the database answers. @throws what went wrong */
export async function checkAnswers ({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await pool.query('select 1')
}

/** Lets somebody else's statements, such as those of the job queue, take part in a transaction that is open on `client`. */
export function asExecutor (client: pg.ClientBase): { executeSql (text: string, values?: unknown[]): Promise<{ rows: unknown[] }> } {
  return { executeSql: async (text, values) => await client.query(text, values) }
}

/** True for errors that say nothing about the statement: the server is away, starting, or ended the connection. */
export function isConnectionError (error: unknown): boolean {
  const { code, message, cause } = error as { code?: string, message?: string, cause?: unknown }
  // Node's codes; PostgreSQL's classes 57P (shutting down, starting) and 08, and 25P03 (idle in a transaction for too
  // long); Prisma's P10xx; pg's own have a text only.
  if (/^(ECONN|EPIPE|ETIMEDOUT|57P0|08|25P03|P1001|P1002|P1008|P1017)/.test(code ?? '')) return true
  // Prisma's words for an error of PostgreSQL whose code it does not hand on.
  if (/Database error\. Code: `(57P0|08|25P03)/.test(message ?? '')) return true
  if (/connection terminated|connection timeout|query read timeout|not queryable|trying to connect|reach database server/i.test(message ?? '')) return true
  return cause instanceof Error && isConnectionError(cause)
}

/**
 * Runs work again while the database is away, for up to a minute from the first failure, which may be long in coming:
 * a restart with recovery takes a second or two.
 * The work must bear being repeated: a connection that broke during COMMIT leaves it open whether it was done.
 */
export async function persistently<T> (work: () => Promise<T>, patienceMs = 60_000): Promise<T> {
  let giveUp = Infinity
  for (;;) {
    try {
      return await work()
    } catch (error) {
      giveUp = Math.min(giveUp, Date.now() + patienceMs)
      if (!isConnectionError(error) || Date.now() > giveUp) throw error
      await new Promise(resolve => setTimeout(resolve, 250))
    }
  }
}
