/**
 * One executor of a lane and the trials that it was given, from its fork to its end. Trials may come before it is ready:
 * they are sent when it is. Whether another one is forked after it is its lane's affair. Next hops: lane.ts, executor-process.ts.
 */
import type { Log } from '../log.js'
import type { Claimed } from '../storage/claims.js'
import { forkExecutor } from './executor-process.js'
import type { ExecutorSettings, FromExecutor } from './messages.js'

export interface LaneExecutor {
  readonly pid: number | undefined
  readonly threads: number
  isReady (): boolean
  /** False while it must get no trial: it is silent, or due to end. */
  takesMore (): boolean
  /** Whether another one is to be forked at the first moment without trials. */
  isRetiring (): boolean
  /** From now on it takes no more, and is to be ended. */
  retireSoon (): void
  /** resident memory, as it was heard of last */
  rssBytes (): number
  /** trials that it was given and that have not ended */
  trials (): Claimed[]
  /** since when it has none, by performance.now() */
  idleSince (): number
  run (trial: Claimed): void
  beat (): void
  /** Lets it bring every trial to a boundary and end, by force after the time. What it says then is not heard any more. */
  end (timeoutMs: number): Promise<void>
}

export interface LaneExecutorEvents {
  /** a message of it, after what it means for its trials */
  onMessage: (message: FromExecutor) => void
  /** it died, with the trials that it had */
  onDeath: (death: Death) => void
}

/** wasReady: it had started; isExcused: its trials are not to blame. */
export interface Death { how: string, wasReady: boolean, isExcused: boolean, trials: Claimed[] }

/**
 * A thread that ends in mid-work, by force or by itself, leaks what it had of the engine (about 6 MB for a step), and goes on
 * until the step is over. So the process is forked anew at the first moment without trials; after so many it gets no more until then.
 */
const MAX_DEATHS = 20

/** Forks an executor. */
export function openLaneExecutor (settings: ExecutorSettings, log: Log, { onMessage, onDeath }: LaneExecutorEvents): LaneExecutor {
  const given = new Map<string, Claimed>()
  let deaths = 0
  let isFull = false
  let rssBytes = 0
  let idleSince = performance.now()
  let isEnding = false

  const child = forkExecutor(settings, log, message => {
    if (isEnding) return
    if (message.type === 'ready') for (const trial of given.values()) child.send({ type: 'run', trial })
    if (message.type === 'beat' || message.type === 'ended') rssBytes = message.rssBytes
    if (message.type === 'ended') {
      given.delete(keyOf(message.trialId, message.attempt))
      idleSince = performance.now()
      if (message.died) deaths++
    }
    onMessage(message)
  })
  void child.ended.then(end => {
    if (isEnding) return
    const trials = [...given.values()]
    given.clear()
    onDeath({ ...end, trials })
  })

  return {
    pid: child.pid,
    threads: settings.threads,
    isReady: child.isReady,
    takesMore: () => !isFull && deaths < MAX_DEATHS && !child.isSilent(),
    isRetiring: () => isFull || deaths > 0,
    retireSoon () { isFull = true },
    rssBytes: () => rssBytes,
    trials: () => [...given.values()],
    idleSince: () => idleSince,
    run (trial) {
      given.set(keyOf(trial.id, trial.attempt), trial)
      if (child.isReady()) child.send({ type: 'run', trial })
    },
    beat: child.beat,
    async end (timeoutMs) {
      isEnding = true
      await child.drain(timeoutMs)
    }
  }
}

function keyOf (trialId: string, attempt: number): string {
  return `${trialId} ${attempt}`
}
