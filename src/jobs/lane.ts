/**
 * One lane of a node: its executor process, forked with the device in its environment, restarted when it dies, and
 * forked anew when a trial needs another number of TensorFlow threads (they are fixed per process).
 */
import { fork, type ChildProcess } from 'node:child_process'
import { systemEnvironment } from '../config.js'
import type { Log } from '../log.js'
import type { Claimed } from '../storage/trials.js'
import type { ExecutorSettings, FromExecutor, ToExecutor } from './messages.js'

export interface LaneOptions {
  settings: ExecutorSettings
  log: Log
  /** the lane can take trials, or a trial of it ended: look for work */
  onFree: () => void
  /** the executor died with these trials */
  onDeath: (trials: Claimed[], reason: string) => Promise<void>
}

export interface Lane {
  id: string
  device: string
  slots: number
  /** slots that no trial takes now; 0 while the executor is not ready */
  freeSlots (): number
  /** undefined while no trial runs: the executor may be forked anew */
  fixedThreads (): number | undefined
  run (trial: Claimed): Promise<void>
  /** Brings every trial to a boundary and ends the executor; by force after the time. */
  stop (timeoutMs: number): Promise<void>
}

const LONGEST_BACKOFF_MS = 30_000

/** Opens a lane and forks its executor. */
export function openLane (options: LaneOptions): Lane {
  const { settings, log } = options
  const running = new Map<string, Claimed>()
  let threads = settings.threads
  let child: ChildProcess | undefined
  let ready = false
  let stopping = false
  let isRestarting = false
  let worn = false
  let failures = 0
  let whenReady: () => void = () => {}
  let restartTimer: NodeJS.Timeout | undefined

  function start (): void {
    const executor = fork(new URL('executor.js', import.meta.url), [], {
      env: environment(settings.device, threads),
      execArgv: ['--disable-warning=DEP0051'], // tfjs asks util for what Node 22 deprecates
      serialization: 'advanced'
    })
    child = executor
    executor.on('message', (message: FromExecutor) => { receive(message) })
    executor.on('exit', (code, signal) => { if (child === executor) ended(signal ?? `code ${code}`) })
    executor.on('error', error => { log('error', 'executor_error', { device: settings.device, message: error.message }) })
    send({ ...settings, threads })
  }

  function receive (message: FromExecutor): void {
    if (message.type === 'log') return log(message.level, message.event, { device: settings.device, ...message.detail })
    if (message.type === 'ready') {
      ready = true
      failures = 0
      log('info', 'executor_ready', { device: settings.device, backend: message.backend, threads, pid: child?.pid })
      whenReady()
    }
    if (message.type === 'worn') worn = true
    if (message.type === 'ended') running.delete(message.trialId)
    if (worn && running.size === 0) void restartWith(threads)
    else options.onFree()
  }

  function ended (how: string): void {
    ready = false
    child = undefined
    if (stopping || isRestarting) return
    const lost = [...running.values()]
    running.clear()
    log('error', 'executor_died', { device: settings.device, how, trials: lost.map(trial => trial.id) })
    const backoff = Math.min(LONGEST_BACKOFF_MS, failures++ === 0 ? 0 : 500 * 2 ** failures)
    restartTimer = setTimeout(start, backoff)
    void options.onDeath(lost, `executor ended with ${how}`)
  }

  function send (message: ToExecutor): void {
    if (child?.connected) child.send(message, error => { if (error) log('warn', 'executor_unreachable', { message: error.message }) })
  }

  async function endExecutor (timeoutMs: number): Promise<void> {
    const executor = child
    if (executor === undefined || executor.exitCode !== null || executor.signalCode !== null) return
    const gone = new Promise<void>(resolve => executor.once('exit', () => { resolve() }))
    send({ type: 'drain' })
    const force = setTimeout(() => executor.kill('SIGKILL'), timeoutMs)
    await gone
    clearTimeout(force)
  }

  async function restartWith (count: number): Promise<void> {
    isRestarting = true
    ready = false
    worn = false
    await endExecutor(5000)
    isRestarting = false
    threads = count
    const isReady = new Promise<void>(resolve => { whenReady = resolve })
    if (!stopping) start()
    await isReady
    whenReady = () => {}
  }

  start()
  return {
    id: settings.laneId,
    device: settings.device,
    slots: settings.slots,
    freeSlots: () => ready && !worn ? settings.slots - [...running.values()].reduce((sum, trial) => sum + trial.slots, 0) : 0,
    fixedThreads: () => running.size > 0 ? threads : undefined,
    async run (trial) {
      running.set(trial.id, trial)
      const fits = trial.engine === 'cpu' || settings.device !== 'cpu' || trial.slots === threads
      if (!fits) await restartWith(trial.slots)
      send({ type: 'run', trial })
    },
    async stop (timeoutMs) {
      stopping = true
      clearTimeout(restartTimer)
      await endExecutor(timeoutMs)
    }
  }
}

/** What binds the process to its device: thread options do not reach native code, the environment does. */
function environment (device: string, threads: number): Record<string, string> {
  return {
    ...systemEnvironment(),
    CUDA_VISIBLE_DEVICES: device.startsWith('gpu:') ? device.slice(4) : '-1',
    TF_NUM_INTRAOP_THREADS: String(threads), // unset it follows the visible cores, and the numbers with it
    TF_NUM_INTEROP_THREADS: String(threads), // two instead of one: a tenth off a CNN's step, the same numbers
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true', // the query thread and other users share the device
    MALLOC_ARENA_MAX: '2' // keeps idle growth small
  }
}
