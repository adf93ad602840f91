/**
 * The file of a stored data set when it is not in the blob store: a generated one is made again, an uploaded one is named.
 * Whatever reads data sets reads them through here: the API's examples and submissions, trials, questions, index builds.
 */
import { createReadStream } from 'node:fs'
import type { GeneratorSpec } from '../datasets/generators/index.js'
import type { DatasetPool } from '../datasets/dataset-pool.js'
import { AppError } from '../errors.js'
import type { BlobStore } from '../storage/blobs.js'
import type { StoredDataset } from '../storage/team/datasets.js'

export interface StoredFileParts { blobs: Pick<BlobStore, 'has' | 'put'>, datasetPool: DatasetPool }

/**
 * Does what reads a data set's file; when the file is not there and its generator can make it, once more with a new one.
 * @throws AppError data_missing, and whatever read throws
 */
export async function readStored<T> (parts: StoredFileParts, dataset: StoredDataset, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'file_missing') throw error
    await makeAgain(parts, dataset)
    return await read()
  }
}

/** Sees to it that the file is there. @throws AppError data_missing */
export async function ensureStored (parts: StoredFileParts, dataset: StoredDataset): Promise<void> {
  if (!await parts.blobs.has(dataset.blobSha)) await makeAgain(parts, dataset)
}

/** Looks whether the file is there, or can be made when it is needed. @throws AppError data_missing */
export async function checkStored ({ blobs }: Pick<StoredFileParts, 'blobs'>, dataset: StoredDataset): Promise<void> {
  if (generatorOf(dataset) === undefined && !await blobs.has(dataset.blobSha)) throw missing(dataset)
}

/** Makes the file of a generated data set anew: the same bytes, or none. */
async function makeAgain ({ blobs, datasetPool }: StoredFileParts, dataset: StoredDataset): Promise<void> {
  const spec = generatorOf(dataset)
  if (spec === undefined) throw missing(dataset)
  await datasetPool.prepare({ type: 'generator', spec }, { team: dataset.teamId }, async ({ file, sha256 }) => {
    if (sha256 !== dataset.blobSha) throw missing(dataset, `, and its generator now makes other bytes (${sha256})`)
    await blobs.put(createReadStream(file, { highWaterMark: 1024 * 1024 }))
  })
}

function generatorOf ({ source }: StoredDataset): GeneratorSpec | undefined {
  return (source as { generator?: GeneratorSpec }).generator
}

function missing ({ id, name, blobSha }: StoredDataset, more = ''): AppError {
  return new AppError('data_missing', `the file of data set ${id} (${JSON.stringify(name)}), blob ${blobSha}, is not in the blob store${more}`)
}
