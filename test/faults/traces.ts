/** What a service must not leave behind: half-written files, bytes without a row, rows without bytes, temporary files. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { createBlobStore } from '../../src/storage/blobs.js'
import { openDatabase } from '../../src/storage/database.js'

/** Where a stored thing is looked for. */
export interface Store { databaseUrl: string, blobStore: string }

/** The database of a service that `start` runs. */
export function storeOf (dataDir: string): Store {
  const { port, password } = JSON.parse(readFileSync(path.join(dataDir, 'postgres.json'), 'utf8')) as { port: number, password: string }
  return { databaseUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, blobStore: path.join(dataDir, 'blobs') }
}

/**
 * Looks at the folder and at the table of blobs. Every row has its file, of its size.
 * @param killed something was killed: what it was writing stays until the sweep, and is swept first
 */
export async function checkBlobs ({ databaseUrl, blobStore }: Store, { killed = false } = {}): Promise<void> {
  const db = openDatabase(databaseUrl, { poolSize: 2 })
  try {
    if (killed) await createBlobStore(blobStore, db).sweep(0)
    const { rows } = await db.pool.query<{ name: string, size: string }>('select sha256 as name, size_bytes as size from blob order by sha256')
    const files = readdirSync(blobStore, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .map(({ name, parentPath }) => ({ name, size: String(statSync(path.join(parentPath, name)).size) }))
    assert.deepEqual(files.sort((a, b) => a.name < b.name ? -1 : 1), rows)
  } finally {
    await db.close()
  }
}

/** Checks after the end of a node that no temporary file is left: in the system's folder, or in its own. */
export function checkTemporaryFiles (system: string, dataDir: string): void {
  assert.deepEqual(readdirSync(system), [])
  assert.deepEqual(readdirSync(path.join(dataDir, 'temporary')), [])
}
