/**
 * The files of a stored model for the thread that works with it. What is not in the blob store is made again where that
 * is possible (a generated data set), left to be built again (a part of an index), or named.
 */
import { AppError } from '../errors.js'
import { withTransaction, type Database } from '../storage/database.js'
import { loseParts } from '../storage/indexes.js'
import type { ModelSource } from '../storage/model-source.js'
import type { SharedBlobs } from './shared-blobs.js'
import { readStored, type StoredFileParts } from './stored-file.js'

export interface ModelFileParts extends StoredFileParts { db: Database, shared: SharedBlobs }

/** Gives the blobs of a model; reading throws AppError data_missing, index_missing or file_missing for what is not there. */
export function modelFiles (parts: ModelFileParts, { modelId, dataset, checkpoints, indexes }: ModelSource): SharedBlobs {
  const { db, blobs, shared } = parts

  async function explain (sha256: string, cause: unknown): Promise<never> {
    if (!(cause instanceof AppError) || cause.code !== 'file_missing') throw cause
    for (const { layers, parts } of indexes) {
      const part = parts.find(({ blobSha }) => blobSha === sha256)
      if (part === undefined) continue
      // All of them: a rebuilt index must not fail at the next one.
      const hashes = parts.map(({ blobSha }) => blobSha)
      const there = await Promise.all(hashes.map(async hash => await blobs.has(hash)))
      await withTransaction(db.pool, async client => { await loseParts(client, modelId, hashes.filter((_, i) => !there[i])) })
      throw new AppError('index_missing', `the index of model ${modelId} for layers=${layers}, part of step ${part.step}: ${cause.detail}`, {}, { cause })
    }
    const step = checkpoints.find(({ blobSha }) => blobSha === sha256)?.step
    throw new AppError('file_missing', `the weights of model ${modelId} at step ${step}: ${cause.detail}`, {}, { cause })
  }

  return {
    read: async sha256 => sha256 === dataset?.blobSha
      ? await readStored(parts, dataset, async () => await shared.read(sha256))
      : await shared.read(sha256).catch(async (error: unknown) => await explain(sha256, error))
  }
}
