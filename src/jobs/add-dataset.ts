/** Adds a data set to a team: what was uploaded or is generated, prepared, stored once. Its file later: stored-file.ts. */
import { createReadStream } from 'node:fs'
import { v7 as newId } from 'uuid'
import { hashSource } from '../datasets/dataset-file.js'
import type { DatasetJob } from '../datasets/prepare.js'
import type { DatasetPool } from '../datasets/dataset-pool.js'
import type { BlobStore, StoredBlob } from '../storage/blobs.js'
import type { Connection } from '../storage/database.js'
import type { DatasetResource } from '../storage/team/datasets.js'
import type { TeamStore } from '../storage/team-store.js'
import { ensureStored } from './stored-file.js'
import type { UploadTracker } from './upload-tracker.js'

/** A data set of the team's, new or known. */
export interface AddedDataset { dataset: DatasetResource, created: boolean }

/**
 * Prepares and stores a data set; the same source twice in a team is one data set, and a generator's is not made again,
 * unless its file was lost: an upload that comes again brings a lost one back, too.
 * Nothing is stored before all that can be refused was looked at.
 * @returns the data set, and whether it is new
 * @throws AppError invalid_dataset, quota_exceeded
 */
export async function addDataset (parts: AddParts, name: string, job: DatasetJob): Promise<AddedDataset> {
  return await (await prepareDataset(parts, name, job))()
}

/** What prepares a data set and what stores it. */
export interface AddParts { team: TeamStore, blobs: BlobStore, datasetPool: DatasetPool }

/** Writes the row of a data set, in the transaction of its caller if there is one. */
type Add = (on?: Connection) => Promise<AddedDataset>

/** What ends a preparation early, and who is told how far it is. */
export interface Attention { signal?: AbortSignal | undefined, tracker?: UploadTracker | undefined }

/** Does what takes long about addDataset. */
export async function prepareDataset (parts: AddParts, name: string, job: DatasetJob, { signal, tracker }: Attention = {}): Promise<Add> {
  const { datasets, teamId } = parts.team
  const source = toSource(job)
  const known = job.type === 'generator' ? await datasets.findBySource(hashSource(source)) : undefined
  if (known) {
    await ensureStored(parts, { ...known, teamId, blobSha: known.sha256 })
    return async () => ({ dataset: known, created: false })
  }
  return await parts.datasetPool.prepare(job, { team: teamId, signal, watch: tracker?.watch }, async ({ file, sha256, sizeBytes, description, report }): Promise<Add> => {
    tracker?.note({ stage: 'storing' })
    const sourceHash = hashSource(source, job.type === 'generator' ? undefined : sha256)
    const same = await datasets.findBySource(sourceHash)
    const put = async (): Promise<StoredBlob> => await parts.blobs.put(createReadStream(file, { highWaterMark: 1024 * 1024 }))
    if (same) {
      if (!await parts.blobs.has(sha256)) await put()
      return async () => ({ dataset: same, created: false })
    }
    await datasets.checkRoom(sizeBytes)
    const blob = await put()
    return async on => {
      const id = newId()
      const dataset = await datasets.create({ id, name, source, sourceHash, description, report, blob }, on)
      return { dataset, created: dataset.id === id }
    }
  })
}

/** What is kept of where a data set came from: the spec, or the files' names and options. */
function toSource (job: DatasetJob): Record<string, unknown> {
  if (job.type === 'generator') return { generator: job.spec }
  const { format, files, options } = job
  const names = Object.entries(files).map(([role, file]) => [role, file.name])
  return { upload: { format, files: Object.fromEntries(names), options } }
}
