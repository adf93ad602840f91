/**
 * Chooses the user and the binaries for the embedded PostgreSQL. The server refuses to run as root: a root process
 * lends it another user, who must be able to reach the data folder and the binaries. Next hop: embedded-postgres.ts.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '../errors.js'
import { projectRoot } from '../paths.js'
import { makeFolder, withOpenUmask } from '../storage/private-folder.js'

/** User as which the server runs; undefined: as this process's own. */
export type ServerUser = { uid: number, gid: number } | undefined

/** Where a root process may keep what the database user has to reach. */
export const systemFolder = '/var/lib/descent-lab'

/**
 * Chooses the user for a server on the folder: nobody special unless this process is root; then the owner of an
 * existing cluster, for a new one `postgres` or `nobody`.
 */
export function chooseServerUser (cluster: string): ServerUser {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map(line => line.split(':'))
  const owner = existsSync(cluster) ? statSync(cluster).uid : 0
  const chosen = owner !== 0
    ? users.find(user => Number(user[2]) === owner)
    : users.find(user => user[0] === 'postgres') ?? users.find(user => user[0] === 'nobody')
  if (!chosen) throw new OperatorError('PostgreSQL cannot run as root and there is no user "postgres" or "nobody": run as another user')
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) }
}

/** Names the first folder on the way to the path that the user may not search; undefined when the path is reachable. */
export function findBarrier (target: string, user: ServerUser): string | undefined {
  if (!user) return undefined
  let barrier: string | undefined
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    if (existsSync(folder)) {
      const { uid, gid, mode } = statSync(folder)
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
      if (!(mode & bit)) barrier = folder
    }
    if (folder === path.dirname(folder)) return barrier
  }
}

/**
 * Finds the folder with bin/postgres for this machine, and copies it to the system folder where the user cannot
 * reach node_modules (a checkout under /root).
 * @throws OperatorError when no package has binaries for this platform, or they cannot run where they are
 */
export function findServerFiles (user: ServerUser): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  const folder = packageFolder(name)
  const files = path.join(folder, 'native')
  if (!findBarrier(path.join(files, 'bin'), user)) return checkPath(files)

  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }
  const copy = path.join(systemFolder, `postgres-${version}`)
  if (existsSync(copy)) return copy
  makeFolder(systemFolder)
  const work = `${copy}.${randomBytes(4).toString('hex')}`
  withOpenUmask(() => cpSync(files, work, { recursive: true, verbatimSymlinks: true }))
  chmodSync(work, 0o755)
  try {
    renameSync(work, copy)
  } catch (error) {
    rmSync(work, { recursive: true })
    if (!existsSync(copy)) throw error // otherwise another process was faster
  }
  return copy
}

/** initdb hands its own path to a shell, between double quotes and as it is. */
function checkPath (files: string): string {
  const [unfit] = /["$`\\]/.exec(process.platform === 'win32' ? '' : files) ?? []
  if (unfit === undefined) return files
  throw new OperatorError(`PostgreSQL cannot run from a folder with ${unfit} in its path, got ${files}: move the project, or set DATABASE_URL`)
}

function packageFolder (name: string): string {
  try {
    return path.resolve(path.dirname(fileURLToPath(import.meta.resolve(name))), '..')
  } catch {
    const where = path.join(projectRoot, 'node_modules', name)
    throw new OperatorError(`There is no embedded PostgreSQL for this machine (${where} is missing): set DATABASE_URL to a server of your own`)
  }
}
