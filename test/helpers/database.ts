/**
 * A database of its own for every test. One Postgres serves a test process, or all of them when the runner has started
 * one and says where (TEST_DATABASE_URL); the migrated template is made once, a test's database is a copy of it.
 */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { after, type TestContext } from 'node:test'
import pg from 'pg'
import { v7 as newId } from 'uuid'
import { openDatabase, type Database } from '../../src/storage/database.js'
import { startPostgres } from '../../src/start/embedded-postgres.js'
import { migrate, readMigrations } from '../../src/storage/migrate.js'
import { openSchemaEngine } from '../../src/storage/schema-engine.js'
import { makeTemporaryFolder } from './folder.js'

interface TestServer { url: string, stop (): Promise<void> }

let server: Promise<TestServer> | undefined
let template: Promise<string> | undefined

// Here and not where the server is started: inside a test it would end with that test.
after(async () => {
  for (const db of free.splice(0)) {
    await db.close()
    await drop(db.url)
  }
  await (await server)?.stop()
})

export type TestDatabase = Database & { url: string }

/** Databases that no test uses now, emptied: making one takes 100 times longer than emptying it. */
const free: TestDatabase[] = []

/** Opens a migrated, empty database that only this test uses. */
export async function openTestDatabase (t: TestContext): Promise<TestDatabase> {
  const db = free.pop() ?? await makeOpen()
  t.after(() => giveBack(db))
  return { ...db, close: async () => {} }
}

/**
 * Makes a database for one test and drops it when the test ends: for tests that open it by its URL, maybe in other
 * processes, or that change its tables.
 * @param options empty: without tables
 * @returns its URL
 */
export async function createTestDatabase (t: TestContext, { empty = false } = {}): Promise<string> {
  const url = await make(empty ? 'template0' : undefined)
  t.after(() => drop(url))
  return url
}

/** Opens a database that has only some of the migrations, as one of an earlier version. @param has by the names of migrations */
export async function openEarlierDatabase (t: TestContext, has: (migration: string) => boolean): Promise<TestDatabase> {
  const url = await createTestDatabase(t, { empty: true })
  const engine = await openSchemaEngine(url)
  await engine.apply((await readMigrations()).filter(({ name }) => has(name)))
  await engine.close()
  const db = openDatabase(url)
  t.after(async () => { await db.close() })
  return { ...db, url }
}

async function makeOpen (): Promise<TestDatabase> {
  const url = await make()
  return { ...openDatabase(url), url }
}

async function make (source?: string): Promise<string> {
  const { url } = await sharedServer()
  const name = `test_${newId().replaceAll('-', '')}`
  await query(url, `create database ${name} template ${source ?? await (template ??= makeTemplate(url))}`)
  return withDatabase(url, name)
}

async function drop (url: string): Promise<void> {
  await query((await sharedServer()).url, `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`)
}

/** Empties a database for the next test, or drops it when this test did more to it than write rows. */
async function giveBack (db: TestDatabase): Promise<void> {
  const { rows: [state] } = await db.pool.query(
    `select (select count(*) from pg_namespace where nspname !~ '^(pg_|information_schema|public)')::int as schemas,
       (select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend')::int as clients,
       (select string_agg(format('delete from %I', table_name), '; ') from information_schema.tables
        where table_schema = 'public' and table_name <> '_prisma_migrations') as deletions`)
  const leaked = db.pool.totalCount - db.pool.idleCount
  if (state.schemas > 0 || state.clients !== db.pool.totalCount || leaked > 0) {
    await drop(db.url)
    const closed = db.close() // would wait for ever for a leaked client
    if (leaked > 0) throw new Error(`The test must release every client of the pool, got ${leaked} that it kept`)
    return closed
  }
  // Foreign keys are triggers, which a replica does not run: so the order of the tables does not matter.
  await db.pool.query(`begin; set local session_replication_role = replica; ${state.deletions}; commit`)
  free.push(db)
}

function sharedServer (): Promise<TestServer> {
  server ??= connectOrStart()
  return server
}

async function connectOrStart (): Promise<TestServer> {
  const url = process.env.TEST_DATABASE_URL
  if (url) return { url, stop: async () => {} }
  const folder = makeTemporaryFolder()
  const started = await startPostgres(folder, { durable: false })
  return {
    url: started.url,
    stop: async () => {
      await started.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
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
