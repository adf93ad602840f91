/** Temporary folders that the embedded PostgreSQL can work in, also when the tests run as root. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chooseServerUser, findBarrier, systemFolder } from '../../src/start/postgres-user.js'
import { makeFolder } from '../../src/storage/private-folder.js'

/** Makes a folder that the database user can pass through; whoever asked removes it. */
export function makeTemporaryFolder (): string {
  // As root the server runs as another user, who may not reach a private temporary folder.
  const parent = findBarrier(tmpdir(), chooseServerUser('')) ? systemFolder : tmpdir()
  makeFolder(parent)
  const folder = mkdtempSync(path.join(parent, 'descent-lab-test-'))
  chmodSync(folder, 0o711)
  return folder
}

const folders: string[] = []

/**
 * Makes such a folder for the tests of this process. It goes with the process: hooks of a test run in the order in
 * which they were made, and would take the folder from under what still runs in it.
 */
export function temporaryFolder (): string {
  const folder = makeTemporaryFolder()
  if (folders.push(folder) === 1) {
    process.once('exit', () => {
      for (const one of folders) rmSync(one, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    })
  }
  return folder
}
