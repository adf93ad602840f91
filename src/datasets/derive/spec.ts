/** What can be made of data sets that are there: the specs of derivations, as they stand in `source.derive`. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import { scribbleFields } from '../scribbles/spec.js'

const DatasetId = Type.String({ format: 'uuid', description: 'A data set of the team' })
const Seed = Type.Integer({ minimum: 0, maximum: 2147483647, default: 0, description: 'Seed of the choice; same seed, same rows' })
const Stratify = Type.Boolean({ default: false, description: 'Whether each class has its share; otherwise it is left to chance' })
const ClassName = Type.String({ maxLength: 1000 })
const Indices = (description: string) => Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, uniqueItems: true, description })
const Word = Type.Union([Type.Number(), Type.String({ maxLength: 1000 })])

export const Rows = Type.Object({
  keep: Type.Optional(Indices('Only these examples stay, in their order')),
  drop: Type.Optional(Indices('These examples go'))
}, { ...closed, minProperties: 1, maxProperties: 1, description: 'Positions in the split: either keep or drop' })
export type Rows = Static<typeof Rows>

export const Condition = Type.Object({
  column: Type.String({ maxLength: 1000, description: 'Name of a column of the table, of one of its numbers, or of a value of the target' }),
  is: Type.Optional(Word),
  oneOf: Type.Optional(Type.Array(Word, { minItems: 1, description: 'Its value is one of these' })),
  atLeast: Type.Optional(Word),
  atMost: Type.Optional(Word),
  missing: Type.Optional(Type.Boolean({ description: 'Whether it has no value; without a value none of the other conditions holds' }))
}, { ...closed, minProperties: 2, description: 'What a column must be: all that is said. Dates are texts, as in 2026-11-28 or 2026-11-28T13:45:00' })
export type Condition = Static<typeof Condition>

const Merge = Type.Object({
  type: Type.Literal('merge', { description: 'The examples of several data sets of equal fields, one after the other; classes are matched by name' }),
  of: Type.Array(DatasetId, { minItems: 2, maxItems: 20, uniqueItems: true, description: 'Data sets of the team, in the order of their examples' })
}, closed)

const Filter = Type.Object({
  type: Type.Literal('filter', { description: 'Some of the examples: those that all that is said leaves' }),
  of: DatasetId,
  classes: Type.Optional(Type.Array(ClassName, { minItems: 1, uniqueItems: true, description: 'Classes that stay, by name; the others go, and their names' })),
  train: Type.Optional(Rows),
  test: Type.Optional(Rows),
  where: Type.Optional(Type.Array(Condition, { minItems: 1, maxItems: 100, description: 'Conditions on columns, of both splits' }))
}, { ...closed, minProperties: 3 })

const Relabel = Type.Object({
  type: Type.Literal('relabel', { description: 'Other classes for some examples' }),
  of: DatasetId,
  split: choice(['train', 'test'], { default: 'train', description: 'Whose examples they are' }),
  indices: Indices('Positions in the split'),
  labels: Type.Array(Type.Union([Type.Integer({ minimum: 0 }), ClassName]), { minItems: 1, description: 'The class of each of them, by number or name' })
}, closed)

const Rename = Type.Object({
  type: Type.Literal('rename', { description: 'Other names for classes; classes of one name become one' }),
  of: DatasetId,
  classes: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 1000 }), { minProperties: 1, description: 'New names by old ones; who is not named keeps his' })
}, closed)

const Fold = Type.Object({
  type: Type.Literal('fold', {
    description: 'One of k folds of the training split to test on, the others to train on; the test split of the data set is left out, for the end'
  }),
  of: DatasetId,
  folds: Type.Integer({ minimum: 2, maximum: 1000, description: 'How many' }),
  fold: Type.Integer({ minimum: 0, maximum: 999, description: 'Which one, 0 .. folds - 1' }),
  seed: Seed,
  stratify: Stratify
}, closed)

const Sample = Type.Object({
  type: Type.Literal('sample', { description: 'So many examples at random, in their order; a split that is not named stays whole' }),
  of: DatasetId,
  train: Type.Optional(Type.Integer({ minimum: 1, description: 'Training examples' })),
  test: Type.Optional(Type.Integer({ minimum: 1, description: 'Test examples' })),
  seed: Seed
}, closed)

const Scribbles = Type.Object({
  type: Type.Literal('scribbles', { description: 'The field scribbles for a data set of class maps, made of them: strokes and clicks, for weak supervision; in place of scribbles that there are' }),
  of: DatasetId,
  ...scribbleFields,
  seed: Type.Integer({ minimum: 0, maximum: 2147483647, default: 0, description: 'Of what is random about strokes; same seed, same scribbles' })
}, closed)

/** What is to be made of which data sets. */
export const DeriveSpec = taggedUnion(
  [Merge, Filter, Relabel, Rename, Fold, Sample, Scribbles], { description: 'A data set made of others' })
export type DeriveSpec = Static<typeof DeriveSpec>
export type DeriveOf<Type extends DeriveSpec['type']> = Extract<DeriveSpec, { type: Type }>

/** Schemas by name, for the documentation. */
export const deriveSchemas = {
  MergeSpec: Merge,
  FilterSpec: Filter,
  RelabelSpec: Relabel,
  RenameSpec: Rename,
  FoldSpec: Fold,
  SampleSpec: Sample,
  ScribblesSpec: Scribbles
}

/** The data sets that a derivation names, in its order. */
export function parentsOf ({ of }: DeriveSpec): string[] {
  return typeof of === 'string' ? [of] : of
}
