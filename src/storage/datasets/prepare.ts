/** Stub. */
import type { PreparedDataset } from './format.js'
import type { GeneratorSpec } from './generators.js'

/** A file of an upload: where it was put for the moment, and what its owner calls it. */
export interface UploadedFile { path: string, name: string }

/** What is to be turned into a data set. */
export type DatasetJob =
  | { type: 'generator', spec: GeneratorSpec }
  | { type: 'idx', trainImages: UploadedFile, trainLabels: UploadedFile, testImages?: UploadedFile, testLabels?: UploadedFile, options?: SplitOptions & { classes?: number } }
  | { type: 'csv', train: UploadedFile, test?: UploadedFile, options?: CsvOptions }

/** How a test split is cut off when only a training file is given. */
export interface SplitOptions {
  /** part of the examples that becomes the test split, 0 .. 1; 0.2 by default */
  testFraction?: number
  /** number of examples of the test split, instead of a fraction */
  testCount?: number
  /** seed of the shuffle; 1 by default */
  seed?: number
}

export interface CsvOptions extends SplitOptions {
  /** name or 0-based index of the column with the class; 'last' by default */
  labelColumn?: string | number
  /** whether the first line has names; found out by default */
  header?: boolean
}

/** Piscina entry: does the job in a thread of its own. */
export default async function prepare (job: DatasetJob): Promise<PreparedDataset> {
  throw new Error(`not yet ${job.type}`)
}
