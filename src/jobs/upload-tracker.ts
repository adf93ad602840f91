/**
 * Tells how far an upload is while it is under way: what the form's reader and the preparing thread know, written once a
 * second to a row that any API process can read (storage/team/uploads.ts). Nothing of it outlives the upload.
 */
import { createCounter, readCounter } from '../datasets/counter.js'
import type { PrepareWatch } from '../datasets/dataset-pool.js'
import type { TeamUploads, UploadProgress } from '../storage/team/uploads.js'

export interface UploadTracker {
  /** Notes what has changed; it is written within a second. */
  note (changes: Partial<UploadProgress>): void
  /** For the pool that reads it. */
  watch: PrepareWatch
  /** Removes the row; what was noted last may never have been seen. */
  end (): Promise<void>
}

/** Often enough for a bar that moves, and nothing beside what receiving costs. */
const PAUSE_MS = 1000

/**
 * Begins to tell.
 * @param totalBytes of the request; null where it does not say
 * @param onError    is told when the row could not be written: an upload does not fail for that
 * @throws AppError conflict while an upload of that id is under way
 */
export async function trackUpload (
  uploads: TeamUploads, { id, totalBytes }: { id: string, totalBytes: number | null }, onError: (error: Error) => void
): Promise<UploadTracker> {
  const counter = createCounter()
  let progress: UploadProgress = { name: null, format: null, stage: 'receiving', receivedBytes: 0, totalBytes, readBytes: 0, rows: null }
  await uploads.begin(id, progress)
  let writing: Promise<void> | undefined
  const timer = setInterval(() => { writing ??= write() }, PAUSE_MS).unref()

  async function write (): Promise<void> {
    const { bytes, rows } = readCounter(counter)
    const isRead = progress.stage === 'reading' || progress.stage === 'storing'
    await uploads.tell(id, isRead ? { ...progress, readBytes: bytes, rows } : progress).catch(onError)
    writing = undefined
  }

  return {
    note (changes) { progress = { ...progress, ...changes } },
    watch: { counter, begin: () => { progress.stage = 'reading' } },
    async end () {
      clearInterval(timer)
      await writing
      await uploads.end(id).catch(onError)
    }
  }
}
