/**
 * Prepares data sets in threads. One pool serves an API process. Uploads and generators have threads of their own,
 * so that a submission that needs data made never waits for an upload. What stores them: src/jobs/add-dataset.ts.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { Piscina } from 'piscina'
import { AppError } from '../errors.js'
import { createCores } from './helpers/cores.js'
import type { UploadLimits } from './limits.js'
import type { DatasetJob, PreparedDataset, PrepareTask, Preparation } from './prepare.js'
import { createTurns } from './turns.js'

export interface DatasetPoolOptions {
  /** where temporary folders are made: beside the data, where there is room for it */
  folder: string
  limits: UploadLimits
  /** megabytes of JavaScript values that a thread may hold; it ends at the bound, the process does not */
  heapMegabytes?: number
  /** uploads that are read at the same time, in all and of one team */
  uploads?: { max: number, perTeam: number }
  /** threads that uploads hold together, once each holds one; those of the machine when left out */
  cores?: number
}

/** For whom a job is done, and what ends it early. */
export interface PrepareFor {
  team: string
  signal?: AbortSignal | undefined
  /** brings what the job reads into its folder, when its turn has come */
  bring?: ((folder: string) => Promise<void>) | undefined
  /** who looks on */
  watch?: PrepareWatch | undefined
}

export interface PrepareWatch {
  /** of createCounter: what is read is counted there */
  counter: SharedArrayBuffer
  /** Is told when a job's turn has come. */
  begin (): void
}

export interface DatasetPool {
  /**
   * Prepares a data set off the main thread.
   * @param use  what is done with its file, which is gone afterwards
   * @throws AppError invalid_dataset; invalid_request when the signal stopped it
   */
  prepare<T> (job: DatasetJob, options: PrepareFor, use: (prepared: PreparedDataset) => Promise<T>): Promise<T>
  /** Ends the threads. */
  close (): Promise<void>
}

/** A thread reads rows by the piece and keeps class names: a tenth of this is plenty. */
const HEAP_MEGABYTES = 512
/** Threads of the system share the cores; half of them are never one team's. */
const UPLOADS = { max: 4, perTeam: 2 }
const GENERATORS = { max: 2, perTeam: 1 }

/** Makes a pool; its threads start with jobs and end when they were idle for 30 s. */
export function createDatasetPool (options: DatasetPoolOptions): DatasetPool {
  const { folder, limits: given, heapMegabytes = HEAP_MEGABYTES, uploads = UPLOADS } = options
  const { maxUnpackedBytes, maxRows, maxCells, maxClasses } = given
  const limits = { maxUnpackedBytes, maxRows, maxCells, maxClasses } // what goes to the threads, and no more of the settings
  const cores = createCores(uploads.max + GENERATORS.max, options.cores)
  const lanes = { upload: openLane(uploads, heapMegabytes), generator: openLane(GENERATORS, heapMegabytes) }

  async function prepare<T> (
    job: DatasetJob, { team, signal, watch, bring }: PrepareFor, use: (prepared: PreparedDataset) => Promise<T>
  ): Promise<T> {
    const { turns, pool } = lanes[job.type === 'generator' ? 'generator' : 'upload']
    const endTurn = await turns.take(team, signal).catch(explain)
    watch?.begin()
    const temporary = await makeFolder(folder)
    try {
      await bring?.(temporary)
      const share = cores.take()
      const task = { job, folder: temporary, limits, ...watch && { counter: watch.counter }, helping: { share, heapMegabytes } }
      const answer = await pool.run(task, signal ? { signal } : {}).catch(explain).finally(() => { cores.giveBack(share) })
      endTurn()
      if ('failure' in answer) throw new AppError(answer.failure.code, answer.failure.message)
      return await use(answer.prepared)
    } finally {
      endTurn()
      // A thread that was stopped may still be writing for a moment.
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 })
    }
  }

  function explain (error: Error & { code?: string }): never {
    if (error.name === 'AbortError') throw new AppError('invalid_request', 'the client went away', {}, { cause: error })
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      throw new AppError('invalid_dataset', `reading it must take at most ${heapMegabytes} MB of memory, got more; are its lines very long?`, {}, { cause: error })
    }
    throw error
  }

  return { prepare, close: async () => { await Promise.all(Object.values(lanes).map(lane => lane.pool.destroy())) } }
}

function openLane ({ max, perTeam }: { max: number, perTeam: number }, heapMegabytes: number) {
  const pool = new Piscina<PrepareTask, Preparation>({
    filename: new URL('./prepare.js', import.meta.url).href,
    minThreads: 0,
    maxThreads: max,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes }
  })
  // Of a thread without a task, which may run out of memory after its answer: nobody waits for it, and the next job gets
  // another. Without a listener it would end the process.
  pool.on('error', () => {})
  return { pool, turns: createTurns(max, perTeam) }
}

async function makeFolder (parent: string): Promise<string> {
  await mkdir(parent, { recursive: true })
  return await mkdtemp(path.join(parent, 'prepare-'))
}
