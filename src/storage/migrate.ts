/**
 * Brings the database to the schema at every start. What is applied is compared with prisma/migrations by one query;
 * only when something is missing is Prisma's engine loaded (schema-engine.ts), under a lock that all processes share.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { projectRoot } from '../paths.js'
import type { Migration, OpenEngine } from './schema-engine.js'
import { checkEmptiness, checkOwnership, checkRights } from './suitable-database.js'

/** Of our own choosing; the engine itself locks 72707369. */
const LOCK = 1_684_366_433

interface Applied { migration_name: string, checksum: string, finished_at: Date | null }

/**
 * Brings the database to the schema; safe to call from several processes at once, and free when nothing is missing.
 * @param log told what is done, in words
 * @returns names of the migrations that were applied now
 * @throws OperatorError when the database is newer than this code, another application's, or closed to its user; Error
 *   when a migration was edited after it was applied
 */
export async function migrate (url: string, log: (message: string) => void = () => {}): Promise<string[]> {
  const migrations = await readMigrations()
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // the query that fails says why
  await client.connect()
  try {
    const applied = await readApplied(client)
    checkOwnership(migrations.map(({ name }) => name), applied.map(row => row.migration_name), client.database ?? '')
    const isReady = isComplete(migrations, applied)
    await checkRights(client, isReady)
    if (isReady) return []
    await client.query('select pg_advisory_lock($1)', [LOCK])
    const present = await readApplied(client)
    if (isComplete(migrations, present)) return [] // another process was faster
    if (present.length === 0) await checkEmptiness(client)
    return await applyMissing(url, client, migrations, log)
  } finally {
    await client.end()
  }
}

/** Reads prisma/migrations in order. */
export async function readMigrations (folder = path.join(projectRoot, 'prisma', 'migrations')): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name).sort()
  return Promise.all(names.map(async name => ({ name, sql: await readFile(path.join(folder, name, 'migration.sql'), 'utf8') })))
}

async function applyMissing (url: string, client: pg.Client, migrations: Migration[], log: (message: string) => void): Promise<string[]> {
  const { openSchemaEngine } = await import('./schema-engine.js')
  const engine = await openSchemaEngine(url)
  try {
    await settleInterrupted(client, engine, log)
    const names = await engine.apply(migrations)
    for (const name of names) log(`Applied the migration ${name}`)
    return names
  } finally {
    await engine.close()
  }
}

/**
 * A process that died while migrating leaves a row without an end. A script is one transaction, so it was applied
 * whole or not at all: whole when the database agrees with the schema.
 */
async function settleInterrupted (client: pg.Client, engine: OpenEngine, log: (message: string) => void): Promise<void> {
  const interrupted = (await readApplied(client)).filter(row => row.finished_at === null)
  if (interrupted.length === 0) return
  const whole = await engine.diff() === ''
  const outcome = whole ? 'finished_at = now(), applied_steps_count = 1' : 'rolled_back_at = now()'
  await client.query(`update _prisma_migrations set ${outcome} where finished_at is null and rolled_back_at is null`)
  for (const row of interrupted) log(`The migration ${row.migration_name} was interrupted; ${whole ? 'it had been applied' : 'it is applied again'}`)
}

async function readApplied (client: pg.Client): Promise<Applied[]> {
  const { rows: [table] } = await client.query("select to_regclass('_prisma_migrations') as name")
  if (table.name === null) return []
  const { rows } = await client.query<Applied>(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null')
  return rows
}

function isComplete (migrations: Migration[], applied: Applied[]): boolean {
  const known = new Map(migrations.map(({ name, sql }) => [name, createHash('sha256').update(sql).digest('hex')]))
  for (const row of applied) {
    const checksum = known.get(row.migration_name)
    if (row.finished_at && checksum !== row.checksum) throw new Error(`prisma/migrations/${row.migration_name} must not change after it was applied`)
  }
  const finished = new Set(applied.filter(row => row.finished_at).map(row => row.migration_name))
  return migrations.every(({ name }) => finished.has(name))
}
