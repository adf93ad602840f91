/**
 * The operator's key as the database remembers it, so that API processes with different keys find out: a request with
 * the key would be let in by one and refused by the next. Who decides what follows: src/start/operator-key.ts.
 */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import pg from 'pg'

interface Row { salt: string, hash: string }

/** A database as far as it concerns the operator's key. */
export interface RememberedKey {
  /** Whether a key is the remembered one; undefined when none is. */
  isSame (key: string): Promise<boolean | undefined>
  /** Remembers a key: the first, or in the place of another one. */
  remember (key: string, options?: { replace?: boolean }): Promise<void>
}

/** Opens a connection for as long as the work takes. */
export async function withRememberedKey<T> (url: string, work: (remembered: RememberedKey) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // the query that fails says why
  await client.connect()
  try {
    return await work({
      async isSame (key) {
        const { rows: [row] } = await client.query<Row>('select salt, hash from operator_key')
        return row && timingSafeEqual(Buffer.from(hash(key, row.salt), 'hex'), Buffer.from(row.hash, 'hex'))
      },
      async remember (key, { replace = false } = {}) {
        const salt = randomBytes(16).toString('hex')
        const otherwise = replace ? 'update set salt = excluded.salt, hash = excluded.hash' : 'nothing'
        await client.query(`insert into operator_key (salt, hash) values ($1, $2) on conflict (id) do ${otherwise}`, [salt, hash(key, salt)])
      }
    })
  } finally {
    await client.end()
  }
}

/** Slow on purpose (50 ms): an operator may have chosen a word. */
function hash (key: string, salt: string): string {
  return scryptSync(key, salt, 32).toString('hex')
}
