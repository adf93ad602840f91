/** Segments pictures in threads, without the tensor library: those of an API process, or of the command for a folder. */
import { Piscina } from 'piscina'
import { createTurns } from '../../datasets/turns.js'
import { AppError } from '../../errors.js'
import type { SegmentTask } from './read.js'
import type { SegmentAnswer, SegmentedPicture } from './task.js'

export interface SegmentPool {
  /**
   * Segments a picture off the main thread.
   * @param owner  whose turn it is: none keeps others from working
   * @throws AppError invalid_picture; invalid_request when the signal stopped it
   */
  segment (task: SegmentTask, owner: string, signal?: AbortSignal): Promise<SegmentedPicture>
  /** Ends the threads. */
  close (): Promise<void>
}

/** Threads of the system share the cores; half of them are never one team's. */
const THREADS = { max: 4, perOwner: 2 }

/** Makes a pool; its threads start with pictures and end when they were idle for a minute. */
export function createSegmentPool ({ max, perOwner } = THREADS): SegmentPool {
  const turns = createTurns(max, perOwner)
  const pool = new Piscina<SegmentTask, SegmentAnswer>({
    filename: new URL('./task.js', import.meta.url).href, minThreads: 0, maxThreads: max, idleTimeout: 60_000
  })
  return {
    async segment (task, owner, signal) {
      const endTurn = await turns.take(owner, signal).catch(explain)
      try {
        const answer = await pool.run(task, signal ? { signal } : {}).catch(explain)
        if ('failure' in answer) throw new AppError(answer.failure.code, answer.failure.message)
        return answer.segmented
      } finally {
        endTurn()
      }
    },
    close: async () => { await pool.destroy() }
  }
}

function explain (error: Error): never {
  if (error.name === 'AbortError') throw new AppError('invalid_request', 'the client went away', {}, { cause: error })
  throw error
}
