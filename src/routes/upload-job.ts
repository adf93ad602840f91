/** Says what is to be made of an upload. An option that would change nothing is refused: whoever sent it expects it to. */
import type { Violation } from '../errors.js'
import { findFormat } from '../datasets/formats/index.js'
import type { UploadedFile } from '../datasets/limits.js'
import type { DatasetJob } from '../datasets/prepare.js'
import type { UploadFields } from './schemas/datasets.js'
import type { Upload as Received } from './uploads.js'
import { violationError } from './validation.js'

type Upload = Received<UploadFields>

/** Makes the job of an upload. @throws AppError invalid_request for files that lack or do not fit, and for idle options */
export function toDatasetJob ({ fields, files }: Upload): DatasetJob {
  const violations = [...findMisfits({ fields, files }), ...findIdleOptions({ fields, files })]
  if (violations.length > 0) throw violationError('invalid_request', violations)
  const { name, format, splitSeed, ...options } = fields
  const known = Object.keys(findFormat(format).files).filter(role => files[role] !== undefined)
  return {
    type: 'upload',
    format,
    files: Object.fromEntries(known.map(role => [role, bare(files[role]!)])),
    options: { ...options, ...(splitSeed === undefined ? {} : { seed: splitSeed }) }
  }
}

function findMisfits ({ fields, files }: Upload): Violation[] {
  const format = findFormat(fields.format)
  const known = Object.keys(format.files)
  const { together = [] } = format
  const first = together.find(name => files[name] !== undefined)
  return [
    ...Object.keys(files).filter(name => !known.includes(name)).map(name => (
      { path: name, rule: `must be one of ${known.join(', ')} when format is ${format.name}`, got: files[name]!.name })),
    ...format.needed.filter(name => files[name] === undefined).map(name => ({ path: name, rule: 'is required', got: null })),
    ...together.filter(name => first !== undefined && files[name] === undefined).map(name => (
      { path: name, rule: `must come together with ${first}`, got: null }))
  ]
}

function findIdleOptions ({ fields, files }: Upload): Violation[] {
  const refuse = (names: (keyof UploadFields)[], rule: string): Violation[] =>
    names.filter(name => fields[name] !== undefined).map(path => ({ path: String(path), rule, got: fields[path] }))
  const testFile = findFormat(fields.format).tests.find(name => files[name] !== undefined)
  return [
    ...testFile !== undefined
      ? refuse(['testFraction', 'testCount', 'splitSeed', 'stratify', 'groupColumn'], `must be left out when ${testFile} is given: nothing is cut off`)
      : [],
    ...fields.testFraction !== undefined ? refuse(['testCount'], 'must be left out when testFraction is given') : [],
    ...fields.groupColumn !== undefined ? refuse(['stratify'], 'must be left out when groupColumn is given: groups are not cut') : []
  ]
}

function bare ({ path, name }: UploadedFile): UploadedFile {
  return { path, name }
}
