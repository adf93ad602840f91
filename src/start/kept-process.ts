/**
 * Keeps one child process of `start` running: forks it, waits until it says that it is ready, forks it again when it
 * dies, ends it on request. Knows nothing of what the child does. Next hop: main.ts in the child.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { environment } from '../config.js'
import { OperatorError } from '../errors.js'
import { openLogFile } from './log-file.js'

export interface KeptProcess {
  /** resolves when the child is ready for the first time, with its address if it has one; rejects when it gives up */
  ready: Promise<string | undefined>
  /** Ends the child and forks it again with the variables of now. */
  restart (): void
  /** Asks the child to end, and kills it when it has not ended after patienceMs, or at once when hurry is aborted. */
  stop (patienceMs: number, hurry: AbortSignal): Promise<void>
}

export interface KeptProcessOptions {
  /** what it is called in messages */
  name: string
  module: string
  args: string[]
  /** gets what the child writes to its standard output, its structured log; undefined: this process's own, as its errors */
  logFile: string | undefined
  /** asked at every fork */
  variables (): Record<string, string>
  print (line: string): void
}

/** What a child tells its parent. */
export interface ReadyMessage { type: 'ready', url?: string }

/** What a parent tells its child: signals do not do it on Windows. */
export interface StopMessage { type: 'stop' }

/** Waits before the second, third, ... fork in a row; a child that ran for a minute starts the row anew. */
const backoffMs = [200, 500, 1000, 2000, 5000, 10_000]
const steadyMs = 60_000
/** Deaths before the child was ever ready: later ones may have passing causes, these rarely do. */
const firstAttempts = 3

/** Starts the child and keeps it running until stop(). */
export function keepRunning (options: KeptProcessOptions): KeptProcess {
  const { name, print } = options
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  let isRestarting = false
  let finished: Promise<void> = Promise.resolve()
  const ready = new Promise<string | undefined>((resolve, reject) => { finished = keep(resolve, reject) })

  async function keep (onReady: (url: string | undefined) => void, onFailure: (error: Error) => void): Promise<void> {
    let wasReady = false
    let deaths = 0
    while (!stopping.signal.aborted) {
      const startedAt = Date.now()
      child = forkChild(options)
      child.on('message', (message: ReadyMessage) => {
        if (message.type !== 'ready') return
        wasReady = true
        onReady(message.url)
      })
      const { reason, code } = await untilEnd(child)
      if (stopping.signal.aborted) return
      if (isRestarting) {
        isRestarting = false
        continue
      }
      deaths = Date.now() - startedAt > steadyMs ? 1 : deaths + 1
      // Code 1 before it was ever ready: it has said why, and trying again changes nothing.
      if (!wasReady && (code === 1 || deaths >= firstAttempts)) {
        return onFailure(new OperatorError(`${name} ended before it was ready (${reason}); what it said stands above`))
      }
      const waitMs = backoffMs[Math.min(deaths, backoffMs.length) - 1] ?? 0
      print(`${name} ended (${reason}); starting it again in ${waitMs / 1000} s`)
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => {}) // stopped: the loop ends
    }
  }

  function restart (): void {
    if (!isAlive(child)) return // it is about to be forked anyway
    isRestarting = true
    killGroup(child)
  }

  async function stop (patienceMs: number, hurry: AbortSignal): Promise<void> {
    stopping.abort()
    if (child?.connected) child.send({ type: 'stop' } satisfies StopMessage)
    const kill = () => killGroup(child)
    const timer = setTimeout(kill, patienceMs)
    hurry.addEventListener('abort', kill)
    if (hurry.aborted) kill()
    await finished
    clearTimeout(timer)
    hurry.removeEventListener('abort', kill)
  }

  return { ready, restart, stop }
}

function forkChild ({ module, args, logFile, variables }: KeptProcessOptions): ChildProcess {
  const log = logFile === undefined ? undefined : openLogFile(logFile)
  const child = fork(module, args, {
    // A group of its own: Ctrl-C in the terminal reaches the parent only, which ends its children in order.
    detached: process.platform !== 'win32',
    env: environment(variables()),
    execArgv: [],
    stdio: ['ignore', log?.fd ?? 'inherit', 'inherit', 'ipc']
  })
  if (log !== undefined) closeSync(log.fd)
  return child
}

function untilEnd (child: ChildProcess): Promise<{ reason: string, code: number | null }> {
  return new Promise(resolve => {
    child.once('error', error => resolve({ reason: error.message, code: null }))
    child.once('exit', (code, signal) => resolve({ reason: signal ? `signal ${signal}` : `code ${code}`, code }))
  })
}

function isAlive (child: ChildProcess | undefined): child is ChildProcess & { pid: number } {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** Kills the child with all that it started. */
function killGroup (child: ChildProcess | undefined): void {
  if (!isAlive(child)) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL') // it has no group yet
  }
}
