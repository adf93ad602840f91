/** Prepares data sets in a thread of their own and stores them. One preparer serves an API process. */
import { Piscina } from 'piscina'
import { v7 as newId } from 'uuid'
import { AppError } from '../../errors.js'
import type { BlobStore } from '../blobs.js'
import type { Connection } from '../database.js'
import type { DatasetResource } from '../team/datasets.js'
import type { TeamStore } from '../team-store.js'
import { hashSource, type PreparedDataset } from './format.js'
import type { DatasetJob, Preparation } from './prepare.js'

export interface Preparer {
  /** Prepares a data set off the main thread. @throws AppError invalid_dataset */
  prepare (job: DatasetJob): Promise<PreparedDataset>
  /** Ends the thread. */
  close (): Promise<void>
}

/** Makes a preparer; its thread starts with the first job and ends when it was idle for 30 s. */
export function createPreparer (): Preparer {
  const pool = new Piscina<DatasetJob, Preparation>({
    // One: an upload may take gigabytes while it is prepared.
    filename: new URL('./prepare.js', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 30_000
  })

  async function prepare (job: DatasetJob): Promise<PreparedDataset> {
    const answer = await pool.run(job)
    if ('failure' in answer) throw new AppError(answer.failure.code, answer.failure.message)
    return answer.prepared
  }

  return { prepare, close: () => pool.destroy() }
}

export interface AddedDataset { dataset: DatasetResource, created: boolean }

/**
 * Prepares and stores a data set; the same source twice in a team is one data set, and a generator's is not made again.
 * @returns the data set, and whether it is new
 * @throws AppError invalid_dataset, quota_exceeded
 */
export async function addDataset (parts: AddParts, name: string, job: DatasetJob): Promise<AddedDataset> {
  return await (await prepareDataset(parts, name, job))()
}

export interface AddParts { team: TeamStore, blobs: BlobStore, preparer: Preparer }

/**
 * Does what takes long about addDataset.
 * @returns what writes the data set's row, in the transaction of its caller if there is one
 */
export async function prepareDataset (
  parts: AddParts, name: string, job: DatasetJob
): Promise<(on?: Connection) => Promise<AddedDataset>> {
  const { datasets } = parts.team
  const source = toSource(job)
  const known = job.type === 'generator' ? await datasets.findBySource(hashSource(source)) : undefined
  if (known) return async () => ({ dataset: known, created: false })
  const { bytes, description } = await parts.preparer.prepare(job)
  const blob = await parts.blobs.put(bytes)
  const sourceHash = hashSource(source, job.type === 'generator' ? undefined : blob.sha256)
  return async on => {
    const id = newId()
    const dataset = await datasets.create({ id, name, source, sourceHash, description, blob }, on)
    return { dataset, created: dataset.id === id }
  }
}

/** What is kept of where a data set came from: the spec, or the files' names and options. */
function toSource (job: DatasetJob): Record<string, unknown> {
  if (job.type === 'generator') return { generator: job.spec }
  const { type, options = {}, ...files } = job
  const names = Object.entries(files).filter(([, file]) => file !== undefined).map(([role, file]) => [role, file.name])
  return { upload: { format: type, files: Object.fromEntries(names), options } }
}
