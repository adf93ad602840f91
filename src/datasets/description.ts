/**
 * What is known of a data set's examples: the fields that every one of them has, and how many there are. It is kept as
 * JSON in the data set's row, goes over the wire as it is, and says how the arrays of its file are laid out.
 */
import { Type, type Static } from '../schema/type.js'
import { choice, closed, taggedUnion } from '../choices.js'
import { sizeOf } from '../math/arrays.js'

const size = (description: string) => Type.Integer({ minimum: 1, description })
const dtype = choice(['uint8', 'float32'], { description: 'How a number is stored' })
const names = Type.Array(Type.String(), { description: 'Names of the classes, by their number from 0' })

/** A number of a table. */
export const Column = Type.Object({
  name: Type.String(),
  unit: Type.Optional(Type.String({ description: 'Left out where it is not known; "1" for a pure number' }))
}, { ...closed, description: 'A number of a table' })
export type Column = Static<typeof Column>

const at = Type.Integer({ minimum: 0, description: 'Position of its first number among the inputs' })
const missingAt = Type.Integer({ minimum: 0, description: 'Position of the number that is 1 where a cell has no value, else 0' })
const missing = Type.Optional(Type.Object({
  fill: Type.Number({ description: 'Stands where a cell has no value' }), at: missingAt
}, { ...closed, description: 'How a cell without a value is told; left out where every row must have one' }))
const columnName = Type.String({ description: 'Of the column of the table' })

/** What the parts of a date are, in the order in which they stand among the inputs: as many as the table’s cells have. */
export const dateParts = ['year', 'month', 'day', 'weekday', 'hour', 'minute', 'second'] as const

/** How a column of a table became numbers among the inputs. */
export const SourceColumn = taggedUnion([
  Type.Object({ type: Type.Literal('number', { description: 'One number' }), name: columnName, at, missing }, closed),
  Type.Object({
    type: Type.Literal('category', { description: 'One of several words' }),
    name: columnName,
    at,
    words: Type.Array(Type.String(), { minItems: 1, description: 'In the order of their numbers' }),
    coding: choice(['one-hot', 'ordinal'], { description: 'one-hot: a number per word, 1 for the one that it is; ordinal: the position of the word' }),
    other: Type.Boolean({ description: 'Whether rarer words have a number of their own, after the words' }),
    missing: Type.Boolean({ description: 'Whether cells without a value have a number of their own, the last one' })
  }, closed),
  Type.Object({
    type: Type.Literal('date', { description: 'A date, or a date and a time' }),
    name: columnName,
    at,
    parts: Type.Array(choice(dateParts), { minItems: 1, description: 'A number each: weekday 1 (Monday) .. 7, month and day from 1' }),
    missing: Type.Optional(Type.Object({
      fill: Type.Array(Type.Number(), { description: 'Stand where a cell has no value, one for each part' }), at: missingAt
    }, { ...closed, description: 'How a cell without a value is told; left out where every row must have one' }))
  }, closed)
], { description: 'How a column of a table became numbers' })
export type SourceColumn = Static<typeof SourceColumn>

export const ImageField = Type.Object({
  type: Type.Literal('image', { description: 'A picture' }),
  shape: Type.Array(size('Pixels, pixels, channels'), { minItems: 3, maxItems: 3, description: '[height, width, channels]' }),
  dtype
}, closed)

export const FeaturesField = Type.Object({
  type: Type.Literal('features', { description: 'Numbers in a row' }),
  shape: Type.Array(size('Numbers of an example'), { minItems: 1, maxItems: 1, description: '[features]' }),
  dtype,
  columns: Type.Optional(Type.Array(Column, { description: 'One for each number, where they have names' })),
  source: Type.Optional(Type.Array(SourceColumn, { description: 'The columns of the table that they were made of; left out where every one of columns is a number as it stood there' }))
}, closed)

export const TokensField = Type.Object({
  type: Type.Literal('tokens', { description: 'A sequence of tokens' }),
  shape: Type.Array(size('Tokens of an example'), { minItems: 1, maxItems: 1, description: '[length]' }),
  vocabulary: size('Different tokens: 0 .. vocabulary - 1'),
  text: Type.Optional(Type.Object({
    columns: Type.Array(Type.String(), { description: 'The columns of the table that the text was in, joined with a blank' }),
    lowerCase: Type.Boolean({ description: 'Whether words were made lower case' })
  }, { ...closed, description: 'Tokens are words: 0 fills up short texts, 1 is any word that is not in the vocabulary' }))
}, closed)

export const ClassesField = Type.Object({ type: Type.Literal('classes', { description: 'One class of several' }), names }, closed)

export const ValuesField = Type.Object({
  type: Type.Literal('values', { description: 'Numbers to be predicted' }),
  columns: Type.Array(Column, { minItems: 1, description: 'One for each number' })
}, closed)

export const ClassMapField = Type.Object({
  type: Type.Literal('classMap', { description: 'A class for every pixel; 255 is unlabelled' }),
  shape: Type.Array(size('Pixels'), { minItems: 2, maxItems: 2, description: '[height, width]' }),
  names: Type.Array(Type.String(), { maxItems: 255, description: 'Names of the classes, by their number from 0' })
}, closed)

/** One field of every example. */
export const Field = taggedUnion(
  [ImageField, FeaturesField, TokensField, ClassesField, ValuesField, ClassMapField], { description: 'What one field of every example is' })
export type Field = Static<typeof Field>
export type FieldType = Field['type']
export type FieldOf<T extends FieldType> = Extract<Field, { type: T }>

/** `inputs`, `target` where there is one, and further fields such as `scribbles`. */
export type Fields = { inputs: Field } & Record<string, Field>

export const Description = Type.Object({
  fields: Type.Unsafe<Fields>({
    type: 'object',
    required: ['inputs'],
    additionalProperties: Field,
    description: 'By name: inputs, target where there is one, and further ones'
  }),
  counts: Type.Object({
    train: Type.Integer({ minimum: 0, description: 'To train on' }), test: Type.Integer({ minimum: 0, description: 'To test on' })
  }, { ...closed, description: 'Examples in each split' })
}, { ...closed, description: 'The fields of every example, and how many examples there are' })
export type Description = Static<typeof Description>

/** How one example of a field lies in memory and in files. */
export interface Layout { dtype: 'U8' | 'I32' | 'F32', shape: number[] }

const storedTypes = { uint8: 'U8', float32: 'F32' } as const

/** Says how one example of a field is laid out; a class has no axes. */
export function layoutOf (field: Field): Layout {
  switch (field.type) {
    case 'image': case 'features': return { dtype: storedTypes[field.dtype], shape: field.shape }
    case 'tokens': return { dtype: 'I32', shape: field.shape }
    case 'classes': return { dtype: 'I32', shape: [] }
    case 'values': return { dtype: 'F32', shape: [field.columns.length] }
    case 'classMap': return { dtype: 'U8', shape: field.shape }
  }
}

/** Bytes of one example of a field. */
export function bytesOfExample (field: Field): number {
  const { dtype, shape } = layoutOf(field)
  return sizeOf(shape) * (dtype === 'U8' ? 1 : 4)
}

/** The field of inputs of a shape: [features] or [height, width, channels]. */
export function toInputs (shape: number[], dtype: 'uint8' | 'float32', columns?: Column[]): Field {
  if (shape.length > 1) return { type: 'image', shape, dtype }
  return { type: 'features', shape, dtype, ...(columns === undefined ? {} : { columns }) }
}

/** A field in words: "values (distance in m)". */
export function sayField (field: Field | undefined): string {
  if (field === undefined) return 'none'
  switch (field.type) {
    case 'classes': return `classes (${field.names.length})`
    case 'values': return `values (${field.columns.map(({ name, unit }) => unit === undefined ? name : `${name} in ${unit}`).join(', ')})`
    default: return `${field.type} [${field.shape.join(', ')}]`
  }
}
