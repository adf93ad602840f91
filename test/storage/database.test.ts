/** Which errors mean that the database is away for a moment, and that work goes on when it is back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectionError, persistently } from '../../src/storage/database.js'

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
    new Error('the write failed', { cause: new Error('Connection terminated') })
  ]
  for (const error of away) assert.equal(isConnectionError(error), true, error.message)
  const ours = [coded('duplicate key value', '23505'), coded('canceling statement due to user request', '57014'), new Error('step is not a function'), 'text']
  for (const error of ours) assert.equal(isConnectionError(error), false, String(error))
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
