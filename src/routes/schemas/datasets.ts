/** Data sets on the wire. */
import { Type, type Static, type TObject, type TSchema } from '../../schema/type.js'
import { choice, taggedUnion } from '../../choices.js'
import { catalogIds } from '../../datasets/catalog/entries.js'
import { DeriveSpec } from '../../datasets/derive/spec.js'
import { Column, Description } from '../../datasets/description.js'
import { DatasetReport } from '../../datasets/report.js'
import type { UploadFormat } from '../../datasets/formats/format.js'
import { uploadFormats } from '../../datasets/formats/index.js'
import { GeneratorSpec } from '../../datasets/generators/index.js'
import { uploadStages } from '../../storage/team/uploads.js'
import { closed, Id, IdempotencyHeader, Json, nullable, Timestamp } from './common.js'

const Name = Type.String({ minLength: 1, maxLength: 200, description: 'What people call it' })

const sizeBytes = Type.Integer({ description: 'of the stored file' })
const sha256 = Type.String({ description: 'of the stored safetensors file: equal for equal examples' })

const summaryFields = {
  id: Id,
  name: Name,
  source: Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'Where it came from: {upload}, {generator}, {catalog}, or {derive, parents: [{id, name, sha256}]} with the data sets that it was made of' }),
  ...Description.properties,
  sizeBytes,
  sha256,
  createdAt: Timestamp
}

const summaryExample = {
  id: '01936a3e-0000-7000-8000-000000000001',
  name: 'digits',
  source: { generator: { type: 'glyphs', classes: 2, train: 1000, test: 200, noise: 0.05, seed: 1 } },
  fields: {
    inputs: { type: 'image', shape: [28, 28, 1], dtype: 'uint8' },
    target: { type: 'classes', names: ['0', '1'] }
  },
  counts: { train: 1000, test: 200 },
  sizeBytes: 945_904,
  sha256: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  createdAt: '2026-11-01T12:00:00.000Z'
}

export const DatasetSummary = Type.Object(summaryFields, {
  ...closed, description: 'Immutable examples with splits train and test', examples: [summaryExample]
})

export const Dataset = Type.Object({
  ...summaryFields,
  report: Type.Union([DatasetReport, Type.Null()], { description: 'What its files were taken for; null for data sets of versions that kept none' })
}, {
  ...closed,
  description: 'Immutable examples with splits train and test, and what their files were taken for',
  examples: [{
    ...summaryExample,
    report: { columns: [], classes: [{ name: '0', train: 510, test: 96 }, { name: '1', train: 490, test: 104 }], skipped: [], warnings: [] }
  }]
})

export const CreateQuery = Type.Object({
  validate: Type.Optional(Type.Boolean({ default: false, description: 'Read and check everything, show what it would be, and store nothing' }))
}, closed)

export const CreateHeaders = Type.Object({
  ...IdempotencyHeader.properties,
  'upload-id': Type.Optional(Type.String({ format: 'uuid', description: 'A UUID under which GET /v1/uploads/{id} tells how far it is; made by the server when left out, and told in the answer’s header of the same name' }))
})

/** An upload that is under way. */
export const Upload = Type.Object({
  id: Id,
  name: nullable(Type.String({ description: 'Null until it has come' })),
  format: nullable(Type.String({ description: 'Null until it has come, and where no files are uploaded' })),
  stage: choice(uploadStages, { description: 'receiving: its bytes come, from the client or from where the catalog has them; waiting: for the team’s turn; reading: a data set is made of it; storing: nearly done' }),
  receivedBytes: Type.Integer({ description: 'Of its files' }),
  totalBytes: nullable(Type.Integer({ description: 'Of the whole request; null when it does not say' })),
  readBytes: Type.Integer({ description: 'Of its files, unpacked' }),
  rows: nullable(Type.Integer({ description: 'Examples read so far; null before reading' })),
  startedAt: Timestamp,
  updatedAt: Timestamp
}, { ...closed, description: 'A data set that is under way, uploaded or made of a source: gone when it is answered, or broken off' })

/** Where a data set comes from that is not uploaded. */
export type NewSource = { generator: GeneratorSpec } | { catalog: string } | { derive: DeriveSpec }

/** A data set made on the spot, downloaded, or made of others. */
export const NewDataset = Type.Object({
  name: Name,
  source: Type.Unsafe<NewSource>({
    type: 'object',
    properties: {
      generator: GeneratorSpec,
      catalog: choice(catalogIds, { description: 'A well-known data set: GET /v1/catalog lists them' }),
      derive: DeriveSpec
    },
    ...closed,
    minProperties: 1,
    maxProperties: 1,
    description: 'What makes it: either {generator}, {catalog} or {derive}'
  })
}, { ...closed, examples: [{ name: 'digits', source: { generator: { type: 'glyphs', train: 1000, test: 200 } } }] })

/** An entry of the catalog. */
export const CatalogItem = Type.Object({
  id: Type.String(),
  title: Type.String(),
  licence: Type.String(),
  home: Type.String({ description: 'Page of those who made it' }),
  ...Description.properties,
  sizeBytes: Type.Integer({ description: 'To be downloaded; 0 for what ships with the service' }),
  downloadedBytes: Type.Integer({ description: 'Of these, what is there already or has come so far' })
}, { ...closed, description: 'A well-known data set' })

const splitOptions = {
  testFraction: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'Part that becomes the test split when no test file is given; 0.2 when left out' })),
  testCount: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Number of examples that become the test split, instead of a fraction' })),
  splitSeed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2147483647, description: 'Seed of the shuffle before the split' })),
  stratify: Type.Optional(Type.Boolean({ description: 'true: each class has its share of the test split, and one of two examples or more is in both splits; left to chance when left out' }))
}

/** What every upload says of itself beside the options of its format; it comes as text and is coerced. */
const uploadFields = {
  name: Name,
  format: choice(uploadFormats.map(({ name }) => name), {
    description: uploadFormats.map(({ name, description }) => `${name}: ${description}`).join('; ')
  }),
  ...splitOptions
}

/** The schema of an upload's text fields, by format; what is common to all where that is not known. */
export const uploadSchemas: ReadonlyMap<unknown, TObject> = new Map(uploadFormats.map(({ name, options }) => (
  [name, Type.Object({ ...uploadFields, ...options.properties }, closed)])))
export const CommonFields = Type.Object(uploadFields)

/** The text fields of a checked upload: what all have, and options of its format. */
export type UploadFields = Static<typeof CommonFields> & Record<string, unknown>

/** Schemas of all text fields of all formats, by name. */
export const fieldSchemas: Readonly<Record<string, TSchema>> =
  Object.assign({}, uploadFields, ...uploadFormats.map(({ options }) => options.properties))

const File = (description: string) => Type.Optional(Type.Unsafe<unknown>({ type: 'string', format: 'binary', description }))

/** The form of an upload, for the documentation: it is read as a stream, so the validator never sees it whole. */
export const UploadForm = Type.Object({
  ...uploadFields,
  ...byFormat(({ options }) => options.properties, (schema, description) => ({ ...schema, description })),
  ...byFormat(({ files }) => mapValues(files, description => ({ description })), (_, description) => File(description))
}, closed)

/** Parts of the form with what they are in every format that has them: "csv: the training split". */
function byFormat (
  partsOf: (format: UploadFormat) => Record<string, { description?: string }>,
  make: (part: object, description: string) => TSchema
): Record<string, TSchema> {
  const made: Record<string, TSchema> = {}
  for (const format of uploadFormats) {
    for (const [name, part] of Object.entries(partsOf(format))) {
      const before = (made[name] as { description?: string } | undefined)?.description
      made[name] = make(part, [...(before === undefined ? [] : [before]), `${format.name}: ${part.description ?? ''}`].join('; '))
    }
  }
  return made
}

function mapValues<In, Out> (record: Readonly<Record<string, In>>, make: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]))
}

export const ExampleParams = Type.Object({
  id: Id,
  split: choice(['train', 'test']),
  index: Type.Integer({ minimum: 0, description: 'Position in the split' })
}, closed)

export const ExampleQuery = Type.Object({
  field: Type.Optional(Type.String({ maxLength: 200, default: 'inputs', description: 'Of which field the picture is' }))
}, closed)

const shape = Type.Array(Type.Integer())
const values = Type.Array(Type.Number(), { description: 'in stored units, row by row' })
const columns = Type.Array(Column, { description: 'One for each number' })
const row = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Null()]), {
  description: 'The row of the table that the numbers stand for, by the names of its columns; null where a cell has no value'
})
const numbers = <const Name extends string>(type: Name, description: string) =>
  Type.Object({ type: Type.Literal(type, { description }), shape, values }, closed)

/** What one example has in a field. */
export const ExampleField = taggedUnion([
  numbers('image', 'A picture'),
  Type.Object({ type: Type.Literal('features', { description: 'Numbers in a row' }), shape, values, columns: Type.Optional(columns), row: Type.Optional(row) }, closed),
  Type.Object({
    type: Type.Literal('tokens', { description: 'A sequence of tokens' }),
    shape,
    values,
    text: Type.Optional(Type.String({ description: 'Its words, where the data set was made of text; [?] is an unknown one' }))
  }, closed),
  Type.Object({ type: Type.Literal('classes', { description: 'One class of several' }), label: Type.Integer(), name: Type.String() }, closed),
  Type.Object({ type: Type.Literal('values', { description: 'Numbers to be predicted' }), values, columns }, closed),
  numbers('classMap', 'A class for every pixel; 255 is unlabelled')
], { description: 'What the example has in one field' })

export const Example = Type.Object({
  split: choice(['train', 'test']),
  index: Type.Integer(),
  fields: Type.Unsafe<Record<string, Static<typeof ExampleField>>>({
    type: 'object', additionalProperties: ExampleField, description: 'By name: inputs, target where there is one, and further ones'
  })
}, { ...closed, description: 'One example' })

export const ExamplePageParams = Type.Object({ id: Id, split: choice(['train', 'test']) }, closed)

export const ExamplePageQuery = Type.Object({
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Position of the first one' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Most examples of the page' }))
}, closed)

export const ExamplePage = Type.Object({
  items: Type.Array(Example),
  count: Type.Integer({ description: 'Examples of the split' })
}, { ...closed, description: 'Neighbouring examples' })

export const DatasetPreview = Type.Object({
  ...Description.properties,
  report: DatasetReport,
  sizeBytes,
  sha256,
  examples: Type.Array(Example, { description: 'The first ones to train on; none where they are too long to be read as numbers' })
}, { ...closed, description: 'What a data set would be (validate=true)' })
