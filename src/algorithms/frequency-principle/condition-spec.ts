/** The schemas of first weights, and of conditions under which every optimizer runs: conditions.ts has what they mean. */
import { Type, type Static, type TSchemaOptions } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'
import { Labels } from './data/spec.js'

/** Makes the schema of first weights: of a network that is fitted to a function or a picture. */
export const initSchema = (options: TSchemaOptions) => taggedUnion([
  Type.Object({
    type: Type.Literal('fan-in', { description: 'Weights and biases ~ N(0, gain^2 / inputs of the layer)' }),
    gain: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 1, description: 'Factor on the standard deviation; well above 1 the first outputs are full of high frequencies and the order may break' })
  }, closed),
  Type.Object({
    type: Type.Literal('normal', { description: 'Weights and biases ~ N(0, deviation^2) in all layers' }),
    deviation: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 0.5, description: 'Standard deviation of all weights and biases' })
  }, closed)
], options)
export type Init = Static<ReturnType<typeof initSchema>>

/** Schema of a condition. */
export const Condition = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 40, pattern: '^\\S(.*\\S)?$', description: 'What reports call it; another for each' }),
  init: Type.Optional(initSchema({ description: 'First weights in place of those of the spec; not for target data' })),
  amplitude: Type.Optional(Type.Number({
    exclusiveMinimum: 0, maximum: 1000, description: 'Factor on the amplitude of the highest of the sines; only for them'
  })),
  labels: Type.Optional(choice(Labels, { description: 'Labels that are learned, in place of those of the target; only for target data. shuffled ones are a null: the verdict must not hold of them' }))
}, closed)
export type Condition = Static<typeof Condition>
