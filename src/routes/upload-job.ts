/** Says what is to be made of an upload. An option that would change nothing is refused: whoever sent it expects it to. */
import type { Violation } from '../errors.js'
import type { CsvOptions, DatasetJob, SplitOptions, UploadedFile } from '../datasets/prepare.js'
import { uploadFiles, type UploadFields } from './schemas/datasets.js'
import type { Upload } from './uploads.js'
import { violationError } from './validation.js'

/** Makes the job of an upload. @throws AppError invalid_request for files that lack or do not fit, and for idle options */
export function toDatasetJob ({ fields, files }: Upload): DatasetJob {
  const violations = [...findMisfits({ fields, files }), ...findIdleOptions({ fields, files })]
  if (violations.length > 0) throw violationError('invalid_request', violations)
  const { trainImages, trainLabels, testImages, testLabels, train, test } = files
  if (fields.format === 'idx') {
    const tests = testImages && testLabels ? { testImages: bare(testImages), testLabels: bare(testLabels) } : {}
    return { type: 'idx', trainImages: bare(trainImages!), trainLabels: bare(trainLabels!), ...tests, options: splitOptions(fields) }
  }
  return { type: 'csv', train: bare(train!), ...(test ? { test: bare(test) } : {}), options: { ...splitOptions(fields), ...csvOptions(fields) } }
}

function findMisfits ({ fields: { format }, files }: Upload): Violation[] {
  const known: readonly string[] = uploadFiles[format]
  const needed = format === 'idx' ? ['trainImages', 'trainLabels'] : ['train']
  const violations: Violation[] = [
    ...Object.keys(files).filter(name => !known.includes(name)).map(name => (
      { path: name, rule: `must be one of ${known.join(', ')} when format is ${format}`, got: files[name]!.name })),
    ...needed.filter(name => files[name] === undefined).map(name => ({ path: name, rule: 'is required', got: null }))
  ]
  if ((files.testImages === undefined) !== (files.testLabels === undefined)) {
    violations.push({ path: 'testImages', rule: 'must come together with testLabels', got: null })
  }
  return violations
}

function findIdleOptions ({ fields, files }: Upload): Violation[] {
  const refuse = (names: (keyof UploadFields)[], rule: string): Violation[] =>
    names.filter(name => fields[name] !== undefined).map(path => ({ path, rule, got: fields[path] }))
  const testFile = ['test', 'testImages', 'testLabels'].find(name => files[name] !== undefined)
  return [
    ...fields.format === 'idx' ? refuse(['labelColumn', 'header'], 'must be left out when format is idx') : [],
    ...testFile !== undefined ? refuse(['testFraction', 'testCount', 'splitSeed'], `must be left out when ${testFile} is given: nothing is cut off`) : [],
    ...fields.testFraction !== undefined ? refuse(['testCount'], 'must be left out when testFraction is given') : []
  ]
}

function splitOptions ({ testFraction, testCount, splitSeed }: UploadFields): SplitOptions {
  return {
    ...(testFraction === undefined ? {} : { testFraction }),
    ...(testCount === undefined ? {} : { testCount }),
    ...(splitSeed === undefined ? {} : { seed: splitSeed })
  }
}

function csvOptions ({ labelColumn, header = 'auto' }: UploadFields): Pick<CsvOptions, 'labelColumn' | 'header'> {
  return {
    ...(labelColumn === undefined ? {} : { labelColumn: /^\d+$/.test(labelColumn) ? Number(labelColumn) : labelColumn }),
    ...(header === 'auto' ? {} : { header: header === 'true' })
  }
}

function bare ({ path, name }: UploadedFile): UploadedFile {
  return { path, name }
}
