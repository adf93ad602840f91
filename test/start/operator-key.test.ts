/** Several API processes on one database: whose key is the operator's. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { readConfig } from '../../src/config.js'
import { OperatorError } from '../../src/errors.js'
import { settleOperatorKey } from '../../src/start/operator-key.js'
import { createTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'

const keyFile = (folder: string): string => path.join(folder, 'admin.key')

test('the first process makes a key; a second one with another DATA_DIR is refused and makes none', async t => {
  const url = await createTestDatabase(t)
  const [first, second] = [temporaryFolder(), temporaryFolder()]
  const settle = (folder: string, more = {}) =>
    settleOperatorKey(readConfig({ DATA_DIR: folder, DATABASE_URL: url, ...more }), url, assert.fail)
  const { key, isNew } = await settle(first)
  assert.equal(isNew, true)
  assert.deepEqual(await settle(first), { key, isNew: false })

  await assert.rejects(settle(second), (error: Error) => {
    assert.ok(error instanceof OperatorError)
    assert.match(error.message, /^This database was used with another operator's key than that of .*: set ADMIN_KEY, the same for every serve/)
    assert.ok(error.message.includes(second) && !error.message.includes(key))
    return true
  })
  assert.equal(existsSync(keyFile(second)), false, 'what is refused leaves no key behind')
  const serve = spawnSync(process.execPath, [new URL('../../src/main.js', import.meta.url).pathname, 'serve'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: url, DATA_DIR: second, PORT: '0' }, encoding: 'utf8'
  })
  assert.deepEqual([serve.status, serve.stdout], [1, ''])
  assert.match(serve.stderr, /^This database was used with another operator's key[^\n]+\n$/)

  assert.deepEqual(await settle(second, { ADMIN_KEY: key }), { key, isNew: false })
})

test('two that start at once do not both go on with keys of their own', async t => {
  const url = await createTestDatabase(t)
  const outcomes = await Promise.allSettled([1, 2, 3].map(() =>
    settleOperatorKey(readConfig({ DATA_DIR: temporaryFolder(), DATABASE_URL: url }), url, assert.fail)))
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected'])
})

test('a chosen key takes the place of another, and says so once', async t => {
  const url = await createTestDatabase(t)
  const folder = temporaryFolder()
  const said: string[] = []
  const settle = (env: Record<string, string>) =>
    settleOperatorKey(readConfig({ DATA_DIR: folder, DATABASE_URL: url, ...env }), url, line => { said.push(line) })
  await settle({})
  for (let times = 0; times < 2; times++) assert.deepEqual(await settle({ ADMIN_KEY: 'chosen' }), { key: 'chosen', isNew: false })
  assert.deepEqual(said, ['ADMIN_KEY is another than the one that this database was used with before: every serve and start on it needs this one now'])
  await assert.rejects(settle({}), OperatorError, 'the made-up one is out of use')
})

test('an embedded database is nobody else\'s: its key may be made anew', async t => {
  const url = await createTestDatabase(t)
  const [first, second] = [temporaryFolder(), temporaryFolder()]
  await settleOperatorKey(readConfig({ DATA_DIR: first }), url, assert.fail)
  const { key, isNew } = await settleOperatorKey(readConfig({ DATA_DIR: second }), url, assert.fail)
  assert.deepEqual([isNew, readFileSync(keyFile(second), 'utf8')], [true, `${key}\n`])
})
