/**
 * Writes a new migration from what prisma/schema.prisma says and the migrations so far do not:
 * `npm run migration -- NAME`. It needs DATABASE_URL of a server where it may make and drop a database.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { readConfig } from '../src/config.js'
import { projectRoot } from '../src/paths.js'
import { migrate } from '../src/storage/migrate.js'
import { openSchemaEngine } from '../src/storage/schema-engine.js'

const folder = path.join(projectRoot, 'prisma', 'migrations')
const [name] = process.argv.slice(2)
const { databaseUrl } = readConfig()

if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  throw new Error(`The migration's name must be small letters, digits and _, got ${JSON.stringify(name)}`)
}
if (databaseUrl === undefined) throw new Error('DATABASE_URL must name a server where a database may be made')
const sql = await inScratchDatabase(databaseUrl, diffAfterMigrations)
console.log(sql === '' ? 'The migrations agree with the schema; nothing to write' : `Wrote ${await write(name, sql)}`)

async function diffAfterMigrations (url: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await migrate(url)
  const engine = await openSchemaEngine(url)
  try {
    return await engine.diff()
  } finally {
    await engine.close()
  }
}

async function inScratchDatabase<T> (serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const scratch = `migration_${process.pid}`
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await admin.query(`create database ${scratch}`)
    const url = new URL(serverUrl)
    url.pathname = `/${scratch}`
    return await work(url.href)
  } finally {
    await admin.query(`drop database if exists ${scratch} with (force)`)
    await admin.end()
  }
}

async function write (name: string, sql: string): Promise<string> {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const target = path.join(folder, `${stamp}_${name}`)
  await mkdir(target, { recursive: true })
  await writeFile(path.join(target, 'migration.sql'), sql)
  await writeFile(path.join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n')
  return path.relative(projectRoot, path.join(target, 'migration.sql'))
}
