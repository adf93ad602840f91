/** Where a kind's examples come from, and how stored units become what a network sees. */
import { Type, type Static } from '../../schema/type.js'
import { choice } from '../../choices.js'
import { catalogIds } from '../../datasets/catalog/entries.js'
import type { FieldArray, LabelledSplit } from '../../datasets/dataset.js'
import { GeneratorSpec } from '../../datasets/generators/index.js'
import type { Labels } from '../../datasets/labelled.js'
import type { DataReference as Reference } from '../contract.js'

/** Schema of a spec's data field: a data set of the team, one made on the spot, or a well-known one. */
export const DataReference = Type.Unsafe<Reference>({
  type: 'object',
  properties: {
    datasetId: Type.String({ format: 'uuid', description: 'An uploaded or generated data set of the team' }),
    generator: GeneratorSpec,
    catalog: choice(catalogIds, { description: 'A well-known data set: GET /v1/catalog lists them' })
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description: 'Examples to learn from: either {datasetId}, {generator} or {catalog}'
})

/** Schema of the scaling field. */
export const Scaling = choice(['auto', 'standard', 'unit', 'none'], {
  default: 'auto',
  description: 'How inputs, and targets of head values, become what the network sees. standard: mean 0 and deviation 1 over the training examples, column by column, or channel by channel of pictures; unit: divided by the largest magnitude that their type or the training examples can have (255 for bytes); none: as stored; auto: standard, but unit for pictures. Tokens stay as they are'
})
export type Scaling = Static<typeof Scaling>

/** How many examples of a split are used. */
export function limitField (what: string) {
  return Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000, description: `Use only the first so many ${what} examples; all of them when left out (unit: examples)` }))
}

/** The first examples of a split, as views of the same memory. */
export function firstExamples<Of extends Labels> ({ inputs, labels, count: all }: LabelledSplit<Of>, count: number): LabelledSplit<Of> {
  const first = <T extends FieldArray>(values: T): T => values.subarray(0, count * (values.length / all)) as T
  return { inputs: first(inputs), labels: first(labels), count }
}
