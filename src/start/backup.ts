/**
 * The commands backup and restore: a deployment's database, blobs and operator's key in a folder, and back into an empty
 * deployment. A backup is made while the service runs: the database as it is at one moment, then the files that its rows
 * name, of which none is removed meanwhile. Works on the embedded PostgreSQL, running or not, and on DATABASE_URL alike.
 */
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import type { Config } from '../config.js'
import { AppError, OperatorError } from '../errors.js'
import { projectVersion } from '../paths.js'
import { createBlobStore, type BlobStore } from '../storage/blobs.js'
import { openDatabase } from '../storage/database.js'
import { blockRemovals, describeUse, dumpLines, hasTables, listBlobs, loadDump, readMigrationNames, withSnapshot } from '../storage/dump.js'
import { chooseDataDir, createDataDir, lockDataDir } from './data-dir.js'
import { findRunningServer, startPostgres } from './embedded-postgres.js'
import { prepareDatabase } from './prepare-database.js'

type Print = (line: string) => void

/** backup.json: what a backup is of. It is written last. */
interface Description { madeAt: string, version: string, migrations: string[], blobs: number, missing: string[] }

interface Opened { url: string, client: pg.Client, blobs: BlobStore }

const databaseFile = 'database.jsonl.gz'
const keyFile = 'admin.key'

/**
 * Makes a backup in a new folder within the one that is given.
 * @returns its path
 * @throws OperatorError when there is nothing to back up, or no room to put it
 */
export async function backUp (wanted: Config, folder: string, print: Print): Promise<string> {
  const { config } = chooseDataDir(wanted)
  const madeAt = new Date().toISOString()
  const target = path.resolve(folder, `descent-lab-${madeAt.replaceAll(/[:.]/g, '-')}`)
  const work = `${target}.unfinished`
  await mkdir(work, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new OperatorError(`${folder} must be a folder that can be written to (${error.message})`)
  })
  try {
    const description = await withDeployment(config, print, async ({ client, blobs }) => {
      await blockRemovals(client)
      const { migrations, hashes } = await dumpDatabase(client, path.join(work, databaseFile))
      const missing = await copyBlobs(blobs, hashes, work)
      return { madeAt, version: projectVersion, migrations, blobs: hashes.length - missing.length, missing } satisfies Description
    })
    const key = path.join(config.dataDir, keyFile)
    if (existsSync(key)) await copyFile(key, path.join(work, keyFile))
    await writeFile(path.join(work, 'backup.json'), `${JSON.stringify(description, null, 2)}\n`)
    await rename(work, target)
    print(`Backed up the database and ${description.blobs} files of the blob store to ${target}`)
    if (description.missing.length > 0) print(`Warning: ${description.missing.length} files are missing from the blob store; backup.json lists them`)
    return target
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Fills an empty deployment from a backup.
 * @throws OperatorError when the deployment is not empty or runs, or when the folder is no backup that this version can read
 */
export async function restore (wanted: Config, folder: string, print: Print): Promise<void> {
  const description = await readDescription(folder)
  const { config } = chooseDataDir(wanted)
  createDataDir(config.dataDir)
  await withDeployment(config, print, async ({ url, client, blobs }) => {
    await prepareDatabase(url, print)
    await checkIsEmpty(client)
    await checkMigrations(client, description)
    // Files first, as always: a row never names a file that is not whole.
    const files = await restoreBlobs(blobs, folder)
    const text = createReadStream(path.join(folder, databaseFile)).pipe(createGunzip()).setEncoding('utf8')
    const counts = await loadDump(client, text as AsyncIterable<string>)
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
    print(`Restored ${rows} rows and ${files} files of the backup of ${description.madeAt}`)
  }, { isNew: true })
  const key = path.join(config.dataDir, keyFile)
  if (existsSync(path.join(folder, keyFile)) && !existsSync(key)) {
    await copyFile(path.join(folder, keyFile), key)
    await chmod(key, 0o600)
  }
}

/** Opens database and blobs, with a PostgreSQL of its own where the embedded one does not run; closes all of it afterwards. */
async function withDeployment<T> (
  config: Config, print: Print, work: (opened: Opened) => Promise<T>, { isNew = false } = {}
): Promise<T> {
  if (config.databaseUrl) return await withDatabase(config, config.databaseUrl, work)
  const running = isNew ? undefined : findRunningServer(config.dataDir)
  if (running !== undefined) return await withDatabase(config, running, work)
  if (!isNew && !existsSync(path.join(config.dataDir, 'postgres'))) {
    throw new OperatorError(`There is no database in ${config.dataDir}: set DATA_DIR or DATABASE_URL to what is to be backed up`)
  }
  const lock = await lockDataDir(config.dataDir)
  try {
    const server = await startPostgres(config.dataDir, { log: print })
    try {
      return await withDatabase(config, server.url, work)
    } finally {
      await server.stop()
    }
  } finally {
    await lock.release()
  }
}

async function withDatabase<T> (config: Config, url: string, work: (opened: Opened) => Promise<T>): Promise<T> {
  // A connection without the bounds of the service's own: a large table takes its time.
  const client = new pg.Client({ connectionString: url, application_name: 'descent-lab backup' })
  client.on('error', () => {}) // the query that fails says why
  await client.connect().catch((error: Error) => { throw new OperatorError(`The database cannot be reached (${error.message}): check DATABASE_URL`) })
  const db = openDatabase(url)
  try {
    return await work({ url, client, blobs: createBlobStore(config.blobStore, db) })
  } finally {
    await db.close()
    await client.end()
  }
}

async function dumpDatabase (client: pg.Client, file: string): Promise<{ migrations: string[], hashes: string[] }> {
  if (!await hasTables(client)) throw new OperatorError('There is nothing in this database yet: the first start makes its tables')
  const dumped = await withSnapshot(client, async () => {
    await pipeline(dumpLines(client), createGzip(), createWriteStream(file, { mode: 0o600 }))
    return { migrations: await readMigrationNames(client), hashes: await listBlobs(client) }
  })
  await sync(file)
  return dumped
}

/** @returns hashes of those that are not there */
async function copyBlobs (blobs: BlobStore, hashes: string[], work: string): Promise<string[]> {
  const missing: string[] = []
  for (const sha256 of hashes) {
    const file = path.join(work, 'blobs', sha256.slice(0, 2), sha256)
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    try {
      await pipeline(await blobs.stream(sha256), createWriteStream(file, { mode: 0o600 }))
      await sync(file)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'file_missing') throw error
      missing.push(sha256)
    }
  }
  return missing
}

async function restoreBlobs (blobs: BlobStore, folder: string): Promise<number> {
  const at = path.join(folder, 'blobs')
  const names = existsSync(at) ? (await readdir(at, { recursive: true })).filter(name => /[0-9a-f]{64}$/.test(name)) : []
  for (const name of names) {
    const { sha256 } = await blobs.put(createReadStream(path.join(at, name)))
    if (sha256 !== path.basename(name)) throw new OperatorError(`${path.join(at, name)} must hold what its name is the sha-256 of, got ${sha256}: the backup is damaged`)
  }
  return names.length
}

async function readDescription (folder: string): Promise<Description> {
  try {
    return JSON.parse(await readFile(path.join(folder, 'backup.json'), 'utf8')) as Description
  } catch (error) {
    throw new OperatorError(`${folder} must be the folder of a finished backup, descent-lab-…, with its backup.json (${(error as Error).message})`)
  }
}

/** A service that has only just been started has its team `default`, and its node. */
async function checkIsEmpty (client: pg.Client): Promise<void> {
  const { isRunning, isUsed } = await describeUse(client)
  if (isRunning) throw new OperatorError('The service is running on this database: stop serve and work before a backup is restored')
  if (isUsed) throw new OperatorError('The deployment must be empty, got one with experiments, data sets, keys or teams: restore into a new DATA_DIR or database')
}

async function checkMigrations (client: pg.Client, { version, migrations }: Description): Promise<void> {
  const here = await readMigrationNames(client)
  if (JSON.stringify(here) === JSON.stringify(migrations)) return
  throw new OperatorError(
    `The backup was made by version ${version}, whose database is another (migrations up to ${migrations.at(-1)}, here up to ${here.at(-1)}): ` +
    'restore it with that version, then start this one')
}

/** To the disk: a backup that a power cut takes is none. */
async function sync (file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
