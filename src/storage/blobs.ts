/**
 * Bytes addressed by their sha-256, as files ab/cd/<sha> with a row each. A file appears whole or not at all: it is
 * written elsewhere, flushed, renamed, and only then gets its row. Whatever has a column blob_sha refers to blobs; what
 * nothing refers to is removed by free() or sweep(), which share a lock per hash with put().
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type pg from 'pg'
import { AppError } from '../errors.js'
import { withTransaction, type Database } from './database.js'
import { REMOVAL_LOCK } from './dump.js'
import { closeFolder } from './private-folder.js'

/** What put() says about the bytes it stored. */
export interface StoredBlob { sha256: string, sizeBytes: number }

export interface BlobStore {
  /** Stores bytes under their hash; the same bytes twice are one file. They stay for an hour even if nothing refers to them. */
  put (bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** Says whether the file is there. */
  has (sha256: string): Promise<boolean>
  /** Reads the whole file. @throws AppError file_missing */
  read (sha256: string): Promise<Uint8Array<ArrayBuffer>>
  /** Reads the whole file into memory that threads can share. @throws AppError file_missing */
  readShared (sha256: string): Promise<Uint8Array<SharedArrayBuffer>>
  /** Reads a part of the file. @throws AppError file_missing, also when the file ends before */
  readRange (sha256: string, start: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  /** Opens the file to be streamed; start and end are inclusive byte positions. @throws AppError file_missing */
  stream (sha256: string, range?: { start?: number, end?: number }): Promise<Readable>
  /**
   * Removes what nothing refers to at once, instead of an hour later. Only for bytes that nobody else can be about to
   * refer to, such as a trial's own snapshots: put() protects a blob that has no row yet by its age alone.
   */
  free (hashes: readonly string[]): Promise<void>
  /** Removes what nothing refers to and what is older than the age in seconds, 3600 by default; also half-written files. */
  sweep (olderThanSeconds?: number): Promise<{ files: number, bytes: number }>
}

const hashPattern = /^[0-9a-f]{64}$/
/** Temporary files: inside the store, because a rename must not cross file systems. */
const unfinished = 'unfinished'

/** What lies in the store's folder. */
const ourFolders = /^([0-9a-f]{2}|unfinished)$/

/** Opens the blob store in a folder, which is made if need be and closed to other users. */
export function createBlobStore (folder: string, { pool }: Pick<Database, 'pool'>): BlobStore {
  mkdirSync(path.join(folder, unfinished), { recursive: true, mode: 0o700 })
  closeFolder(folder, name => ourFolders.test(name), 0o700)

  function pathOf (sha256: string): string {
    if (!hashPattern.test(sha256)) throw new AppError('not_found', `blob ${sha256}`)
    return path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  }

  async function put (bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob> {
    const temporary = path.join(folder, unfinished, randomUUID())
    try {
      const stored = await writeHashed(temporary, bytes)
      await withTransaction(pool, async client => {
        await lockHash(client, stored.sha256)
        if (await sizeOfFile(pathOf(stored.sha256)) !== stored.sizeBytes) await moveDurably(temporary, pathOf(stored.sha256))
        // A known blob becomes young again: the sweep must not take it before its new user has a row.
        await client.query(
          'insert into blob (sha256, size_bytes) values ($1, $2) on conflict (sha256) do update set created_at = now()',
          [stored.sha256, stored.sizeBytes])
      })
      return stored
    } finally {
      await rm(temporary, { force: true })
    }
  }

  async function readInto<T extends ArrayBufferLike> (
    sha256: string, allocate: (size: number) => Uint8Array<T>
  ): Promise<Uint8Array<T>> {
    const file = await openBlob(pathOf(sha256), sha256)
    try {
      const bytes = allocate((await file.stat()).size)
      await fill(file, bytes, 0, sha256)
      return bytes
    } finally {
      await file.close()
    }
  }

  async function readRange (sha256: string, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = await openBlob(pathOf(sha256), sha256)
    try {
      const bytes = new Uint8Array(length)
      await fill(file, bytes, start, sha256)
      return bytes
    } finally {
      await file.close()
    }
  }

  async function sweep (olderThanSeconds = 3600): Promise<{ files: number, bytes: number }> {
    const swept = { files: 0, bytes: 0 }
    const failures: Error[] = []
    for (const sha256 of await findUnused(pool, olderThanSeconds)) {
      // One file that cannot be removed must not keep all others for ever.
      const bytes = await removeUnused(pool, sha256, pathOf(sha256), olderThanSeconds).catch((error: Error) => { failures.push(error) })
      if (bytes === undefined) continue
      swept.files++
      swept.bytes += bytes
    }
    for (const file of await findStrays(pool, folder, olderThanSeconds)) {
      await rm(file.path, { force: true })
      swept.files++
      swept.bytes += file.bytes
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, `${failures.length} blobs could not be removed; the first: ${failures[0]!.message}`)
    }
    return swept
  }

  async function free (hashes: readonly string[]): Promise<void> {
    for (const sha256 of hashes) await removeUnused(pool, sha256, pathOf(sha256), 0)
  }

  return Object.freeze({
    put,
    has: async (sha256: string) => await sizeOfFile(pathOf(sha256)) !== undefined,
    read: (sha256: string) => readInto(sha256, size => new Uint8Array(size)),
    readShared: (sha256: string) => readInto(sha256, size => new Uint8Array(new SharedArrayBuffer(size))),
    readRange,
    // Opened before it is given away: who answers with it can still say that it is missing.
    stream: async (sha256: string, range: { start?: number, end?: number } = {}) =>
      (await openBlob(pathOf(sha256), sha256)).createReadStream(range),
    free,
    sweep
  })
}

async function writeHashed (file: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const handle = await open(file, 'wx', 0o600)
  try {
    for await (const chunk of bytes instanceof Uint8Array ? slices(bytes) : bytes) {
      hash.update(chunk)
      sizeBytes += chunk.byteLength
      await handle.writeFile(chunk)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

/** Hashing takes 1 ms per MB of the thread's time: in slices others get their turn. */
function * slices (bytes: Uint8Array, size = 4 * 1024 * 1024): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function moveDurably (from: string, to: string): Promise<void> {
  const folder = path.dirname(to)
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  await rename(from, to)
  await syncFolder(folder)
  if (made !== undefined) {
    await syncFolder(path.dirname(folder))
    await syncFolder(path.dirname(path.dirname(folder)))
  }
}

/** Makes a rename survive a power cut. Windows cannot open folders and does not need it. */
async function syncFolder (folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function openBlob (file: string, sha256: string): Promise<FileHandle> {
  try {
    return await open(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new AppError('file_missing', `blob ${sha256} is not in the blob store`, {}, { cause: error })
    throw error
  }
}

/** Fills bytes from a position of the file; one read gives 2 GiB at most and may give less than was asked for. */
async function fill (file: FileHandle, bytes: Uint8Array, start: number, sha256: string): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), start + done)
    if (bytesRead === 0) throw new AppError('file_missing', `blob ${sha256} in the blob store ends at byte ${start + done}`)
    done += bytesRead
  }
}

async function sizeOfFile (file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size
}

function lockHash (client: pg.ClientBase, sha256: string): Promise<unknown> {
  return client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`blob ${sha256}`])
}

/** A condition that is true when no row of any table with a column blob_sha refers to blob.sha256. */
async function unreferenced (client: pg.ClientBase | pg.Pool): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.columns
     where table_schema = current_schema() and column_name = 'blob_sha' order by table_name`)
  return rows.map(({ name }) => `not exists (select 1 from ${name} where ${name}.blob_sha = blob.sha256)`).join(' and ')
}

async function findUnused (pool: pg.Pool, olderThanSeconds: number): Promise<string[]> {
  const { rows } = await pool.query<{ sha256: string }>(
    `select sha256 from blob where created_at <= now() - make_interval(secs => $1) and ${await unreferenced(pool)}`, [olderThanSeconds])
  return rows.map(row => row.sha256)
}

/**
 * Looks again under the lock, since it may have got a user or been put again in between. While a backup is made, which
 * needs what its rows name, nothing is removed: a later sweep does it.
 * @returns bytes freed
 */
async function removeUnused (pool: pg.Pool, sha256: string, file: string, olderThanSeconds: number): Promise<number | undefined> {
  return withTransaction(pool, async client => {
    const { rows: [removal] } = await client.query('select pg_try_advisory_xact_lock_shared($1) as allowed', [REMOVAL_LOCK])
    if (!removal.allowed) return undefined
    await lockHash(client, sha256)
    const { rows } = await client.query<{ size_bytes: string }>(
      `delete from blob where sha256 = $1 and created_at <= now() - make_interval(secs => $2) and ${await unreferenced(client)}
       returning size_bytes`, [sha256, olderThanSeconds])
    if (rows[0] === undefined) return undefined
    await rm(file, { force: true })
    return Number(rows[0].size_bytes)
  })
}

/** Files that a process left when it died: half-written ones, and whole ones whose row was never written. */
async function findStrays (pool: pg.Pool, folder: string, olderThanSeconds: number): Promise<{ path: string, bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile())
  const names = files.map(({ name, parentPath, path: folder }) => ({ name, path: path.join(parentPath ?? folder, name) }))
  const { rows } = await pool.query<{ sha256: string }>(
    'select sha256 from blob where sha256 = any($1)', [names.map(({ name }) => name)])
  const known = new Set(rows.map(row => row.sha256))
  const oldest = Date.now() - olderThanSeconds * 1000
  const strays = []
  for (const entry of names.filter(({ name }) => !known.has(name))) {
    const found = await stat(entry.path).catch(() => undefined)
    if (found && found.mtimeMs <= oldest) strays.push({ path: entry.path, bytes: found.size })
  }
  return strays
}
