/**
 * Ends test files that hang: Node's own runner marks one as failed after --test-timeout, and on Node 24 then waits for its
 * process for ever. Looks from outside, so that nothing that a file does can keep it alive. Plain Node.
 */
import { execFileSync } from 'node:child_process'

/** How often it looks: what matters is that somebody does. */
const lookEveryMs = 5000

/**
 * Kills each process that the runner has started for a test file and that is older than the limit, with all that it has
 * started itself; the runner reports it as failed and goes on. Does nothing on Windows, which has no ps.
 * @param {number} runner    process id of `node --test`
 * @param {string[]} files   as the runner was given them
 * @param {(file: string) => void} onHung  told before the file's processes are killed
 * @param {{limitMs: number, everyMs?: number}} times
 * @returns {() => void} ends the watch
 */
export function watchForHungFiles (runner, files, onHung, { limitMs, everyMs = lookEveryMs }) {
  if (process.platform === 'win32') return () => {}
  /** When each process of a file was first seen. */
  const seen = new Map()
  const timer = setInterval(() => {
    const processes = listProcesses()
    for (const { pid, command } of processes.filter(({ parent }) => parent === runner)) {
      const file = files.find(name => command.endsWith(name))
      if (file === undefined) continue
      if (!seen.has(pid)) seen.set(pid, Date.now())
      if (Date.now() - seen.get(pid) < limitMs) continue
      onHung(file)
      for (const one of [pid, ...listDescendants(pid, processes)]) kill(one)
    }
  }, everyMs)
  return () => { clearInterval(timer) }
}

function listProcesses () {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 1e8 }).trim().split('\n')
  return lines.map(line => /^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/.exec(line)).filter(Boolean)
    .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command }))
}

function listDescendants (pid, processes) {
  return processes.filter(({ parent }) => parent === pid).flatMap(child => [child.pid, ...listDescendants(child.pid, processes)])
}

function kill (pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {} // it has just ended
}
