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
  /** most connections at once; 10 by default */
  poolSize?: number
  /** told about idle connections that broke (a server that restarts); queries report their own errors */
  onError?: (error: Error) => void
}

/** A process that is frozen in the middle of a transaction, or gone without a word, must not hold its locks for ever. */
const LONGEST_PAUSE_MS = 60_000

/** Opens the database; nothing connects before the first query. */
export function openDatabase (url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.poolSize ?? 10, idle_in_transaction_session_timeout: LONGEST_PAUSE_MS })
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
    await client.query('rollback').catch((failure: Error) => { broken = failure })
    throw error
  } finally {
    client.release(broken)
  }
}

/** True for errors that say nothing about the statement: the server is away, starting, or ended the connection. */
export function isConnectionError (error: unknown): boolean {
  const { code, message, cause } = error as { code?: string, message?: string, cause?: unknown }
  // Node's codes; PostgreSQL's classes 57P (shutting down, starting), 25P03 (paused too long in a transaction) and 08;
  // Prisma's P10xx; pg's own have a text only.
  if (/^(ECONN|EPIPE|ETIMEDOUT|57P0|25P03|08|P1001|P1002|P1008|P1017)/.test(code ?? '')) return true
  if (/connection terminated|connection timeout|not queryable|trying to connect|reach database server/i.test(message ?? '')) return true
  return cause instanceof Error && isConnectionError(cause)
}

/**
 * Runs work again while the database is away, for up to a minute: a restart with recovery takes a second or two.
 * The work must bear being repeated: a connection that broke during COMMIT leaves it open whether it was done.
 */
export async function persistently<T> (work: () => Promise<T>, patienceMs = 60_000): Promise<T> {
  const giveUp = Date.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isConnectionError(error) || Date.now() > giveUp) throw error
      await new Promise(resolve => setTimeout(resolve, 250))
    }
  }
}
