/**
 * Threads that help the one that reads an upload, where it is large and cores are free: what they do is in helper.ts, how
 * many there may be in cores.ts, and in-order.ts puts what they answer in order. Whether there are any changes no byte of
 * what comes out.
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
  /** Ends all of them. */
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

/** Opens the helpers of an upload; none is started before there is work for one. */
export function openHelpers ({ share, heapMegabytes, entry = new URL('./helper.js', import.meta.url) }: HelperOptions): Helpers {
  const started: Started[] = []
  let death: AppError | undefined
  let asked = 0

  function start (): void {
    const thread = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } })
    started.push(follow(thread, error => (death ??= toDeath(error, heapMegabytes))))
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
    close: async () => { await Promise.all([...started].map(end)) }
  }
}

interface Started extends Helper {
  readonly isReady: boolean
  /** that it has not answered yet */
  readonly tasks: number
  end (): Promise<void>
}

/** Asks a thread, and hears of its death. @param onDeath  gives the error that is told */
function follow (thread: Worker, onDeath: (error: unknown) => AppError): Started {
  const waiting = new Map<number, { resolve: (answer: never) => void, reject: (error: unknown) => void }>()
  let isReady = false
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
  thread.on('message', (answer: Answer) => {
    if ('isReady' in answer) {
      isReady = true
      return
    }
    const { resolve, reject } = waiting.get(answer.number)!
    waiting.delete(answer.number)
    if ('failure' in answer) reject(new AppError(answer.failure.code, answer.failure.message))
    else if ('error' in answer) reject(answer.error)
    else resolve(answer.answer as never)
  })
  thread.on('error', die)
  thread.on('exit', code => { die(new Error(`it ended with the code ${code}`)) })
  return {
    get isReady () { return isReady && !isOver },
    get tasks () { return waiting.size },
    run: async (name, message) => await new Promise((resolve, reject) => {
      if (death !== undefined) throw death
      const number = last++
      waiting.set(number, { resolve, reject })
      thread.postMessage({ number, name, message } satisfies Request)
    }),
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
