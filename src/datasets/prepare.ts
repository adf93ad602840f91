/**
 * Piscina entry: turns an upload or a generator's spec into a data set's file, away from the thread that answers
 * requests. Memory stays small whatever the upload's size: what is read goes to disk by the piece.
 */
import path from 'node:path'
import { AppError, type Failure } from '../errors.js'
import { readCatalogEntry } from './catalog/read.js'
import type { CatalogJob } from './catalog/entry.js'
import type { Description } from './description.js'
import { encodeDataset, toIncoming, type IncomingDataset, type ReadContext } from './dataset-file.js'
import { deriveDataset } from './derive/index.js'
import { openParent, type Parent } from './derive/parent.js'
import type { DeriveSpec } from './derive/spec.js'
import { findFormat } from './formats/index.js'
import { generateDataset, type GeneratorSpec } from './generators/index.js'
import { openHelpers, type HelperOptions } from './helpers/helpers.js'
import type { DatasetReport } from './report.js'
import { createTally, type UploadedFile, type UploadLimits } from './limits.js'
import type { SplitOptions } from './split.js'
import { writePieces } from './spool.js'
import { surveyDataset } from './survey.js'

/** What is to be turned into a data set. */
export type DatasetJob =
  | { type: 'generator', spec: GeneratorSpec }
  /** parents in the order of the spec; their files lie in the folder of the job */
  | { type: 'derive', spec: DeriveSpec, parents: Parent[] }
  /** whose files are there */
  | CatalogJob
  /** files by the role that the format gives them; options of the format and of the split */
  | { type: 'upload', format: string, files: Record<string, UploadedFile>, options: object & SplitOptions }

/** A job with a folder of its own, where its data set's file will lie. */
export interface PrepareTask {
  job: DatasetJob
  folder: string
  limits: UploadLimits
  /** where others can see how far it is (counter.ts) */
  counter?: SharedArrayBuffer
  /** threads that may help; left out: none does */
  helping?: HelperOptions
}

/** A data set that is ready to be stored. */
export interface PreparedDataset {
  /** path of its safetensors file */
  file: string
  sha256: string
  sizeBytes: number
  description: Description
  /** what the files were taken for */
  report: DatasetReport
}

/** What the thread answers: errors lose their class on the way, so an AppError travels as its code and message. */
export type Preparation = { prepared: PreparedDataset } | { failure: Failure }

/** Does the task. */
export default async function prepare (task: PrepareTask): Promise<Preparation> {
  try {
    return { prepared: await prepareDataset(task) }
  } catch (error) {
    if (error instanceof AppError) return { failure: error.toFailure() }
    throw error
  }
}

/** Does the task in this thread. @throws AppError invalid_dataset */
export async function prepareDataset ({ job, folder, limits, counter, helping }: PrepareTask): Promise<PreparedDataset> {
  const helpers = helping && openHelpers(helping)
  try {
    const dataset = await readDataset(job, { folder, tally: createTally(limits, counter), helpers }, limits)
    const file = path.join(folder, 'dataset.safetensors')
    const written = await writePieces(file, encodeDataset(dataset), helpers?.idle())
    const { description, report = surveyDataset(dataset) } = dataset // the report of a table counts rows as they are read
    return { file, ...written, description, report }
  } finally {
    await helpers?.close()
  }
}

async function readDataset (job: DatasetJob, context: ReadContext, limits: UploadLimits): Promise<IncomingDataset> {
  switch (job.type) {
    case 'generator': {
      const { description, train, test } = generateDataset(job.spec)
      return { description, train: toIncoming(train), test: toIncoming(test) }
    }
    case 'derive': {
      const parents = await Promise.all(job.parents.map(async parent => await openParent(context.folder, parent)))
      return deriveDataset(job.spec, parents, limits)
    }
    case 'catalog': return await readCatalogEntry(job, context)
    case 'upload': return await findFormat(job.format).prepare(job.files, job.options as Record<PropertyKey, unknown>, context)
    default: throw new Error(`The job must be known, got ${JSON.stringify(job satisfies never)}`)
  }
}
