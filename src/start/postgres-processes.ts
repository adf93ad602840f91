/**
 * Finds the processes of a cluster's PostgreSQL: the server and what it forked (backends, writers, io workers). These
 * outlive a server that was killed, and as long as one of them has its shared memory no other server starts.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'

/** A process, and what it calls itself: `postgres: io worker 0`. */
export interface ServerProcess { pid: number, title: string }

/**
 * The server's cluster_name, which PostgreSQL puts into the title of every process that it forks. Titles can be read
 * where the folder that another user's process works in cannot: as root in a container, without CAP_SYS_PTRACE.
 */
export function clusterName (cluster: string): string {
  const { dev, ino } = statSync(cluster, { bigint: true })
  return `descent-lab-${dev}-${ino}`
}

/** Lists what runs of the cluster's server, the server included; nothing on Windows, where PostgreSQL's own checks must do. */
export function listServerProcesses (cluster: string): ServerProcess[] {
  if (process.platform === 'win32') return []
  const all = process.platform === 'linux' ? listLinuxProcesses() : listProcesses()
  const name = clusterName(cluster)
  const folder = realpathSync(cluster)
  return all.filter(({ pid, title }) => isPostgres(title) && (hasWord(title, name) || folderOf(pid) === folder))
}

/** The title of a process that is just ending is empty: its memory goes before its folder. */
function isPostgres (title: string): boolean {
  return title === '' || /^postgres: |(^|\/)postgres( -|$)/.test(title)
}

/** The name stands alone: `postgres -c cluster_name=NAME`, `postgres: NAME: checkpointer`. */
function hasWord (title: string, name: string): boolean {
  return new RegExp(`[ =]${name}(:| |$)`).test(title)
}

function listLinuxProcesses (): ServerProcess[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      return [{ pid: Number(name), title: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }]
    } catch {
      return [] // ended while we looked
    }
  })
}

function listProcesses (): ServerProcess[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
  return lines.map(line => /^\s*(\d+)\s+(.*)$/.exec(line)).flatMap(match => match ? [{ pid: Number(match[1]), title: match[2]!.trim() }] : [])
}

/** The folder that a process works in, for a server's its cluster; undefined where that is not told. */
function folderOf (pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? readlinkSync(`/proc/${pid}/cwd`) : undefined
  } catch {
    return undefined // ended, a kernel thread, or somebody else's
  }
}
