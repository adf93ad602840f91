/** The registry of formats of uploads: the only place that lists them. */
import { csv } from './csv/index.js'
import type { UploadFormat } from './format.js'
import { idx } from './idx.js'
import { pictures } from './pictures/index.js'

export const uploadFormats = [idx, csv, pictures] as unknown as UploadFormat[]

/** Finds the format that an upload names. @throws Error when there is none, which the form's schema rules out */
export function findFormat (name: string): UploadFormat {
  const format = uploadFormats.find(candidate => candidate.name === name)
  if (format === undefined) throw new Error(`The format must be one of ${uploadFormats.map(({ name }) => name).join(', ')}, got ${name}`)
  return format
}
