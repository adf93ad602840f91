/** Data sets on the wire. */
import { Type, type Static } from 'typebox'
import { choice, taggedUnion } from '../../choices.js'
import { Column, Description } from '../../datasets/description.js'
import { GeneratorSpec } from '../../datasets/generators/index.js'
import { closed, Id, Json, Timestamp } from './common.js'

const Name = Type.String({ minLength: 1, maxLength: 200, description: 'What people call it' })

export const Dataset = Type.Object({
  id: Id,
  name: Name,
  source: Type.Unsafe<Record<string, unknown>>({ ...Json, description: 'Where it came from: {generator} or {upload}' }),
  ...Description.properties,
  sizeBytes: Type.Integer(),
  sha256: Type.String({ description: 'of the stored safetensors file: equal for equal examples' }),
  createdAt: Timestamp
}, {
  ...closed,
  description: 'Immutable examples with splits train and test',
  examples: [{
    id: '01936a3e-0000-7000-8000-000000000001',
    name: 'digits',
    source: { generator: { type: 'glyphs', classes: 10, train: 1000, test: 200, noise: 0.05, seed: 1 } },
    fields: {
      inputs: { type: 'image', shape: [28, 28, 1], dtype: 'uint8' },
      target: { type: 'classes', names: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] }
    },
    counts: { train: 1000, test: 200 },
    sizeBytes: 945_904,
    sha256: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    createdAt: '2026-11-01T12:00:00.000Z'
  }]
})

/** A data set made on the spot. */
export const NewDataset = Type.Object({
  name: Name,
  source: Type.Object({ generator: GeneratorSpec }, { ...closed, description: 'What makes it' })
}, { ...closed, examples: [{ name: 'digits', source: { generator: { type: 'glyphs', train: 1000, test: 200 } } }] })

/** The text fields of an upload; they come as text and are coerced. */
export const UploadFields = Type.Object({
  name: Name,
  format: choice(['idx', 'csv'], { description: 'idx: MNIST’s format, plain or gzip; csv: one example a line' }),
  labelColumn: Type.Optional(Type.String({ maxLength: 200, description: 'csv: name or 0-based index of the column with the class; the last one when left out' })),
  header: Type.Optional(choice(['auto', 'true', 'false'], { description: 'csv: whether the first line has names; auto, the default, looks whether it has the name of labelColumn or another cell that is no number, and is refused where the line may be both. Names must differ' })),
  testFraction: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'Part that becomes the test split when no test file is given; 0.2 when left out' })),
  testCount: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Number of examples that become the test split, instead of a fraction' })),
  splitSeed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2147483647, description: 'Seed of the shuffle before the split' }))
}, closed)
export type UploadFields = Static<typeof UploadFields>

/** Names of the files of an upload, by format. */
export const uploadFiles = { idx: ['trainImages', 'trainLabels', 'testImages', 'testLabels'], csv: ['train', 'test'] } as const

const File = (description: string) => Type.Optional(Type.Unsafe<unknown>({ type: 'string', format: 'binary', description }))

/** The form of an upload, for the documentation: it is read as a stream, so the validator never sees it whole. */
export const UploadForm = Type.Object({
  ...UploadFields.properties,
  trainImages: File('idx: images, magic 0x803 or 0x804'),
  trainLabels: File('idx: labels, magic 0x801'),
  testImages: File('idx: images of the test split'),
  testLabels: File('idx: labels of the test split'),
  train: File('csv: the training split'),
  test: File('csv: the test split')
}, closed)

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
const numbers = <const Name extends string>(type: Name, description: string) =>
  Type.Object({ type: Type.Literal(type, { description }), shape, values }, closed)

/** What one example has in a field. */
export const ExampleField = taggedUnion([
  numbers('image', 'A picture'),
  Type.Object({ type: Type.Literal('features', { description: 'Numbers in a row' }), shape, values, columns: Type.Optional(columns) }, closed),
  numbers('tokens', 'A sequence of tokens'),
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
