/** Makes the task of a request to segment a picture: the picture is sent, or an example of a data set. */
import { readExample, type Example, type ExampleField } from '../datasets/dataset-file.js'
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { AppError } from '../errors.js'
import { readStored, type StoredFileParts } from '../jobs/stored-file.js'
import type { FileSource, SegmentTask } from '../segmentation/pictures/read.js'
import type { Seeds } from '../segmentation/seeds.js'
import type { SegmentOptions } from '../segmentation/spec.js'
import type { BlobStore } from '../storage/blobs.js'
import type { TeamStore } from '../storage/team-store.js'
import { TextFields } from './schemas/segment.js'
import type { Form } from './uploads.js'
import { compileCheck, violationError } from './validation.js'

/** The form of a request: files, and the fields of JSON. */
export const segmentForm: Form<TextFields> = {
  files: ['picture', 'seeds'],
  fields: TextFields.properties,
  check (fields) {
    const violations = compileCheck(TextFields, { coerce: true })(fields)
    if (violations.length > 0) throw violationError('invalid_request', violations)
    return fields as TextFields
  }
}

export interface SegmentParts extends StoredFileParts { blobs: BlobStore, team: TeamStore }

/** What a request has, in either form. */
export interface SegmentQuestion { fields: TextFields, picture: FileSource | undefined, seeds: FileSource | undefined }

/**
 * Makes the task.
 * @throws AppError invalid_request where there is no picture, or two; not_found, data_missing for an example
 */
export async function toSegmentTask (
  parts: SegmentParts, { fields, picture, seeds }: SegmentQuestion, mostPixels: number
): Promise<SegmentTask> {
  const { example, overlay = false, ...rest } = fields
  const task = { options: rest as SegmentOptions, mostPixels, overlay }
  if (picture !== undefined) {
    if (example !== undefined) throw violationError('invalid_request', [{ path: 'example', rule: 'must be left out when there is a picture', got: example }])
    return { ...task, picture, ...seeds && { seeds } }
  }
  if (example === undefined) throw violationError('invalid_request', [{ path: 'picture', rule: 'is required', got: null }])
  const { datasetId, split, index, field = 'inputs', seedsField } = example
  if (seeds !== undefined && seedsField !== undefined) throw violationError('invalid_request', [{ path: 'example.seedsField', rule: 'must be left out when there are seeds', got: seedsField }])
  const dataset = await parts.team.datasets.open(datasetId)
  const stored = await readStored(parts, dataset, async () => await readExample(parts.blobs, dataset, split, index))
  const given = seedsField === undefined ? seeds : { map: toMap(stored, seedsField) }
  return { ...task, picture: { pixels: toPixels(stored, field) }, ...given && { seeds: given } }
}

function toPixels (example: Example, name: string): Pixels {
  const field = find(example, 'field', name)
  if (field.type === 'image') {
    const [height, width, channels] = field.shape
    const areBytes = field.values.every(value => Number.isInteger(value) && value >= 0 && value <= 255)
    const isPicture = (channels === 1 || channels === 3) && areBytes
    if (isPicture) return { height: height!, width: width!, channels, data: Uint8Array.from(field.values) }
  }
  throw new AppError('invalid_picture', `example.field must be an image of 1 or 3 channels with whole numbers 0 .. 255, got ${sayField(field)} in ${name}`)
}

function toMap (example: Example, name: string): Seeds {
  const field = find(example, 'seedsField', name)
  if (field.type !== 'classMap') throw new AppError('invalid_picture', `example.seedsField must be a classMap, got ${sayField(field)} in ${name}`)
  const [height, width] = field.shape
  return { height: height!, width: width!, data: Uint8Array.from(field.values) }
}

function find ({ fields }: Example, of: string, name: string): ExampleField {
  if (Object.hasOwn(fields, name)) return fields[name]!
  throw new AppError('not_found', `example.${of} must be one of ${Object.keys(fields).join(', ')}, got ${JSON.stringify(name)}`)
}

function sayField (field: ExampleField): string {
  return 'shape' in field ? `${field.type} [${field.shape.join(', ')}]` : field.type
}
