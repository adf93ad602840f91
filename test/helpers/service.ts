/**
 * The whole service as a user starts it: `descent-lab start` in a process of its own with a data folder of its own,
 * its processes found in /proc so that tests can kill them, and a client that speaks plain HTTP and WebSocket.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'

export interface Frame { seq: number, at: string, type: string, trialId: string | null, data: Record<string, unknown> }

export interface Service {
  url: () => string
  /** Sends a request with the admin key. Objects go as JSON. */
  request: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>
  /** The same, expecting JSON and a status below 400. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they expect and fail where it is not
  json: <T = Record<string, any>>(method: string, path: string, body?: unknown) => Promise<T>
  /** Kills processes of the service with -9: those of one part, or all at once. */
  kill: (part: Part) => Promise<void>
  /** Stops processes of parts as if their machine slept. @returns what lets them go on, as far as they still live */
  freeze: (...parts: Exclude<Part, 'everything'>[]) => () => void
  /** Starts it again on the same folder after it was killed or stopped. */
  start: () => Promise<void>
  /** Ends it as Ctrl-C does. */
  stop: () => Promise<void>
  /** Processes of this service that are alive. */
  processes: () => { pid: number, command: string }[]
}

export type Part = 'executor' | 'work' | 'serve' | 'postgres' | 'everything'

const program = new URL('../../src/main.js', import.meta.url).pathname

const patterns: Record<Exclude<Part, 'everything'>, RegExp> = {
  executor: /jobs\/executor\.js/, work: /main\.js work/, serve: /main\.js serve/, postgres: /postgres -D/
}

/** Starts a service that ends, and whose folder goes, with the test. */
export async function startService (t: Pick<TestContext, 'after'>, environment: Record<string, string> = {}): Promise<Service> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'descent-lab-service-'))
  chmodSync(dataDir, 0o711) // as root the database runs as another user, who must get through
  let child: ChildProcess
  let output = ''
  let url = ''
  const key = 'key-of-the-test-operator'

  async function start (): Promise<void> {
    output = ''
    child = spawn(process.execPath, [program, 'start'], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LANES: 'cpu:2', ...environment, DATA_DIR: dataDir, PORT: '0', ADMIN_KEY: key, LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', chunk => { output += chunk })
    const ready = /is ready\s+(http:\S+)/
    while (!ready.test(output)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The service ended while starting:\n${output}`)
      await delay(20)
    }
    url = ready.exec(output)![1]!.replace(/\/$/, '')
  }

  async function stop (): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGINT')
    await gone
  }

  function processes (): { pid: number, command: string }[] {
    return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
      try {
        const environ = readFileSync(`/proc/${name}/environ`, 'latin1')
        const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
        const isOurs = environ.includes(`DATA_DIR=${dataDir}`) || command.includes(dataDir) || isBelow(Number(name), child.pid!)
        return isOurs && command !== '' ? [{ pid: Number(name), command }] : []
      } catch {
        return [] // ended while we looked
      }
    })
  }

  async function kill (part: Part): Promise<void> {
    const victims = processes().filter(one => part === 'everything' || patterns[part].test(one.command))
    if (victims.length === 0) throw new Error(`There is no process of ${part} to kill`)
    for (const { pid } of victims) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {} // its parent's end was quicker
    }
    if (part === 'everything') while (processes().length > 0) await delay(20)
  }

  function freeze (...parts: Exclude<Part, 'everything'>[]): () => void {
    const frozen = processes().filter(one => parts.some(part => patterns[part].test(one.command)))
    if (frozen.length < parts.length) throw new Error(`There must be a process of each of ${parts.join(', ')} to freeze, got ${frozen.length}`)
    for (const { pid } of frozen) process.kill(pid, 'SIGSTOP')
    return () => {
      for (const { pid } of frozen) {
        try {
          process.kill(pid, 'SIGCONT')
        } catch {} // it was replaced meanwhile
      }
    }
  }

  async function request (method: string, where: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const isForm = body instanceof FormData
    return await fetch(url + where, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) })
    })
  }

  async function json<T> (method: string, where: string, body?: unknown): Promise<T> {
    const response = await request(method, where, body)
    const text = await response.text()
    if (response.status >= 400) throw new Error(`${method} ${where}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  t.after(async () => {
    await stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await start()
  return { url: () => url, request, json, kill, freeze, start, stop, processes }
}

function isBelow (pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1;) {
    if (at === ancestor) return true
    at = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1] ?? 0)
  }
  return false
}

/**
 * Follows an experiment over a WebSocket to its end, connecting again from the last seq whenever the socket breaks.
 * @returns every frame that came, in the order in which it came
 */
export async function follow (
  service: Service, experimentId: string, onFrame: (frame: Frame) => void = () => {}, after = 0
): Promise<Frame[]> {
  const frames: Frame[] = []
  for (;;) {
    const ended = await new Promise<boolean>(resolve => {
      const where = `${service.url().replace('http', 'ws')}/v1/experiments/${experimentId}/events?after=${frames.at(-1)?.seq ?? after}`
      const socket = new WebSocket(where, { headers: { authorization: 'Bearer key-of-the-test-operator' } })
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
    })
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
