/**
 * What an upload was taken for, for people to look at: every column of a table, every class, and what may be wrong.
 * Nothing is dropped, guessed or rounded without standing here. Kept as JSON in the data set's row.
 */
import { Type, type Static } from '../schema/type.js'
import { choice, closed, taggedUnion } from '../choices.js'

export const columnTypes = ['number', 'category', 'date', 'text', 'id', 'ignore'] as const
export type ColumnType = typeof columnTypes[number]

const count = (description: string) => Type.Integer({ minimum: 0, description })

/** How the values of a column are spread, in the training rows. */
export const Histogram = taggedUnion([
  Type.Object({
    type: Type.Literal('numbers', { description: 'Numbers in bins of equal width' }),
    edges: Type.Array(Type.Number(), { description: 'Borders of the bins, one more than there are' }),
    counts: Type.Array(Type.Integer({ minimum: 0 }))
  }, closed),
  Type.Object({
    type: Type.Literal('words', { description: 'The most frequent words' }),
    words: Type.Array(Type.String()),
    counts: Type.Array(Type.Integer({ minimum: 0 })),
    others: count('Rows that have another word')
  }, closed)
], { description: 'How the values are spread' })
export type Histogram = Static<typeof Histogram>

/** A column of a table. */
export const ColumnReport = Type.Object({
  name: Type.Union([Type.String(), Type.Null()], { description: 'Null where the file has no names' }),
  position: count('In the file, from 0'),
  type: choice(columnTypes, { description: 'What it was taken for' }),
  role: choice(['input', 'target', 'none'], { description: 'Where its values went' }),
  told: Type.Boolean({ description: 'Whether the upload said so; found otherwise' }),
  rows: count('Rows that were read, of both splits'),
  missing: count('Cells without a value'),
  distinct: Type.Union([count('Different values'), Type.Null()], { description: 'Null where there are too many to count' }),
  range: Type.Optional(Type.Array(Type.Union([Type.Number(), Type.String()]), { minItems: 2, maxItems: 2, description: 'Least and greatest number or date' })),
  mean: Type.Optional(Type.Number()),
  deviation: Type.Optional(Type.Number({ description: 'Standard deviation' })),
  examples: Type.Array(Type.String(), { maxItems: 5, description: 'Cells as they stand in the file' }),
  inputs: count('Numbers that it became among the inputs'),
  histogram: Type.Optional(Histogram)
}, { ...closed, description: 'What a column of a table was taken for' })
export type ColumnReport = Static<typeof ColumnReport>

export const Warning = Type.Object({
  code: Type.String({ description: 'constant_column, row_numbers, twin_of_target, rare_class, ...' }),
  column: Type.Optional(Type.String({ description: 'Its name, or its position where there are no names' })),
  text: Type.String({ description: 'In words, with the numbers' })
}, { ...closed, description: 'What may be wrong with the data' })
export type Warning = Static<typeof Warning>

export const DatasetReport = Type.Object({
  columns: Type.Array(ColumnReport, { description: 'Of the table, in the order of the file; none where it was no table' }),
  classes: Type.Array(Type.Object({ name: Type.String(), train: count('Examples to train on'), test: count('Examples to test on') }, closed), {
    description: 'Of the target, where it has classes'
  }),
  skipped: Type.Array(Type.Object({ what: Type.String(), count: count('How many') }, closed), { description: 'What of the files was not taken' }),
  warnings: Type.Array(Warning)
}, { ...closed, description: 'What the files were taken for' })
export type DatasetReport = Static<typeof DatasetReport>
