/** Pictures to be segmented, on the wire. */
import { Type, type Static } from '../../schema/type.js'
import { choice } from '../../choices.js'
import { segmentFields } from '../../segmentation/spec.js'
import { closed, Id } from './common.js'

const Base64 = (description: string) => Type.Optional(Type.String({
  minLength: 1, pattern: '^[A-Za-z0-9+/]+={0,2}$', contentEncoding: 'base64', description
}))
const fieldName = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })

const Example = Type.Object({
  datasetId: Id,
  split: choice(['train', 'test']),
  index: Type.Integer({ minimum: 0, description: 'Position in the split' }),
  field: Type.Optional(Type.Unsafe<string>({ ...fieldName('Where its picture is: an image of 1 or 3 channels in 0 .. 255'), default: 'inputs' })),
  seedsField: Type.Optional(fieldName('A classMap whose classes are seeds, such as scribbles; none when left out'))
}, { ...closed, description: 'An example of a data set, in place of a picture' })

/** All but the files, which a form has as files and JSON as base64. */
export const textFields = {
  example: Type.Optional(Example),
  ...segmentFields,
  overlay: Type.Optional(Type.Boolean({ default: false, description: 'Draw the picture under the colours of its labels, too; as image/png this is the answer then' }))
}
export const TextFields = Type.Object(textFields, closed)
export type TextFields = Static<typeof TextFields>

export const SegmentRequest = Type.Object({
  picture: Base64('A PNG or JPEG; larger ones come as multipart/form-data'),
  seeds: Base64('A PNG of the size of the picture whose numbers are labels, 255 where none is given; strokes are drawn over it'),
  ...textFields
}, {
  ...closed,
  description: 'A picture, and pixels whose labels are known: strokes, a map of seeds, or both. Every label must have one',
  examples: [{
    example: { datasetId: '01936a3e-0000-7000-8000-000000000001', split: 'train', index: 0 },
    strokes: [{ label: 0, points: [[1, 1], [20, 1]] }, { label: 1, points: [[12, 14]] }]
  }]
})
export type SegmentRequest = Static<typeof SegmentRequest>

const File = (description: string) => Type.Optional(Type.Unsafe<unknown>({ type: 'string', format: 'binary', description }))

/** The same as a form, for the documentation: it is read as a stream. */
export const SegmentForm = Type.Object({
  picture: File('A PNG or JPEG'), seeds: File('A PNG of the size of the picture whose numbers are labels'), ...textFields
}, closed)

const Energy = Type.Object({
  unary: Type.Number({ description: 'Costs of colours' }),
  pairs: Type.Number({ description: 'Costs of pixels with different labels' }),
  total: Type.Number()
}, closed)

export const Segmented = Type.Object({
  width: Type.Integer(),
  height: Type.Integer(),
  counts: Type.Array(Type.Integer(), { description: 'Pixels of each label' }),
  energies: Type.Array(Energy, { description: 'Of every iteration, with the colours as they were learnt for it' }),
  mask: Type.String({ contentEncoding: 'base64', description: 'A PNG whose numbers of a palette are the labels' }),
  overlay: Type.Optional(Type.String({ contentEncoding: 'base64', description: 'A PNG, where it was asked for' }))
}, { ...closed, description: 'A picture whose pixels all have a label' })
