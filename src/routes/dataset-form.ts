/** The form of an upload that becomes a data set: its files and fields, by the format that it names. What they mean: upload-job.ts. */
import type { Violation } from '../errors.js'
import { uploadFormats } from '../datasets/formats/index.js'
import { CommonFields, fieldSchemas, uploadSchemas, type UploadFields } from './schemas/datasets.js'
import type { Form } from './uploads.js'
import { compileCheck, violationError } from './validation.js'

const fieldNames = Object.keys(fieldSchemas)

export const datasetForm: Form<UploadFields> = {
  files: [...new Set(uploadFormats.flatMap(({ files }) => Object.keys(files)))],
  fields: fieldSchemas,
  check (fields) {
    const schema = uploadSchemas.get(fields.format)
    const idle = Object.keys(fields).filter(name => fieldNames.includes(name) && schema !== undefined && !(name in schema.properties))
    const violations = compileCheck(schema ?? CommonFields, { coerce: true })(fields).filter(({ path }) => !idle.includes(path))
    violations.push(...idle.map(path => ({ path, rule: `must be left out when format is ${String(fields.format)}`, got: fields[path] as Violation['got'] })))
    if (violations.length > 0) throw violationError('invalid_request', violations)
    return fields as UploadFields
  }
}
