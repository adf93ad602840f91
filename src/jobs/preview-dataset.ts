/** Shows what a data set would be: all is read and checked as for one that is stored, and gone afterwards. */
import { open } from 'node:fs/promises'
import { readExample, type Example } from '../datasets/dataset-file.js'
import { layoutOf, type Description } from '../datasets/description.js'
import type { DatasetJob, PreparedDataset } from '../datasets/prepare.js'
import { sizeOf } from '../math/arrays.js'
import type { BlobStore } from '../storage/blobs.js'
import type { AddParts, Attention } from './add-dataset.js'
import { provideFiles } from './job-files.js'

/** What a data set would be. */
export interface DatasetPreview extends Omit<PreparedDataset, 'file' | 'description'>, Description {
  /** the first ones to train on: as many as are short enough to be looked at as numbers */
  examples: Example[]
}

const PREVIEWED = 5
/** Of all examples that a preview shows. */
const MAX_NUMBERS = 50_000

/** Prepares a data set and stores nothing. @throws AppError invalid_dataset, download_failed */
export async function previewDataset (
  parts: AddParts, job: DatasetJob, { signal, tracker }: Attention = {}
): Promise<DatasetPreview> {
  const options = { team: parts.team.teamId, signal, watch: tracker?.watch, ...await provideFiles(parts, job) }
  tracker?.note({ stage: 'waiting' })
  return await parts.datasetPool.prepare(job, options, async ({ file, description, ...rest }) => {
    const numbers = Object.values(description.fields).reduce((sum, field) => sum + sizeOf(layoutOf(field).shape), 0)
    const count = Math.min(PREVIEWED, description.counts.train, Math.floor(MAX_NUMBERS / numbers))
    const opened = { description, blobSha: rest.sha256 }
    const examples = await withFileRanges(file, async ranges =>
      await Promise.all(Array.from({ length: count }, async (_, index) => await readExample(ranges, opened, 'train', index))))
    return { ...description, ...rest, examples }
  })
}

/** Reads parts of a file that is not in the blob store yet, as of one that is. */
async function withFileRanges<T> (file: string, use: (ranges: Pick<BlobStore, 'readRange'>) => Promise<T>): Promise<T> {
  const handle = await open(file)
  const readRange = async (_sha256: string, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> =>
    (await handle.read(new Uint8Array(length), 0, length, start)).buffer
  return await use({ readRange }).finally(async () => { await handle.close() })
}
