/** Which errors mean that the database is away for a moment, and that work goes on when it is back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectionError, openDatabase, persistently, withTransaction } from '../../src/storage/database.js'
import { openTestDatabase } from '../helpers/database.js'
import { proxied } from '../helpers/silent-proxy.js'

const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code })

test('isConnectionError: knows what pg, PostgreSQL, Prisma and Node say when the server is away, and nothing else', () => {
  const away = [
    coded('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'),
    coded('terminating connection due to administrator command', '57P01'),
    coded('the database system is starting up', '57P03'),
    coded('connection failure', '08006'),
    coded('Server has closed the connection.', 'P1017'),
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
    new Error('Client was closed and is not queryable'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
    coded('terminating connection due to idle-in-transaction timeout', '25P03'),
    new Error('the write failed', { cause: new Error('Connection terminated') })
  ]
  for (const error of away) assert.equal(isConnectionError(error), true, error.message)
  const ours = [coded('duplicate key value', '23505'), coded('canceling statement due to user request', '57014'), new Error('step is not a function'), 'text']
  for (const error of ours) assert.equal(isConnectionError(error), false, String(error))
})

test('isConnectionError: knows what Prisma says of a server that ends a connection in the middle of its statement', async t => {
  const db = openDatabase((await openTestDatabase(t)).url)
  t.after(async () => { await db.close() })
  const locker = await db.pool.connect()
  try {
    await locker.query('begin; lock table dataset in access exclusive mode')
    const waiting = assert.rejects(db.prisma.dataset.findFirst(), error => isConnectionError(error) && /57P01/.test((error as Error).message))
    for (let ended = 0; ended === 0;) {
      const { rows } = await db.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
      ended = rows.length
    }
    await waiting
  } finally {
    locker.release(true)
  }
})

test('persistently: goes on until the work succeeds, and not at all when the error is the work’s own', async () => {
  let tries = 0
  const result = await persistently(async () => {
    if (++tries < 3) throw new Error('Connection terminated unexpectedly')
    return 'done'
  })
  assert.deepEqual([result, tries], ['done', 3])
  await assert.rejects(persistently(async () => {
    tries++
    throw new Error('its own')
  }), /its own/)
  assert.equal(tries, 4)
})

test('openDatabase: a statement on a connection that died without a word ends, and the next one gets through', async t => {
  const { url, proxy } = await proxied(t, (await openTestDatabase(t)).url)
  const db = openDatabase(url, { poolSize: 2, answerMs: 2000 })
  t.after(async () => { await db.close() })
  await persistently(async () => { await Promise.all([db.pool.query('select 1'), db.prisma.$queryRaw`select 1`]) })

  const inTransaction = withTransaction(db.pool, async client => {
    proxy.silence()
    proxy.resume()
    await client.query('select 1')
  })
  await assert.rejects(inTransaction, error => isConnectionError(error))
  const { rows } = await persistently(async () => await db.pool.query('select 1 as one'))
  assert.deepEqual(rows, [{ one: 1 }])
})

test('openDatabase: a transaction in which nobody asks anything any more gives its locks back', async t => {
  const { url } = await openTestDatabase(t)
  const db = openDatabase(url)
  t.after(async () => { await db.close() })
  const { rows } = await db.pool.query('show idle_in_transaction_session_timeout')
  assert.deepEqual(rows, [{ idle_in_transaction_session_timeout: '1min' }])
})
