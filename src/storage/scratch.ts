/**
 * A process's own folder for temporary files, under DATA_DIR where there is room for them. Any number of processes share
 * a DATA_DIR, so none clears what may be another's: a folder is removed by its process, or by a later one when that has
 * died.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { rm, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { isLocked, tryLock } from './folder-lock.js'

export interface Scratch {
  folder: string
  /** Removes the folder with all that is in it. */
  remove (): Promise<void>
}

/** Locks are seen on their own machine only: of another machine's folder only its age tells that its process has gone. */
const ABANDONED_MS = 3_600_000
const TOUCH_MS = 60_000
/** Hexadecimal digits before the machine's name. */
const TOKEN_LENGTH = 16

/** Makes a folder for this process, and removes those whose processes have gone. */
export async function openScratch (dataDir: string): Promise<Scratch> {
  const parent = path.join(dataDir, 'temporary')
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  await sweep(parent)
  const token = randomBytes(TOKEN_LENGTH / 2).toString('hex')
  const lock = await tryLock(parent, token) // before there is a folder: one without a lock is anybody's to remove
  const folder = path.join(parent, `${token}-${machine()}`)
  mkdirSync(folder, { mode: 0o700 })
  // Where somebody removed it there is nothing to keep from others.
  const touching = setInterval(() => { utimes(folder, new Date(), new Date()).catch(() => {}) }, TOUCH_MS).unref()

  async function remove (): Promise<void> {
    clearInterval(touching)
    await removeAll(folder)
    await lock?.release()
  }

  return { folder, remove }
}

async function sweep (parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const folder = path.join(parent, name)
    const isOurs = name.slice(TOKEN_LENGTH + 1) === machine()
    const isAbandoned = isOurs ? !await isLocked(parent, name.slice(0, TOKEN_LENGTH)) : age(folder) > ABANDONED_MS
    if (isAbandoned) await removeAll(folder)
  }
}

/** Milliseconds since the last change; none for what another process has removed meanwhile. */
function age (folder: string): number {
  const found = statSync(folder, { throwIfNoEntry: false })
  return found ? Date.now() - found.mtimeMs : 0
}

/** Executors of a process that was killed may still be writing for a moment. */
async function removeAll (folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** This machine's name, as a part of a file's. */
function machine (): string {
  return encodeURIComponent(hostname())
}
