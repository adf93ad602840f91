/**
 * One lane of a node: its slots, and the executors that share them. TensorFlow's threads are fixed per process and numbers
 * differ with them, so a lane of the CPU keeps an executor for each number of threads in use: forked when a trial needs
 * it, ended when it has been idle for long. The first has a thread for each slot, lives as long as the lane, answers
 * questions and runs what has no number of its own: Float64 trials, and all trials of a GPU. Next hop: lane-executor.ts.
 */
import type { Log } from '../log.js'
import type { Claimed } from '../storage/claims.js'
import type { ReadyExecutor } from '../storage/lanes.js'
import { isGpu } from './devices.js'
import { openLaneExecutor, type Death, type LaneExecutor } from './lane-executor.js'
import type { ExecutorSettings, FromExecutor } from './messages.js'

export interface LaneOptions {
  /** of every executor */
  settings: Omit<ExecutorSettings, 'threads' | 'isFirst'>
  /** resident memory of all its executors past which the largest is forked anew */
  maxRssBytes: number
  log: Log
  /** the lane can take trials, or a trial of it ended: look for work */
  onFree: () => void
  /** Takes back trials that nobody runs any more. It must not reject. */
  onLost: (trials: Lost[], reason: string) => Promise<void>
  /** The lane cannot work and takes nothing any more. */
  onFailed: (reason: string) => void
  /** A step of a GPU's warming-up is done. */
  onWarmed: (step: string, done: number, of: number) => void
  /** Other executors are ready now than before. */
  onExecutors?: (ready: ReadyExecutor[]) => void
  /** how long an executor beside the first is kept without trials; 10 minutes by default */
  idleMs?: number
  /** pause after so many deaths in a row of executors that were not ready yet */
  backoffMs?: (deaths: number) => number
}

/** died: the executor died with it; otherwise it was never given to one, the lane was closed, or the database was away. */
export interface Lost { trial: Claimed, died: boolean }

export interface Lane {
  id: string
  device: string
  slots: number
  /** whether it can work; settles when its first executor knows */
  usable: Promise<boolean>
  /** slots that no trial takes now; 0 while one of its executors is in trouble */
  freeSlots (): number
  /** trials whose executor starts: nobody else says that they are in good hands */
  waiting (): Claimed[]
  /** Gives a trial to the executor with its number of threads, forked for it if there is none; or hands it back, and waits for that. */
  run (trial: Claimed): Promise<void>
  /** To be called at every beat of the node. */
  beat (): void
  /** Brings every trial to a boundary and ends the executors; by force after the time. */
  stop (timeoutMs: number): Promise<void>
}

const IDLE_MS = 600_000
/** So many executors are kept without trials beside the first: each takes some 0.4 GB. */
const MAX_IDLE = 2
/** Deaths in a row before any executor of the lane was ever ready, after which another one would not be either. */
const MAX_DEATHS_AT_START = 5
/** An executor that runs nothing needs less to end. */
const REPLACE_MS = 5000

/** Once may be bad luck; then 2 s, doubled up to half a minute. */
const backoff = (deaths: number): number => deaths < 2 ? 0 : Math.min(30_000, 500 * 2 ** deaths)

/** Opens a lane and forks its first executor. */
export function openLane (options: LaneOptions): Lane {
  const { settings, log, idleMs = IDLE_MS, backoffMs = backoff } = options
  const { device, slots } = settings
  const executors = new Map<number, LaneExecutor>() // by threads, the one used last at the end
  const ending = new Set<Promise<void>>()
  let isReplacing = false // the first
  let isStopping = false
  let isFailed = false
  let wasReady = false
  let settleUsable: (isUsable: boolean) => void = () => {}
  const usable = new Promise<boolean>(resolve => { settleUsable = resolve })
  let deaths = 0 // in a row, of executors that were not ready yet
  let blamed = 0 // those of them that no absence of the database explains
  let resting: NodeJS.Timeout | undefined

  const first = (): LaneExecutor | undefined => executors.get(slots)
  const all = (): LaneExecutor[] => [...executors.values()]
  const trialsOf = (which: LaneExecutor[]): Claimed[] => which.flatMap(executor => executor.trials())
  const threadsFor = ({ engine, threads }: Claimed): number => engine === 'float64' || isGpu(device) ? slots : threads

  function start (threads: number): LaneExecutor {
    const executor = openLaneExecutor({ ...settings, threads, isFirst: threads === slots }, log, {
      onMessage: message => { receive(executor, message) },
      onDeath: death => { bury(executor, death) }
    })
    executors.set(threads, executor)
    return executor
  }

  function receive (executor: LaneExecutor, message: FromExecutor): void {
    if (message.type === 'beat') return
    if (message.type === 'warmed') return options.onWarmed(message.step, message.done, message.of)
    if (message.type === 'unusable') return fail(message.reason)
    if (message.type === 'ready') {
      deaths = blamed = 0
      wasReady = true
      settleUsable(true)
      announce()
    }
    if (message.type === 'ended') renew(executor)
    options.onFree()
  }

  /** Ends what has become too large, or had threads ended by force, as soon as it runs nothing. */
  function renew (ended: LaneExecutor): void {
    const bySize = all().sort((left, right) => right.rssBytes() - left.rssBytes())
    if (bySize.reduce((sum, executor) => sum + executor.rssBytes(), 0) > options.maxRssBytes) bySize[0]!.retireSoon()
    for (const executor of new Set([bySize[0]!, ended])) {
      if (executor.isRetiring() && executor.trials().length === 0) retire(executor)
    }
  }

  /** Ends an executor that runs nothing. The first gets a successor: two of them would answer at the same time. */
  function retire (executor: LaneExecutor): void {
    if (executor === first()) isReplacing = true
    executors.delete(executor.threads)
    announce()
    const ended = executor.end(REPLACE_MS).then(() => {
      ending.delete(ended)
      if (executor.threads !== slots) return
      isReplacing = false
      if (!isStopping && !isFailed) start(slots)
    })
    ending.add(ended)
  }

  function retireIdle (keep: number, sinceMs: number): void {
    const now = performance.now()
    const idle = all().filter(executor => executor !== first() && executor.trials().length === 0 && now - executor.idleSince() >= sinceMs)
    for (const executor of idle.slice(0, Math.max(0, idle.length - keep))) retire(executor)
  }

  function bury (executor: LaneExecutor, death: Death): void {
    executors.delete(executor.threads)
    announce()
    if (isFailed) return
    const { how, isExcused, trials } = death
    log('error', 'executor_died', { device, threads: executor.threads, how, trials: trials.map(({ id }) => id) })
    void handBack(trials, `executor ended with ${how}`, !isExcused)
    if (!death.wasReady) {
      deaths++
      if (!isExcused) blamed++
    }
    if (!wasReady && blamed >= MAX_DEATHS_AT_START) {
      return fail(`${device} takes no trials: its executor died ${blamed} times before it was ready, the last time with ${how}; mend that and start the node anew`)
    }
    if (resting !== undefined && executor.threads !== slots) return // it rests already, and then looks at everything
    clearTimeout(resting)
    resting = setTimeout(() => {
      resting = undefined
      if (first() === undefined && !isReplacing) start(slots)
      options.onFree()
    }, death.wasReady ? 0 : backoffMs(deaths))
  }

  /** Another executor would not find the device either: none is forked. */
  function fail (reason: string): void {
    isFailed = true
    log('error', 'lane_failed', { device, reason })
    void handBack(trialsOf(all()), reason, false)
    options.onFailed(reason)
    settleUsable(false)
  }

  async function handBack (trials: Claimed[], reason: string, died: boolean): Promise<void> {
    if (trials.length > 0) await options.onLost(trials.map(trial => ({ trial, died })), reason)
  }

  function announce (): void {
    options.onExecutors?.(all().filter(executor => executor.isReady()).map(({ threads, pid }) => ({ threads, pid })))
  }

  start(slots)
  return {
    id: settings.laneId,
    device,
    slots,
    usable,
    freeSlots () {
      if (isStopping || isFailed || resting !== undefined || first()?.isReady() !== true) return 0
      if (!all().every(executor => executor.takesMore())) return 0
      return slots - trialsOf(all()).reduce((sum, trial) => sum + trial.slots, 0)
    },
    waiting: () => trialsOf(all().filter(executor => !executor.isReady())),
    async run (trial) {
      const threads = threadsFor(trial)
      if (isStopping || isFailed || (threads === slots && first() === undefined)) {
        return await handBack([trial], 'its executor was not ready', false)
      }
      let executor = executors.get(threads)
      if (executor === undefined) {
        retireIdle(MAX_IDLE - 1, 0)
        executor = start(threads)
      }
      executors.delete(threads)
      executors.set(threads, executor)
      executor.run(trial)
    },
    beat () {
      for (const executor of all()) executor.beat()
      retireIdle(0, idleMs)
    },
    async stop (timeoutMs) {
      isStopping = true
      settleUsable(false)
      clearTimeout(resting)
      const last = all()
      executors.clear()
      announce()
      await Promise.all([...last.map(async executor => { await executor.end(timeoutMs) }), ...ending])
      await handBack(trialsOf(last), 'its node was stopped', false)
    }
  }
}
