/**
 * Threads that help the one that reads an upload, where it is large and cores are free: what they do is in helper.ts, how
 * many there may be in cores.ts, and in-order.ts puts what they answer in order. Whether there are any changes no byte of
 * what comes out. One that has done all it was asked is kept for the next upload of the same thread, and ends with that.
 */
import { Worker } from 'node:worker_threads'
import { AppError } from '../../errors.js'
import { holdThread, isCrowded, releaseThread, type CoreShare } from './cores.js'
import type { Answer, HelperTasks, Request } from './helper.js'

export interface HelperOptions {
  share: CoreShare
  /** megabytes of JavaScript values that a helper may hold */
  heapMegabytes: number
  /** what a helper runs; helper.ts when left out */
  entry?: URL
}

export interface Helpers {
  /** how many there are */
  readonly count: number
  /** Says that there will be much to do: one is started now, and is there when it begins. */
  expectMuch (): void
  /** One that has little to do, if there is one; helpers come and go while this is asked. @throws AppError once one has died */
  idle (): Helper | undefined
  /** Ends those that are at work, keeps the others. */
  close (): Promise<void>
}

export interface Helper {
  /** @throws AppError that the work threw, or that the thread died */
  run <Name extends keyof HelperTasks> (name: Name, message: HelperTasks[Name]['message']): Promise<HelperTasks[Name]['answer']>
}

/** The thread that asks puts the answers in order and writes them: it keeps no more of them busy. */
const MOST = 3
/** While it does one task the next one is there. */
const TASKS_EACH = 2
/** A thread takes 40 ms to begin: what is done by then needs none, unless it is known that there will be more. */
const TASKS_ALONE = 12

/** One that waits for the next upload, and what it was started with. */
interface Kept { thread: Worker, heapMegabytes: number, entry: string }
const kept: Kept[] = []
const isAlive = ({ thread }: Kept): boolean => thread.threadId >= 0 // -1 when it has ended

/** Opens the helpers of an upload; none is started before there is work for one. */
export function openHelpers ({ share, heapMegabytes, entry = new URL('./helper.js', import.meta.url) }: HelperOptions): Helpers {
  const started: Started[] = []
  let death: AppError | undefined
  let asked = 0

  function start (): void {
    const isOf = (one: Kept): boolean => one.heapMegabytes === heapMegabytes && one.entry === entry.href && isAlive(one)
    const at = kept.findIndex(isOf)
    const isReady = at >= 0
    const resourceLimits = { maxOldGenerationSizeMb: heapMegabytes }
    const thread = isReady ? kept.splice(at, 1)[0]!.thread : new Worker(entry, { resourceLimits })
    started.push(follow(thread, isReady, error => (death ??= toDeath(error, heapMegabytes))))
  }

  /** Keeps one, if it has nothing to do. */
  async function keep (helper: Started): Promise<void> {
    const mayStay = death === undefined && helper.isReady && helper.tasks === 0 && kept.length < MOST
    if (!mayStay || !(await helper.run('forget', null).then(() => true, () => false))) {
      await end(helper)
      return
    }
    kept.push({ thread: helper.leave(), heapMegabytes, entry: entry.href })
    started.splice(started.indexOf(helper), 1)
    releaseThread(share)
  }

  async function end (helper: Started): Promise<void> {
    started.splice(started.indexOf(helper), 1)
    await helper.end()
    releaseThread(share)
  }

  function startOne (): void {
    if (started.length < MOST && holdThread(share)) start()
  }

  return {
    get count () { return started.length },
    expectMuch () {
      if (started.length > 0) return
      asked = TASKS_ALONE
      startOne()
    },
    idle () {
      if (death !== undefined) throw death
      if (started.length > 0 && isCrowded(share)) {
        const free = started.find(({ tasks }) => tasks === 0)
        if (free !== undefined) void end(free)
        return undefined
      }
      if (++asked > TASKS_ALONE) startOne()
      return started.filter(({ isReady, tasks }) => isReady && tasks < TASKS_EACH).sort((a, b) => a.tasks - b.tasks)[0]
    },
    close: async () => { await Promise.all([...started].map(keep)) }
  }
}

interface Started extends Helper {
  readonly isReady: boolean
  /** that it has not answered yet */
  readonly tasks: number
  /** Lets the thread wait for whoever follows it next. */
  leave (): Worker
  end (): Promise<void>
}

/** Asks a thread, and hears of its death. @param isReady  whether its modules are loaded @param onDeath  gives the error that is told */
function follow (thread: Worker, isReady: boolean, onDeath: (error: unknown) => AppError): Started {
  const waiting = new Map<number, { resolve: (answer: never) => void, reject: (error: unknown) => void }>()
  let isOver = false
  let death: AppError | undefined
  let last = 0
  function die (error: unknown): void {
    if (isOver) return
    isOver = true
    death = onDeath(error)
    for (const { reject } of waiting.values()) reject(death)
    waiting.clear()
  }
  const hear = (answer: Answer): void => {
    if ('isReady' in answer) {
      isReady = true
      return
    }
    const { resolve, reject } = waiting.get(answer.number)!
    waiting.delete(answer.number)
    if ('failure' in answer) reject(new AppError(answer.failure.code, answer.failure.message))
    else if ('error' in answer) reject(answer.error)
    else resolve(answer.answer as never)
  }
  const exit = (code: number): void => { die(new Error(`it ended with the code ${code}`)) }
  thread.on('message', hear).on('error', die).on('exit', exit)
  thread.ref() // one that was kept let the process end
  return {
    get isReady () { return isReady && !isOver },
    get tasks () { return waiting.size },
    run: async (name, message) => await new Promise((resolve, reject) => {
      if (death !== undefined) throw death
      const number = last++
      waiting.set(number, { resolve, reject })
      thread.postMessage({ number, name, message } satisfies Request)
    }),
    leave () {
      isOver = true
      thread.off('message', hear).off('error', die).off('exit', exit)
      thread.on('error', () => {}) // nobody waits for it: the next upload starts another one
      thread.unref()
      return thread
    },
    async end () {
      isOver = true
      await thread.terminate()
    }
  }
}

function toDeath (error: unknown, heapMegabytes: number): AppError {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new AppError('invalid_dataset', `reading it must take at most ${heapMegabytes} MB of memory, got more`, {}, { cause: error })
  }
  return new AppError('internal', `a thread that helped to read the upload died: ${(error as Error).message}; nothing was stored`, {}, { cause: error })
}
