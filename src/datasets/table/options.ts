/** What an upload can say of a table, whatever its file is: what its columns are, which are predicted, what an empty cell means. */
import { Type, type Static, type TSchema } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import { columnTypes } from '../report.js'
import { TextOptions } from '../words/options.js'
import { dateOrders } from './date-cells.js'

/** Words of a category that get a number of their own, when nobody says how many. */
export const MOST_WORDS = 64

const names = (description: string) => Type.Array(Type.String({ maxLength: 1000 }), { minItems: 1, maxItems: 100_000, description })
const byName = <T extends TSchema>(schema: T, description: string) => Type.Optional(Type.Unsafe<Record<string, Static<T>>>({
  type: 'object', additionalProperties: schema, description
}))

/** A type with what can be said of it. */
const DetailedType = taggedUnion([
  Type.Object({
    type: Type.Literal('category'),
    coding: Type.Optional(choice(['one-hot', 'ordinal'], { description: 'one-hot, the default: a number per word; ordinal: one number, the position of the word' })),
    most: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: `words with a number of their own: the most frequent ones; ${MOST_WORDS} when left out. The rest is "other"` })),
    words: Type.Optional(Type.Array(Type.String({ maxLength: 1000 }), { minItems: 1, maxItems: 10_000, uniqueItems: true, description: 'the words in their order; the rest is "other". Sorted when left out' }))
  }, closed),
  Type.Object({
    type: Type.Literal('date'),
    order: Type.Optional(choice(dateOrders, { description: 'of year, month and day; found when left out' }))
  }, closed)
])
export type DetailedType = Static<typeof DetailedType>

const ToldType = Type.Unsafe<typeof columnTypes[number] | DetailedType>({ anyOf: [choice(columnTypes), DetailedType] })
export type ToldType = Static<typeof ToldType>

/** Options of every format whose files are tables. */
export const TableOptions = Type.Object({
  labelColumn: Type.Optional(Type.String({ maxLength: 200, description: 'name or 0-based index of the column with the class; the last one when left out' })),
  targetColumns: Type.Optional(names('names or 0-based indices of the columns with the numbers to predict, instead of classes')),
  columns: byName(ToldType, `what columns are, by name or 0-based index: ${columnTypes.join(', ')}, or an object: {"type": "category", "coding": "ordinal"}, {"type": "date", "order": "DMY"}. What is not said is found`),
  missing: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100, uniqueItems: true, description: 'words that mean that a cell has no value, beside the empty one' })),
  missingCells: Type.Optional(choice(['refuse', 'mean', 'median'], { description: 'what happens to cells without a value: refuse, the default; or they are filled with the mean or median of the training rows and a further number says where (a category gets a word of its own)' })),
  names: Type.Optional(names('names of the columns of a file that has none')),
  renameClasses: byName(Type.String({ maxLength: 1000 }), 'other names of classes, by the text in the files: {"<=50K.": "<=50K"}'),
  text: Type.Optional(TextOptions),
  groupColumn: Type.Optional(Type.String({ maxLength: 200, description: 'name or 0-based index of a column whose equal cells stay in one split; no input unless columns says what it is' }))
})
export type TableOptions = Omit<Static<typeof TableOptions>, 'text'> & { text?: Partial<TextOptions> }
