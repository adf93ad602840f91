/**
 * What a format of uploads is made of: the files that it has, what can be said about them, and what makes a data set of
 * both. A format is one file or folder beside this one and one line in index.ts; forms, checks and documentation follow.
 */
import type { Static, TObject } from '../../schema/type.js'
import type { IncomingDataset, ReadContext } from '../dataset-file.js'
import type { UploadedFile } from '../limits.js'
import type { SplitOptions } from '../split.js'

export interface UploadFormat<Options extends TObject = TObject, Role extends string = string> {
  /** as `format` of an upload has it */
  name: string
  /** in a few words, for the documentation */
  description: string
  /** what each file is, by the name of its part in the form */
  files: Readonly<Record<Role, string>>
  needed: readonly Role[]
  /** files that are all there or none of them */
  together?: readonly Role[]
  /** files that bring the test split: where one is, nothing is cut off */
  tests: readonly Role[]
  /**
   * Schemas of what can be said, beside what says how a test split is cut off. Each is a part of the form: words and
   * numbers as they are, arrays and objects as JSON. A name that several formats have must mean the same.
   */
  options: Options
  /** @throws AppError invalid_dataset naming the file, the place in it and the rule */
  prepare (files: FilesOf<Role>, options: Static<Options> & SplitOptions, context: ReadContext): Promise<IncomingDataset>
}

export type FilesOf<Role extends string> = Partial<Record<Role, UploadedFile>>

/** Types a format's functions by its schema and its files. */
export function defineFormat<Options extends TObject, Role extends string> (
  format: UploadFormat<Options, Role>
): UploadFormat<Options, Role> {
  return format
}
