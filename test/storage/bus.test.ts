/** Notifications between processes when the connection they come over breaks, or dies without a word. */
import assert from 'node:assert/strict'
import { once, EventEmitter } from 'node:events'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { openBus, type Bus, type BusOptions } from '../../src/storage/bus.js'
import { openTestDatabase, type TestDatabase } from '../helpers/database.js'
import { proxied } from '../helpers/silent-proxy.js'

interface Heard { payloads: string[], errors: string[], news: EventEmitter }

/** Opens a bus that is closed with the test, and listens to one of its channels. */
async function listen (t: TestContext, url: string, options: BusOptions = {}): Promise<Heard & { bus: Bus }> {
  const heard: Heard = { payloads: [], errors: [], news: new EventEmitter() }
  const bus = await openBus(url, { ...options, onError: error => { heard.errors.push(error.message) } })
  bus.on('trials', payload => {
    heard.payloads.push(payload)
    heard.news.emit('payload')
  })
  t.after(async () => { await bus.close() })
  return { ...heard, bus }
}

/** Waits until a payload was heard. */
async function until ({ payloads, news }: Heard, payload: string): Promise<void> {
  while (!payloads.includes(payload)) await once(news, 'payload', { signal: AbortSignal.timeout(60_000) })
}

/** Sends a message until it was heard: one that is sent while a connection is replaced is lost, as it may be. */
async function tell (db: TestDatabase, heard: Heard, payload: string): Promise<void> {
  while (!heard.payloads.includes(payload)) {
    await db.pool.query("select pg_notify('trials', $1)", [payload])
    await delay(10)
  }
}

test('a message reaches every listener of its channel', async t => {
  const db = await openTestDatabase(t)
  const heard = await listen(t, db.url)
  await db.pool.query("select pg_notify('trials', 'one'), pg_notify('control', 'two')")
  await until(heard, 'one')
  assert.deepEqual([heard.payloads, heard.errors], [['one'], []])
})

test('a connection that dies without a word is noticed, told, and replaced, and its listeners look again', async t => {
  const db = await openTestDatabase(t)
  const { url, proxy } = await proxied(t, db.url)
  const heard = await listen(t, url, { beatMs: 50, answerMs: 5000 })
  await tell(db, heard, 'before')
  heard.payloads.length = 0

  proxy.silence()
  proxy.resume()
  await until(heard, '')
  await tell(db, heard, 'after')
  assert.match(heard.errors.join('\n'), /The listening connection must answer within 5000 ms, got .*; a new one is opened/)
})

test('a connection that the server ended is replaced', async t => {
  const db = await openTestDatabase(t)
  const heard = await listen(t, db.url)
  await db.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'descent-lab bus'`)
  await until(heard, '')
  await tell(db, heard, 'after')
})

test('close: does not wait for a server that fell silent', async t => {
  const db = await openTestDatabase(t)
  const { url, proxy } = await proxied(t, db.url)
  const bus = await openBus(url)
  proxy.silence()
  await bus.close()
})
