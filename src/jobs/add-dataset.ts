/**
 * Adds a data set to a team: uploaded, generated, of the catalog or made of others, prepared, stored once. Its file later:
 * stored-file.ts.
 */
import { createReadStream } from 'node:fs'
import { v7 as newId } from 'uuid'
import { hashSource } from '../datasets/dataset-file.js'
import type { DatasetJob } from '../datasets/prepare.js'
import type { StoredBlob } from '../storage/blobs.js'
import type { Connection } from '../storage/database.js'
import type { DatasetResource } from '../storage/team/datasets.js'
import type { TeamStore } from '../storage/team-store.js'
import { provideFiles, type JobFileParts } from './job-files.js'
import { ensureStored } from './stored-file.js'
import type { UploadTracker } from './upload-tracker.js'

/** A data set of the team's, new or known. */
export interface AddedDataset { dataset: DatasetResource, created: boolean }

/**
 * Prepares and stores a data set; the same source twice in a team is one data set, and what can be known by its source
 * alone is not made again, unless its file was lost: an upload that comes again brings a lost one back, too.
 * Nothing is stored before all that can be refused was looked at.
 * @returns the data set, and whether it is new
 * @throws AppError invalid_dataset, quota_exceeded, download_failed
 */
export async function addDataset (parts: AddParts, name: string, job: DatasetJob): Promise<AddedDataset> {
  return await (await prepareDataset(parts, name, job))()
}

/** What prepares a data set and what stores it. */
export interface AddParts extends JobFileParts { team: TeamStore }

/** Writes the row of a data set, in the transaction of its caller if there is one. */
type Add = (on?: Connection) => Promise<AddedDataset>

/** What ends a preparation early, and who is told how far it is. */
export interface Attention { signal?: AbortSignal | undefined, tracker?: UploadTracker | undefined }

/** Does what takes long about addDataset. */
export async function prepareDataset (parts: AddParts, name: string, job: DatasetJob, { signal, tracker }: Attention = {}): Promise<Add> {
  const { datasets, teamId } = parts.team
  const source = toSource(job)
  const known = job.type === 'upload' ? undefined : await datasets.findBySource(hashSource(identityOf(job)))
  if (known) {
    if (job.type === 'generator') await ensureStored(parts, { ...known, teamId, blobSha: known.sha256 })
    if (await parts.blobs.has(known.sha256)) return async () => ({ dataset: known, created: false })
  }
  const options = { team: teamId, signal, watch: tracker?.watch, ...await provideFiles(parts, job) }
  tracker?.note({ stage: 'waiting' })
  return await parts.datasetPool.prepare(job, options, async ({ file, sha256, sizeBytes, description, report }): Promise<Add> => {
    tracker?.note({ stage: 'storing' })
    checkCatalog(job, sha256)
    const sourceHash = hashSource(identityOf(job), job.type === 'upload' ? sha256 : undefined)
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

function checkCatalog (job: DatasetJob, sha256: string): void {
  if (job.type !== 'catalog' || job.entry.sha256 === undefined || job.entry.sha256 === sha256) return
  throw new Error(`The data set ${job.entry.id} must have the SHA-256 ${job.entry.sha256}, got ${sha256}`)
}

/** What makes two jobs the same one, with the bytes of what was uploaded: of parents the bytes count, and not the rows. */
function identityOf (job: DatasetJob): Record<string, unknown> {
  return job.type === 'derive' ? { derive: { ...job.spec, of: job.parents.map(({ blobSha }) => blobSha) } } : toSource(job)
}

/** What is kept of where a data set came from: the spec with what it names, or the files' names and options. */
function toSource (job: DatasetJob): Record<string, unknown> {
  if (job.type === 'generator') return { generator: job.spec }
  if (job.type === 'catalog') return { catalog: job.entry.id }
  if (job.type === 'derive') return { derive: job.spec, parents: job.parents.map(({ id, name, blobSha }) => ({ id, name, sha256: blobSha })) }
  const { format, files, options } = job
  const names = Object.entries(files).map(([role, file]) => [role, file.name])
  return { upload: { format, files: Object.fromEntries(names), options } }
}
