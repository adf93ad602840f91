/**
 * Reads what a PostgreSQL server says of itself in postmaster.pid, and tells a live server of the folder from a file
 * that its server left behind and whose number may meanwhile belong to somebody else.
 */
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { listServerProcesses } from './postgres-processes.js'

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
  return listServerProcesses(cluster).some(one => one.pid === pid) ? pid : undefined
}

/**
 * Removes a pid file without a server. PostgreSQL itself refuses to start when the number in it belongs to any other
 * process of its user, which happens after a restart of the machine.
 */
export function removeStalePidFile (cluster: string): void {
  if (process.platform === 'win32') return // PostgreSQL's own check must do there
  if (readPidFile(cluster) && findOrphan(cluster) === undefined) rmSync(path.join(cluster, 'postmaster.pid'), { force: true })
}
