/** Piscina entry: turns an upload or a generator's spec into a data set, away from the thread that answers requests. */
import { transferableSymbol, valueSymbol } from 'piscina'
import { AppError, type Failure } from '../../errors.js'
import type { GeneratorSpec } from '../../generator-spec.js'
import { prepareCsv, type CsvFiles } from './csv.js'
import type { PreparedDataset } from './format.js'
import { generateDataset } from './generators.js'
import { prepareIdx, type IdxFiles } from './idx.js'

export type { UploadedFile } from './files.js'
export type { SplitOptions } from './split.js'
export type { CsvOptions } from './csv.js'

/** What is to be turned into a data set. */
export type DatasetJob =
  | { type: 'generator', spec: GeneratorSpec }
  | { type: 'idx' } & IdxFiles
  | { type: 'csv' } & CsvFiles

/** What the thread answers: errors lose their class on the way, so an AppError travels as its code and message. */
export type Preparation = { prepared: PreparedDataset } | { failure: Failure }

/** Does the job; the bytes are moved to the caller, not copied. */
export default async function prepare (job: DatasetJob): Promise<Preparation> {
  try {
    const prepared = await prepareDataset(job)
    return move({ prepared })
  } catch (error) {
    if (error instanceof AppError) return { failure: error.toFailure() }
    throw error
  }
}

/** Does the job in this thread. @throws AppError invalid_dataset */
export async function prepareDataset (job: DatasetJob): Promise<PreparedDataset> {
  switch (job.type) {
    case 'generator': return generateDataset(job.spec)
    case 'idx': return prepareIdx(job)
    case 'csv': return prepareCsv(job)
    default: throw new Error(`The job must be known, got ${JSON.stringify(job satisfies never)}`)
  }
}

function move (value: { prepared: PreparedDataset }): { prepared: PreparedDataset } {
  return { ...value, [transferableSymbol]: [value.prepared.bytes.buffer], [valueSymbol]: value } as { prepared: PreparedDataset }
}
