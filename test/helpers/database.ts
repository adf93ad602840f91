/**
 * A database of its own for every test. One Postgres serves a test process, or all of them when the runner has started
 * one and says where (TEST_DATABASE_URL); the migrated template is made once, a test's database is a copy of it.
 */
import { createHash } from 'node:crypto'
import { after, type TestContext } from 'node:test'
import pg from 'pg'
import { v7 as newId } from 'uuid'
import { openDatabase, type Database } from '../../src/storage/database.js'
import { migrate, readMigrations } from '../../src/storage/migrate.js'
import { startTestServer, type TestServer } from './postgres.js'

let server: Promise<TestServer> | undefined
let template: Promise<string> | undefined

// Here and not where the server is started: inside a test it would end with that test.
after(async () => { await (await server)?.stop() })

/** Opens a migrated database that only this test uses; it is dropped when the test ends. */
export async function openTestDatabase (t: TestContext): Promise<Database & { url: string }> {
  const url = await createTestDatabase(t)
  const db = openDatabase(url)
  t.after(() => db.close())
  return { ...db, url }
}

/** Makes a database for one test and drops it when the test ends. @param empty without tables @returns its URL */
export async function createTestDatabase (t: TestContext, { empty = false } = {}): Promise<string> {
  const { url } = await sharedServer()
  const source = empty ? 'template0' : await (template ??= makeTemplate(url))
  const name = `test_${newId().replaceAll('-', '')}`
  await query(url, `create database ${name} template ${source}`)
  t.after(() => query(url, `drop database if exists ${name} with (force)`))
  return withDatabase(url, name)
}

function sharedServer (): Promise<TestServer> {
  server ??= connectOrStart()
  return server
}

async function connectOrStart (): Promise<TestServer> {
  const url = process.env.TEST_DATABASE_URL
  return url ? { url, stop: async () => {} } : startTestServer()
}

/** The template's name follows the migrations, so that processes on one server share it and an old one is not used. */
async function makeTemplate (serverUrl: string): Promise<string> {
  const migrations = await readMigrations()
  const name = `template_${createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16)}`
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('descent-lab template'))")
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name])
    if (rowCount) return name
    await client.query(`drop database if exists ${name}`)
    await client.query(`create database ${name} template template0`)
    await migrate(withDatabase(serverUrl, name))
    await client.query(`alter database ${name} is_template true`)
    return name
  } finally {
    await client.end()
  }
}

async function query (url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function withDatabase (serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
