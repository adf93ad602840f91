/** Makes a data set of what the catalog has downloaded, in a thread. */
import type { IncomingDataset, ReadContext } from '../dataset-file.js'
import { prepareIdx } from '../formats/idx.js'
import { readCifar } from './cifar.js'
import type { CatalogJob } from './entry.js'
import { makeIris } from './iris.js'

/** @throws AppError invalid_dataset; Error when it is not what the entry says, which is a mistake of the entry */
export async function readCatalogEntry (job: CatalogJob, context: ReadContext): Promise<IncomingDataset> {
  const { id, description } = job.entry
  const read = await readFiles(job, context)
  const { train, test } = read.description.counts
  if (train !== description.counts.train || test !== description.counts.test) {
    throw new Error(`${id} must have ${description.counts.train} and ${description.counts.test} examples, got ${train} and ${test}`)
  }
  return { ...read, description }
}

async function readFiles ({ entry, files }: CatalogJob, context: ReadContext): Promise<IncomingDataset> {
  const { reader, description: { fields } } = entry
  switch (reader) {
    case 'idx': return await prepareIdx(files, fields.target?.type === 'classes' ? { classes: fields.target.names.length } : {}, context)
    case 'cifar': return await readCifar(files.archive!, fields, context)
    case 'iris': return makeIris()
  }
}
