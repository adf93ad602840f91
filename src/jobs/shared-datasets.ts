/** A team's data sets in memory that all threads of an executor share. */
import type { Database } from '../storage/database.js'
import { forTeam } from '../storage/team-store.js'
import type { SharedDataset } from './messages.js'
import type { SharedBlobs } from './shared-blobs.js'
import { readStored, type StoredFileParts } from './stored-file.js'

export interface SharedDatasets {
  /** Reads a team's data set, from memory when it was read before. @throws AppError not_found, data_missing */
  open (teamId: string, datasetId: string): Promise<SharedDataset & { blobSha: string }>
}

/** Makes the store of shared data sets. */
export function createSharedDatasets (db: Database, shared: SharedBlobs, parts: StoredFileParts): SharedDatasets {
  return {
    async open (teamId, datasetId) {
      const dataset = await forTeam(db, teamId).datasets.open(datasetId)
      const { description, blobSha } = dataset
      return { description, memory: await readStored(parts, dataset, async () => await shared.read(blobSha)), blobSha }
    }
  }
}
