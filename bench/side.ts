/** One side of a benchmark: a process that says hello with a line of JSON, then answers a line per line. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { readConfig } from '../src/config.js'
import { projectRoot } from '../src/paths.js'

export interface Side<Request, Answer> {
  /** versions of what it measures */
  hello: Record<string, string>
  ask (request: Request): Promise<Answer>
  close (): void
}

/** Starts a side. @param env beside the environment of this process @throws Error in `ask` when it ends without an answer */
export async function openSide<Request, Answer> (
  command: string, args: string[], env: Record<string, string>
): Promise<Side<Request, Answer>> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${command} ended without an answer`)
    return JSON.parse(value)
  }
  return {
    hello: await next(),
    ask: async request => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return await next()
    },
    close: () => { child.stdin.end() }
  }
}

/** The Python that has what others have written, once `npm run bench:peers` has installed it. */
export function peerPython (): string {
  return path.join(readConfig().cacheDir, 'peers', 'bin', 'python')
}

/**
 * Starts the other side of a benchmark, or says that what it measures is not installed.
 * @param script of bench/, in Python
 * @param what   names what it measures
 * @param env    beside the environment of this process
 */
export async function openPeer<Request, Answer> (
  script: string, what: string, env: Record<string, string> = {}
): Promise<Side<Request, Answer> | undefined> {
  try {
    if (existsSync(peerPython())) return await openSide(peerPython(), [path.join(projectRoot, 'bench', script)], env)
  } catch { /* an environment of before this was one of the peers: what it lacks it has said itself */ }
  process.stdout.write(`Not installed: ${what}. npm run bench:peers installs it. Only our side is measured.\n`)
  return undefined
}
