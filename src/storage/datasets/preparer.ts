/** Stub. */
import type { PreparedDataset } from './format.js'
import type { DatasetJob } from './prepare.js'
import type { BlobStore } from '../blobs.js'
import type { TeamStore } from '../team-store.js'
import type { DatasetResource } from '../team/datasets.js'

export interface Preparer {
  /** Prepares a data set off the main thread. @throws AppError invalid_dataset */
  prepare (job: DatasetJob): Promise<PreparedDataset>
  close (): Promise<void>
}

/** Starts the thread that prepares data sets; it ends by itself when idle. */
export function createPreparer (): Preparer {
  throw new Error('not yet')
}

/**
 * Prepares and stores a data set; the same source twice in a team is one data set.
 * @returns the data set, and whether it is new
 */
export async function addDataset (
  parts: { team: TeamStore, blobs: BlobStore, preparer: Preparer }, name: string, job: DatasetJob
): Promise<{ dataset: DatasetResource, created: boolean }> {
  throw new Error(`not yet ${typeof parts} ${name} ${job.type}`)
}
