/**
 * One executor process as its lane sees it: forked with its device in the environment, heard of or silent, ended
 * politely or by force. Which trials it runs is its lane's affair. Next hops: executor.ts in the child, lane-executor.ts.
 */
import { fork } from 'node:child_process'
import type { Readable } from 'node:stream'
import { systemEnvironment } from '../config.js'
import { sessionConfig } from '../tensor/session-config.js'
import { isGpu } from './devices.js'
import type { Log } from '../log.js'
import { beatMs } from '../storage/leases.js'
import type { ExecutorSettings, FromExecutor, ToExecutor } from './messages.js'

/** isExcused: it was not its own fault nor its trials', the database was away. */
export interface ExecutorEnd { how: string, wasReady: boolean, isExcused: boolean }

export interface ExecutorProcess {
  readonly pid: number | undefined
  /** how it ended; never rejects */
  ended: Promise<ExecutorEnd>
  isReady (): boolean
  /** True when it missed more than one beat: it must get no work. */
  isSilent (): boolean
  /** To be called at every beat of the node: counts those that the executor missed, and ends it when they are too many. */
  beat (): void
  send (message: ToExecutor): void
  /** Lets it bring every trial to a boundary and end; ends it by force after the time. */
  drain (timeoutMs: number): Promise<void>
}

/** One may come late; two in a row are silence. */
const SILENT_BEATS = 2
/**
 * A frozen process can only be killed. After four missed beats of six that make a lease, so that its trials are handed
 * back by its end and not by their leases running out, and so that it cannot wake while it holds one.
 * They are beats of the node: when that was frozen, too, it blames nobody.
 */
const MAX_MISSED_BEATS = 4
/** Before its first word a process loads its code, which takes long on a busy machine. */
const START_MS = 120_000

/** Forks an executor. */
export function forkExecutor (settings: ExecutorSettings, log: Log, onMessage: (message: FromExecutor) => void): ExecutorProcess {
  const { device, threads, leaseSeconds } = settings
  const child = fork(new URL('executor.js', import.meta.url), [], {
    env: environment(settings),
    execArgv: ['--disable-warning=DEP0051'], // tfjs asks util for what Node 22 deprecates
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc']
  })
  const complaint = listen(child.stderr!)
  let missed = 0
  let mayMiss = START_MS / beatMs(leaseSeconds)
  let isReady = false
  let isGone = false
  let cause: string | undefined
  let isExcused = false

  const ended = new Promise<ExecutorEnd>(resolve => {
    const end = (how: string): void => {
      isGone = true
      resolve({ how, wasReady: isReady, isExcused })
      isReady = false
    }
    // 'close' and not 'exit': all that it said is here.
    child.on('close', (code, signal) => { end(cause ?? [signal ?? `code ${code}`, ...isReady ? [] : complaint()].join(': ')) })
    child.on('error', error => {
      log('error', 'executor_error', { device, message: error.message })
      if (child.pid === undefined) end(error.message) // it never was: no 'close' will come
    })
  })

  child.on('message', (message: FromExecutor) => {
    missed = 0
    mayMiss = MAX_MISSED_BEATS
    if (message.type === 'log') return log(message.level, message.event, { device, ...message.detail })
    if (message.type === 'ready') {
      isReady = true
      log('info', 'executor_ready', { device, backend: message.backend, threads, pid: child.pid })
    }
    if (message.type === 'failed') {
      cause = message.reason
      isExcused = message.isExcused
    }
    onMessage(message)
  })

  function send (message: ToExecutor): void {
    if (child.connected) child.send(message, error => { if (error) log('warn', 'executor_unreachable', { device, message: error.message }) })
  }

  send(settings)
  return {
    pid: child.pid,
    ended,
    isReady: () => isReady,
    isSilent: () => missed >= SILENT_BEATS,
    beat () {
      if (isGone || ++missed < mayMiss) return
      cause = `silence: it missed ${missed} beats and was killed`
      child.kill('SIGKILL')
    },
    send,
    async drain (timeoutMs) {
      send({ type: 'drain' })
      const force = setTimeout(() => { child.kill('SIGKILL') }, timeoutMs)
      await ended
      clearTimeout(force)
    }
  }
}

/** How much of what a process says last is looked at. */
const LAST_CHARACTERS = 4000

/** Passes on what a process says of itself. @returns what says why it ended: the last line of its words about an error, or at all */
function listen (stderr: Readable): () => string[] {
  let last = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    process.stderr.write(text)
    last = (last + text).slice(-LAST_CHARACTERS)
  })
  return () => {
    const lines = last.split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith('at '))
    return [lines.findLast(line => /error|fatal/i.test(line)) ?? lines.at(-1)].filter(line => line !== undefined)
  }
}

/** What binds the process to its device: thread options do not reach native code, the environment does. */
export function environment (
  { device, threads, gpuMemoryPercent, kernelCache }: Pick<ExecutorSettings, 'device' | 'threads' | 'gpuMemoryPercent' | 'kernelCache'>
): Record<string, string> {
  return {
    ...(isGpu(device) ? gpuEnvironment(gpuMemoryPercent, kernelCache) : {}),
    ...systemEnvironment(),
    CUDA_VISIBLE_DEVICES: isGpu(device) ? device.slice(4) : '-1',
    TF_NUM_INTRAOP_THREADS: String(threads), // unset it follows the visible cores, and the numbers with it
    TF_NUM_INTEROP_THREADS: interOpThreads(device, threads),
    TF_CPP_MIN_LOG_LEVEL: '2',
    MALLOC_ARENA_MAX: '2' // keeps idle growth small
  }
}

/**
 * Threads that run operations side by side: as many as compute one of them, the same numbers and a tenth off a CNN's step.
 * A pool of one thread is not made: all sessions of a process share it, and trials side by side would take turns. Below 0
 * operations run in the thread that asks: two workers of a CNN make 4,300 samples a second, in turns 2,150, as one alone does.
 */
function interOpThreads (device: string, threads: number): string {
  return threads === 1 && !isGpu(device) ? '-1' : String(threads)
}

/** The most that the driver keeps of what it compiled: 4 GiB, where the kernels of one card and driver take some hundred MB. */
const MAX_KERNEL_BYTES = 2 ** 32

function gpuEnvironment (memoryPercent: number, kernelCache: string | undefined): Record<string, string> {
  return {
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID', // as nvidia-smi counts; by itself CUDA puts the fastest card first
    TF_FORCE_GPU_ALLOW_GROWTH: 'true', // else it takes the whole card at once
    TF_DETERMINISTIC_OPS: '1', // else sums are in the order in which threads come, and a resumed trial differs
    DESCENT_LAB_TENSORFLOW_CONFIG: sessionConfig(memoryPercent),
    CUDA_CACHE_MAXSIZE: String(MAX_KERNEL_BYTES),
    ...(kernelCache === undefined ? {} : { CUDA_CACHE_PATH: kernelCache })
  }
}
