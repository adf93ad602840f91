/** Commands as a user gives them, in a folder, an environment and the rights of some user; what they say is kept. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { listProcesses } from '../helpers/service.js'
import { killSurely } from '../helpers/processes.js'

/** Of another user than this process's. */
export interface User { uid: number, gid: number }

export interface Command {
  words: string[]
  cwd: string
  env: Record<string, string>
  user?: User | undefined
}

/** How a command ended: an exit code, or a signal's name. */
export type Ending = number | string

export interface Program {
  output: () => string
  /** Waits until it has said what matches. @returns the first group. @throws Error when it ends before, or says nothing of it in time */
  says: (pattern: RegExp) => Promise<string>
  /** Waits for its end. @throws Error when that does not come in time */
  end: (patienceMs?: number) => Promise<Ending>
  signal: (signal: NodeJS.Signals) => void
}

/** A net for what hangs, wide enough for a whole set-up on a busy machine. */
const PATIENCE_MS = 600_000

/** Starts a command. */
export function start ({ words: [command = '', ...args], cwd, env, user }: Command): Program {
  const child = spawn(command, args, { cwd, env, ...user, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let ending: Ending | undefined
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { output += text })
  const ended = once(child, 'close').then(([code, signal]) => { ending = code ?? signal }, (error: Error) => { ending = error.message })

  async function says (pattern: RegExp): Promise<string> {
    for (const deadline = Date.now() + PATIENCE_MS; ; await delay(50)) {
      const match = pattern.exec(output)
      if (match) return match[1] ?? match[0]
      if (ending !== undefined) throw new Error(`${command} ended with ${ending} before it said ${pattern}: ${lastWords(output)}`)
      if (Date.now() > deadline) throw new Error(`${command} did not say ${pattern} within ${PATIENCE_MS / 1000} s: ${lastWords(output)}`)
    }
  }

  async function end (patienceMs = PATIENCE_MS): Promise<Ending> {
    await Promise.race([ended, delay(patienceMs, undefined, { ref: false })])
    if (ending === undefined) throw new Error(`${command} did not end within ${patienceMs / 1000} s: ${lastWords(output)}`)
    return ending
  }

  return { output: () => output, says, end, signal: signal => { child.kill(signal) } }
}

/** Runs a command to its end. @throws Error with its last words unless that is 0 */
export async function run (command: Command): Promise<string> {
  const program = start(command)
  const ending = await program.end()
  if (ending !== 0) throw new Error(`${command.words.join(' ')} ended with ${ending}: ${lastWords(program.output())}`)
  return program.output()
}

/** The end of what was said, on one line. */
export function lastWords (output: string): string {
  return output.trim().split('\n').slice(-4).map(line => line.trim()).filter(line => line !== '').join(' | ').slice(-400)
}

/**
 * Waits until no process has the folder in its command or environment.
 * @throws Error naming those that stay; they are killed
 */
export async function untilNoneIsLeft (folder: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(100)) {
    if (listProcesses(folder).length === 0) return
  }
  const left = listProcesses(folder)
  for (const { pid } of left) killSurely(pid)
  if (left.length > 0) throw new Error(`${left.length} processes were left: ${left.map(({ command }) => command.slice(0, 80)).join(', ')}`)
}
