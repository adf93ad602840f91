/** Other processes as the system lists them: whose children they are, whether they still run, holding them. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

/** Lists the processes that a process has started and that have not ended. */
export function listChildren (pid: number): { pid: number, title: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' }).trim().split('\n')
  const rows = lines.map(line => line.trim().split(/\s+/))
  return rows.filter(([, parent, state]) => Number(parent) === pid && !state?.startsWith('Z'))
    .map(([child, , , ...words]) => ({ pid: Number(child), title: words.join(' ') }))
}

/** Tells whether there is such a process; one that has ended and whose parent does not ask for it is none. */
export function isAlive (pid: number): boolean {
  return /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim())
}

/** Stops a process of a PostgreSQL server for good, as a debugger does. @returns its process id */
export function holdWorker (serverPid: number): number {
  const worker = listChildren(serverPid).find(({ title }) => title.includes('io worker'))
  assert.ok(worker, 'the server has an io worker')
  process.kill(worker.pid, 'SIGSTOP')
  return worker.pid
}

/** Ends a process, or sends it another signal, if it is still there. */
export function killSurely (pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {} // it has gone
}

/** Looks again and again, because other processes' grandchildren tell nobody of their end. */
export async function until (condition: () => boolean | Promise<boolean>, what: string | (() => string)): Promise<void> {
  for (const deadline = Date.now() + 120_000; !await condition(); await delay(20)) {
    assert.ok(Date.now() < deadline, `within two minutes ${typeof what === 'string' ? what : what()}`)
  }
}
