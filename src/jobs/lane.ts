/**
 * One lane of a node: which trials it runs and the executor that runs them, started anew when it dies, when a trial
 * needs another number of TensorFlow threads (they are fixed per process), and when it is worn.
 */
import type { Log } from '../log.js'
import type { Claimed } from '../storage/claims.js'
import { forkExecutor, type ExecutorProcess } from './executor-process.js'
import type { ExecutorSettings, FromExecutor } from './messages.js'

export interface LaneOptions {
  settings: ExecutorSettings
  log: Log
  /** the lane can take trials, or a trial of it ended: look for work */
  onFree: () => void
  /** Takes back trials that nobody runs any more. It must not reject. */
  onLost: (trials: Lost[], reason: string) => Promise<void>
  /** The lane cannot have its device and takes nothing any more. */
  onFailed: (reason: string) => void
  /** A step of a GPU's warming-up is done. */
  onWarmed: (step: string, done: number, of: number) => void
}

/** died: the executor died with it; otherwise it was never sent to one, or the lane was closed. */
export interface Lost { trial: Claimed, died: boolean }

export interface Lane {
  id: string
  device: string
  slots: number
  /** whether it can have its device; settles when its first executor knows */
  usable: Promise<boolean>
  /** slots that no trial takes now; 0 while there is no executor that is ready and heard of */
  freeSlots (): number
  /** undefined while no trial runs: the executor may be forked anew */
  fixedThreads (): number | undefined
  /** Gives the executor a trial, which may have to be forked anew for it. Settles when it was sent, or handed back. */
  run (trial: Claimed): Promise<void>
  /** To be called at every beat of the node. */
  beat (): void
  /** Brings every trial to a boundary and ends the executor; by force after the time. */
  stop (timeoutMs: number): Promise<void>
}

const LONGEST_BACKOFF_MS = 30_000
/** An executor that runs nothing needs less to end. */
const REPLACE_MS = 5000

interface Run { trial: Claimed, isSent: boolean }

/** Opens a lane and forks its executor. */
export function openLane (options: LaneOptions): Lane {
  const { settings, log } = options
  const running = new Map<string, Run>()
  let threads = settings.threads
  let executor: ExecutorProcess | undefined
  let replacing: Promise<void> | undefined
  let isWorn = false
  let takesMore = true
  let isStopping = false
  let isFailed = false
  let settleUsable: (isUsable: boolean) => void = () => {}
  const usable = new Promise<boolean>(resolve => { settleUsable = resolve })
  let failures = 0
  let restartTimer: NodeJS.Timeout | undefined

  function start (): void {
    isWorn = false
    takesMore = true
    const fresh = forkExecutor({ ...settings, threads }, log, message => { if (executor === fresh) receive(message) })
    executor = fresh
    void fresh.ended.then(how => { if (executor === fresh) afterDeath(how) })
  }

  function receive (message: FromExecutor): void {
    if (message.type === 'ready') {
      failures = 0
      settleUsable(true)
    }
    if (message.type === 'unusable') fail(message.reason)
    if (message.type === 'warmed') return options.onWarmed(message.step, message.done, message.of)
    if (message.type === 'worn') {
      isWorn = true
      takesMore = message.takesMore
    }
    if (message.type === 'ended') running.delete(keyOf(message.trialId, message.attempt))
    if (isWorn && running.size === 0) void replace(threads)
    if (message.type !== 'beat') options.onFree()
  }

  /** Another executor would not find the device either: none is forked. */
  function fail (reason: string): void {
    isFailed = true
    log('error', 'lane_failed', { device: settings.device, reason })
    options.onFailed(reason)
    settleUsable(false)
  }

  function afterDeath (how: string): void {
    executor = undefined
    if (isFailed) return
    const lost = [...running.values()]
    running.clear()
    log('error', 'executor_died', { device: settings.device, how, trials: lost.map(({ trial }) => trial.id) })
    const backoff = Math.min(LONGEST_BACKOFF_MS, failures++ === 0 ? 0 : 500 * 2 ** failures)
    restartTimer = setTimeout(start, backoff)
    void handBack(lost, `executor ended with ${how}`)
  }

  async function handBack (runs: Run[], reason: string, died = true): Promise<void> {
    if (runs.length > 0) await options.onLost(runs.map(({ trial, isSent }) => ({ trial, died: died && isSent })), reason)
  }

  /** Ends the executor, which runs nothing, and forks another. Never rejects. */
  function replace (count: number): Promise<void> {
    replacing ??= (async () => {
      const old = executor
      executor = undefined // from here on its end is no death
      await old?.drain(REPLACE_MS)
      threads = count
      if (isStopping || isFailed) return
      start()
      await executor!.started
    })().finally(() => { replacing = undefined })
    return replacing
  }

  async function run (trial: Claimed): Promise<void> {
    const key = keyOf(trial.id, trial.attempt)
    const one = { trial, isSent: false }
    running.set(key, one)
    await replacing
    const fits = trial.engine === 'cpu' || settings.device !== 'cpu' || trial.slots === threads
    if (!fits) await replace(trial.slots)
    if (running.get(key) !== one) return // handed back with an executor that died
    if (executor?.isReady()) {
      one.isSent = true
      executor.send({ type: 'run', trial })
    } else {
      running.delete(key)
      await handBack([one], 'its executor was not ready')
    }
  }

  start()
  return {
    id: settings.laneId,
    device: settings.device,
    slots: settings.slots,
    usable,
    freeSlots () {
      if (!executor?.isReady() || executor.isSilent() || !takesMore || replacing !== undefined || isStopping) return 0
      return settings.slots - [...running.values()].reduce((sum, { trial }) => sum + trial.slots, 0)
    },
    fixedThreads: () => running.size > 0 ? threads : undefined,
    run,
    beat: () => { executor?.beat() },
    async stop (timeoutMs) {
      isStopping = true
      settleUsable(false)
      clearTimeout(restartTimer)
      const last = executor
      executor = undefined
      await last?.drain(timeoutMs)
      await replacing
      await handBack([...running.values()], 'its node was stopped', false)
      running.clear()
    }
  }
}

function keyOf (trialId: string, attempt: number): string {
  return `${trialId} ${attempt}`
}
