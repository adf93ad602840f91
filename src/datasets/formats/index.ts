/** The registry of formats of uploads: the only place that lists them. */
import { arrays } from './arrays/index.js'
import { csv } from './csv/index.js'
import type { UploadFormat } from './format.js'
import { idx } from './idx.js'
import { parquet } from './parquet/index.js'
import { pictures } from './pictures/index.js'

export const uploadFormats = [idx, csv, parquet, arrays, pictures] as unknown as UploadFormat[]

/** Finds the format that an upload names. @throws Error when there is none, which the form's schema rules out */
export function findFormat (name: string): UploadFormat {
  const format = uploadFormats.find(candidate => candidate.name === name)
  if (format === undefined) throw new Error(`The format must be one of ${uploadFormats.map(({ name }) => name).join(', ')}, got ${name}`)
  return format
}
