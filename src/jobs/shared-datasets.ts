/** A team's data sets in memory that all threads of an executor share. */
import type { Description } from '../datasets/description.js'
import { AppError } from '../errors.js'
import type { Database } from '../storage/database.js'
import type { SharedDataset } from './messages.js'
import type { SharedBlobs } from './shared-blobs.js'
import { readStored, type StoredFileParts } from '../datasets/stored-file.js'

export interface SharedDatasets {
  /** Reads a team's data set, from memory when it was read before. @throws AppError not_found, data_missing */
  open (teamId: string, datasetId: string): Promise<SharedDataset & { blobSha: string }>
}

/** Makes the store of shared data sets. */
export function createSharedDatasets (db: Database, shared: SharedBlobs, parts: StoredFileParts): SharedDatasets {
  return {
    async open (teamId, datasetId) {
      const row = await db.prisma.dataset.findFirst({ where: { id: datasetId, teamId } })
      if (row === null) throw new AppError('not_found', `data set ${datasetId}`)
      const { id, blobSha } = row
      const description = { id, ...row.description as Description }
      return { description, memory: await readStored(parts, row, async () => await shared.read(blobSha)), blobSha }
    }
  }
}
