/** Temporary folders that the embedded PostgreSQL can work in, also when the tests run as root. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { chooseServerUser, findBarrier, makeFolder, systemFolder } from '../../src/storage/postgres-user.js'

/** Makes a folder that the database user can pass through; whoever asked removes it. */
export function makeTemporaryFolder (): string {
  // As root the server runs as another user, who may not reach a private temporary folder.
  const parent = findBarrier(tmpdir(), chooseServerUser('')) ? systemFolder : tmpdir()
  makeFolder(parent)
  const folder = mkdtempSync(path.join(parent, 'descent-lab-test-'))
  chmodSync(folder, 0o711)
  return folder
}

/** Makes such a folder for one test. */
export function temporaryFolder (t: TestContext): string {
  const folder = makeTemporaryFolder()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
