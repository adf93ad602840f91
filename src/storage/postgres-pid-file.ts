/**
 * Reads what a PostgreSQL server says of itself in postmaster.pid, and tells a live server of the folder from a file
 * that its server left behind and whose number may meanwhile belong to somebody else.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import path from 'node:path'

/** What postmaster.pid says: the server's process id, and `ready` once it takes connections. */
export interface PidFile { pid: number, status: string }

/** Reads postmaster.pid; undefined when there is none. */
export function readPidFile (cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), status: lines[7]?.trim() ?? '' }
  } catch {
    return undefined // no server, or it is just being removed
  }
}

/** Finds a server that still runs on the folder: what an earlier start left behind when it was killed. */
export function findOrphan (cluster: string): number | undefined {
  const pid = readPidFile(cluster)?.pid
  return pid !== undefined && isServerOf(cluster, pid) ? pid : undefined
}

/**
 * Removes a pid file without a server. PostgreSQL itself refuses to start when the number in it belongs to any other
 * process of its user, which happens after a restart of the machine.
 */
export function removeStalePidFile (cluster: string): void {
  const file = readPidFile(cluster)
  if (file && !isServerOf(cluster, file.pid)) rmSync(path.join(cluster, 'postmaster.pid'), { force: true })
}

/** Tells whether the process is a PostgreSQL server on this folder, under whatever name the folder was given to it. */
export function isServerOf (cluster: string, pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    if (process.platform === 'win32') return false // PostgreSQL's own check must do there
    if (process.platform !== 'linux') return isServerCommand(execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }), cluster)
    const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    // A server works in its own folder.
    return /postgres$/.test(command) && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
  } catch {
    return false // no such process, or somebody else's
  }
}

function isServerCommand (command: string, cluster: string): boolean {
  return command.includes('postgres') && command.split(' ').includes(cluster)
}
