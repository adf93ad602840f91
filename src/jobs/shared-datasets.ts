/** Data sets in memory that all threads of an executor share, kept while they are used and as long as they fit. */
import { AppError } from '../errors.js'
import type { BlobStore } from '../storage/blobs.js'
import type { Database } from '../storage/database.js'
import type { SharedDataset } from './messages.js'

export interface SharedDatasets {
  /** Reads a team's data set, from memory when it was read before. @throws not_found */
  open (teamId: string, datasetId: string): Promise<SharedDataset & { blobSha: string }>
}

/** What stays in memory for the next trial; a running trial holds its own data set in any case. */
const KEPT_BYTES = 2 * 1024 ** 3

/** Makes the store of shared data sets. */
export function createSharedDatasets (db: Database, blobs: BlobStore): SharedDatasets {
  const kept = new Map<string, Promise<SharedArrayBuffer>>() // by sha-256, least recently used first
  const sizes = new Map<string, number>()

  async function read (sha256: string): Promise<SharedArrayBuffer> {
    const known = kept.get(sha256)
    kept.delete(sha256)
    const memory = known ?? blobs.readShared(sha256).then(bytes => bytes.buffer)
    kept.set(sha256, memory)
    try {
      sizes.set(sha256, (await memory).byteLength)
    } catch (error) {
      kept.delete(sha256)
      throw error
    }
    forget()
    return await memory
  }

  function forget (): void {
    let total = [...kept.keys()].reduce((sum, sha256) => sum + (sizes.get(sha256) ?? 0), 0)
    for (const sha256 of [...kept.keys()].slice(0, -1)) {
      if (total <= KEPT_BYTES) return
      total -= sizes.get(sha256) ?? 0
      kept.delete(sha256)
      sizes.delete(sha256)
    }
  }

  return {
    async open (teamId, datasetId) {
      const row = await db.prisma.dataset.findFirst({ where: { id: datasetId, teamId } })
      if (row === null) throw new AppError('not_found', `data set ${datasetId}`)
      const { id, inputShape, classes, labelNames, trainCount, testCount, blobSha } = row
      const description = { id, inputShape, dtype: row.dtype as 'uint8' | 'float32', classes, labelNames, trainCount, testCount }
      return { description, memory: await read(blobSha), blobSha }
    }
  }
}
