/**
 * The whole service as a user starts it: `descent-lab start` in a process of its own with a data folder of its own,
 * its processes found in /proc so that tests can kill them, and a client that speaks plain HTTP and WebSocket. When the
 * service ends by itself, whoever waits for something of it is told, with its last words.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { listServerProcesses } from '../../src/start/postgres-processes.js'
import { makeTemporaryFolder } from './folder.js'
import { killSurely } from './processes.js'

export interface Frame { seq: number, at: string, type: string, trialId: string | null, data: Record<string, unknown> }

/** What answers requests, and tells when it no longer will. */
export interface Api {
  url: () => string
  key: string
  /** Sends a request with the admin key. Objects go as JSON. */
  request: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>
  /** The same, expecting JSON and a status below 400. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they expect and fail where it is not
  json: <T = Record<string, any>>(method: string, path: string, body?: unknown) => Promise<T>
  /** Rejects with its last words when it ends by itself; else it never settles. */
  failed: () => Promise<never>
}

export interface Service extends Api {
  /** DATA_DIR */
  folder: string
  /** where its processes make temporary files */
  temporaryFolder: string
  /** Sends a signal to the processes of one part, or of all: -9 unless another is named. */
  kill: (part: Part, signal?: NodeJS.Signals) => Promise<void>
  /** Stops processes of parts as if their machine slept. @returns what lets them go on, as far as they still live */
  freeze: (...parts: Exclude<Part, 'everything'>[]) => () => void
  /** Starts it again on the same folder after it was killed or stopped. */
  start: () => Promise<void>
  /** Ends it as Ctrl-C does. */
  stop: () => Promise<void>
  /** Processes of this service that are alive. */
  processes: () => { pid: number, command: string }[]
}

/** database: PostgreSQL with all of its processes; postgres: the one that the others end with */
export type Part = 'executor' | 'work' | 'serve' | 'start' | 'postgres' | 'database' | 'everything'

const mainModule = new URL('../../src/main.js', import.meta.url).pathname

const patterns: Record<Exclude<Part, 'everything'>, RegExp> = {
  executor: /jobs\/executor\.js/, work: /main\.js work/, serve: /main\.js serve/, start: /main\.js start/, postgres: /postgres -D/, database: /postgres( -D|: )/
}

export const operatorKey = 'key-of-the-test-operator'

/**
 * Starts a service that ends, and whose folder goes, with the test.
 * @param prepare what is done with its folder first
 */
export async function startService (
  t: Pick<TestContext, 'after'>, environment: Record<string, string> = {}, prepare?: (folder: string) => Promise<void>
): Promise<Service> {
  const root = makeTemporaryFolder()
  const folder = path.join(root, 'data')
  const temporaryFolder = path.join(root, 'temporary')
  mkdirSync(temporaryFolder)
  let program: Program
  let url = ''

  async function start (): Promise<void> {
    program = startProgram(['start'], { LANES: 'cpu:2', ...environment, DATA_DIR: folder, TMPDIR: temporaryFolder })
    url = (await program.says(/is ready\s+(http:\S+)/)).replace(/\/$/, '')
  }

  function processes (): { pid: number, command: string }[] {
    return [...listProcesses(root), ...existsSync(path.join(folder, 'postgres'))
      ? listServerProcesses(path.join(folder, 'postgres')).map(({ pid, title }) => ({ pid, command: title }))
      : []].filter((one, at, all) => one.command !== '' && all.findIndex(({ pid }) => pid === one.pid) === at)
  }

  async function kill (part: Part, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const victims = processes().filter(one => part === 'everything' || patterns[part].test(one.command))
    if (victims.length === 0) throw new Error(`There is no process of ${part} to kill`)
    if (part === 'everything') program.willEnd()
    for (const { pid } of victims) killSurely(pid, signal)
    if (part === 'everything' && signal === 'SIGKILL') while (processes().length > 0) await delay(20)
  }

  function freeze (...parts: Exclude<Part, 'everything'>[]): () => void {
    const frozen = processes().filter(one => parts.some(part => patterns[part].test(one.command)))
    if (frozen.length < parts.length) throw new Error(`There must be processes of ${parts.join(', ')} to freeze, got ${frozen.length}`)
    for (const { pid } of frozen) killSurely(pid, 'SIGSTOP')
    return () => { for (const { pid } of frozen) killSurely(pid, 'SIGCONT') }
  }

  await prepare?.(folder)
  t.after(async () => {
    for (const { pid } of processes()) killSurely(pid, 'SIGCONT') // those that just end are listed too
    await program.stop()
    for (const { pid } of processes()) killSurely(pid)
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })
  await start()
  const api = openApi(() => url, () => program.failed)
  return { ...api, folder, temporaryFolder, kill, freeze, start, stop: () => program.stop(), processes }
}

/** A process of the command line. */
export interface Program {
  pid: number
  output: () => string
  /** Waits until it has printed what matches. @returns the first group. @throws Error with its output when it ends before */
  says: (pattern: RegExp) => Promise<string>
  /** Its end is wanted from now on. */
  willEnd: () => void
  /** Ends it as Ctrl-C does. */
  stop: () => Promise<void>
  /** Rejects with its last words when it ends unwanted; else it never settles. */
  failed: Promise<never>
}

/** Starts `descent-lab ...args` with nothing of the test's own settings. */
export function startProgram (args: string[], environment: Record<string, string>): Program {
  const child = spawn(process.execPath, [mainModule, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'warn', ...environment, PORT: '0', ADMIN_KEY: operatorKey },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  let isWanted = false
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { output += text })
  const ended = once(child, 'close')
  const failed = ended.then(async ([code, signal]) => {
    if (isWanted) return await new Promise<never>(() => {})
    throw new Error(`${args[0]} ended by itself (${signal ?? `code ${code}`}):\n${output}`)
  })
  failed.catch(() => {}) // whoever waits is told

  async function says (pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(output)
      if (match) return match[1] ?? match[0]
      await Promise.race([delay(20), failed])
    }
  }

  async function stop (): Promise<void> {
    isWanted = true
    child.kill('SIGINT')
    await ended
  }

  return { pid: child.pid ?? 0, output: () => output, says, willEnd: () => { isWanted = true }, stop, failed }
}

/** A client with the operator's key. */
export function openApi (url: () => string, failed: () => Promise<never>, key = operatorKey): Api {
  async function request (method: string, where: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const isForm = body instanceof FormData
    const answer = fetch(url() + where, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) })
    })
    return await Promise.race([answer, failed()])
  }

  async function json<T> (method: string, where: string, body?: unknown): Promise<T> {
    const response = await request(method, where, body)
    const text = await response.text()
    if (response.status >= 400) throw new Error(`${method} ${where}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  return { url, key, request, json, failed }
}

/** Lists the processes that have the folder in their environment, which executors inherit as TMPDIR, or in their command. */
export function listProcesses (folder: string): { pid: number, command: string }[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      const environ = readFileSync(`/proc/${name}/environ`, 'utf8')
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return (environ.includes(folder) || command.includes(folder)) && command !== '' ? [{ pid: Number(name), command }] : []
    } catch {
      return [] // ended while we looked
    }
  })
}

/**
 * Follows an experiment over a WebSocket to its end, connecting again from the last seq whenever the socket breaks.
 * @returns every frame that came, in the order in which it came
 */
export async function follow (
  service: Api, experimentId: string, onFrame: (frame: Frame) => void = () => {}, after = 0
): Promise<Frame[]> {
  const frames: Frame[] = []
  for (;;) {
    const ended = await Promise.race([service.failed(), new Promise<boolean>(resolve => {
      const where = `${service.url().replace('http', 'ws')}/v1/experiments/${experimentId}/events?after=${frames.at(-1)?.seq ?? after}`
      const socket = new WebSocket(where, { headers: { authorization: `Bearer ${service.key}` } })
      let isOver = false
      socket.on('message', data => {
        const frame = JSON.parse(String(data)) as Frame
        if (frame.type === 'end') isOver = true
        if (frame.seq === undefined || frame.type === 'head' || frame.type === 'hello') return
        frames.push(frame)
        onFrame(frame)
      })
      socket.on('error', () => {}) // 'close' follows
      socket.on('close', () => { resolve(isOver) })
    })])
    if (ended) return frames
    await delay(100)
  }
}

/** What the runs of an experiment yielded, without the ids that every run makes anew: equal for equal spec and seed. */
export function yielded (frames: Frame[]): unknown[] {
  return frames.filter(frame => frame.trialId !== null && frame.type !== 'state').map(frame => [
    frame.type, Object.fromEntries(Object.entries(frame.data).filter(([name]) => !/Id$|^sizeBytes$/.test(name)))
  ])
}
