/**
 * DATA_DIR, the folder with everything of a deployment: where it really is, the lock that lets one `start` use it at a
 * time, and the operator's key in it.
 */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.js'
import { OperatorError } from '../errors.js'
import { chooseServerUser, findBarrier, systemFolder } from './postgres-user.js'
import { askHolder, tryLock, type FolderLock } from '../storage/folder-lock.js'
import { closeFolder, makeFolder } from '../storage/private-folder.js'

/** A configuration whose dataDir can be used, and one sentence for the operator where it is not the one asked for. */
export interface ChosenDataDir { config: Config, note: string | undefined }

/** What the service keeps in the folder. */
const ourFiles = /^(admin\.key|node-id(-\d+)?|blobs|uploads|temporary|(postgres|serve|work)(\.\w+)*)$/

/**
 * Chooses the folder: the one that is configured, unless this is root and the embedded PostgreSQL's user cannot reach
 * it (a checkout under /root). Then one under /var/lib, named after the one asked for, and kept to from then on.
 */
export function chooseDataDir (config: Config): ChosenDataDir {
  const user = config.databaseUrl ? undefined : chooseServerUser(path.join(config.dataDir, 'postgres'))
  if (!user) return { config, note: undefined }
  const name = createHash('sha256').update(config.dataDir).digest('hex').slice(0, 12)
  const other = path.join(systemFolder, name)
  const barrier = findBarrier(config.dataDir, user)
  const isMoved = !existsSync(path.join(config.dataDir, 'postgres')) && existsSync(path.join(other, 'postgres'))
  if (!barrier && !isMoved) return { config, note: undefined }
  const why = barrier ? `${barrier} is closed to the database user` : 'as before'
  const isBlobStoreDefault = config.blobStore === path.join(config.dataDir, 'blobs')
  return {
    config: { ...config, dataDir: other, blobStore: isBlobStoreDefault ? path.join(other, 'blobs') : config.blobStore },
    note: `Data is kept in ${other} instead of ${config.dataDir} (${why})`
  }
}

/**
 * Makes the folder if it is missing, and closes it to other users.
 * @returns one sentence for the operator when it stays open, because it holds other things too
 * @throws OperatorError when it cannot be made
 */
export function createDataDir (dataDir: string): string | undefined {
  try {
    makeFolder(dataDir)
    const [foreign] = closeFolder(dataDir, name => ourFiles.test(name))
    return foreign && `DATA_DIR ${dataDir} is left as open to other users as it is, for it is not the service's alone (it holds ${foreign})`
  } catch (error) {
    throw new OperatorError(`DATA_DIR ${dataDir} cannot be made or read (${(error as Error).message}): choose another folder`)
  }
}

/**
 * Locks the folder for this `start` until release() or its end, however it ends.
 * @throws OperatorError naming the process that holds it
 */
export async function lockDataDir (dataDir: string): Promise<FolderLock> {
  const lock = await tryLock(dataDir, 'start')
  if (lock) return lock
  const holder = await askHolder(dataDir, 'start')
  throw new OperatorError(holder
    ? `${dataDir} is in use by process ${holder}: stop that one first, or set DATA_DIR to another folder`
    : `${dataDir} is in use by a process that does not say who it is: set DATA_DIR to another folder`)
}

/**
 * Reads the operator's key, made on first use: ADMIN_KEY, else DATA_DIR/admin.key.
 * @returns the key, and whether it was made now
 */
export function ensureAdminKey (config: Config): { key: string, isNew: boolean } {
  if (config.adminKey) return { key: config.adminKey, isNew: false }
  const known = readAdminKey(config)
  if (known) return { key: known, isNew: false }
  const key = `admin_${randomBytes(32).toString('base64url')}`
  createDataDir(config.dataDir)
  try {
    writeFileSync(keyFile(config), `${key}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const other = readAdminKey(config) // made by another process at this moment
    if (!other) throw error
    return { key: other, isNew: false }
  }
  return { key, isNew: true }
}

/** Reads the operator's key; undefined when none was made yet. */
export function readAdminKey (config: Config): string | undefined {
  if (config.adminKey) return config.adminKey
  if (!existsSync(keyFile(config))) return undefined
  return readFileSync(keyFile(config), 'utf8').trim() || undefined
}

function keyFile (config: Config): string {
  return path.join(config.dataDir, 'admin.key')
}
