/**
 * Who a node is. Its id lives in DATA_DIR, so that a node that starts anew voids its own leases at once instead of
 * waiting for them to run out. Any number of nodes share a DATA_DIR, each the first id that no other is using: ids are
 * kept in files by number, held by a lock while their node runs, and never by two.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { v7 as newId } from 'uuid'
import { projectVersion } from '../paths.js'
import type { Database } from '../storage/database.js'
import { tryLock } from '../storage/folder-lock.js'
import { registerNode } from '../storage/nodes.js'

export interface Identity {
  nodeId: string
  /** Lets another node be this one. */
  release (): Promise<void>
}

/**
 * Takes the first id that no node is using, made if there is none yet, and writes the node's row.
 * @param options.leaseSeconds  how long a node on another machine may be silent until its id is free
 */
export async function takeIdentity (db: Database, { dataDir, leaseSeconds }: { dataDir: string, leaseSeconds: number }): Promise<Identity> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'node-id' : `node-id-${number}`
    const lock = await tryLock(dataDir, name)
    if (!lock) continue
    const nodeId = await readId(path.join(dataDir, name))
    // A lock is not seen from another machine, or from another container on the same volume: there the row tells.
    const isOurs = await registerNode(db.pool, nodeId, { name: hostname(), version: projectVersion, leaseSeconds })
    if (isOurs) return { nodeId, release: lock.release }
    await lock.release()
  }
}

async function readId (file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known.trim() !== '') return known.trim()
  const id = newId()
  await writeFile(file, `${id}\n`)
  return id
}
