/** What a job reads that is no upload: files of the catalog, which are downloaded, and those of stored data sets. */
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Catalog } from '../datasets/catalog/index.js'
import type { PrepareFor } from '../datasets/dataset-pool.js'
import type { Parent } from '../datasets/derive/parent.js'
import type { DatasetJob } from '../datasets/prepare.js'
import type { BlobStore } from '../storage/blobs.js'
import { readStored, type StoredFileParts } from './stored-file.js'

export interface JobFileParts extends StoredFileParts { blobs: BlobStore, catalog: Catalog }

/**
 * Sees to it that what a job reads is there, or comes when its turn has come: a download would keep others waiting.
 * @throws AppError download_failed
 */
export async function provideFiles (parts: JobFileParts, job: DatasetJob): Promise<Pick<PrepareFor, 'bring'>> {
  if (job.type === 'catalog') await parts.catalog.download(job.entry)
  return job.type === 'derive' ? { bring: async folder => { await copyParents(parts, job.parents, folder) } } : {}
}

/** Puts the files of parents into a job's folder, each once. @throws AppError data_missing */
async function copyParents (parts: JobFileParts, parents: Parent[], folder: string): Promise<void> {
  for (const parent of new Map(parents.map(parent => [parent.blobSha, parent])).values()) {
    await readStored(parts, parent, async () => {
      await pipeline(await parts.blobs.stream(parent.blobSha), createWriteStream(path.join(folder, parent.blobSha)))
    })
  }
}
