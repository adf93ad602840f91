/** The initialisers that a spec can ask for: where a solver starts. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed, taggedUnion } from '../../../choices.js'

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'Of the arm; made of what it is when left out' }))
const hidden = Type.Array(Type.Integer({ minimum: 1, maximum: 4096 }), { minItems: 1, maxItems: 8, default: [128, 128], description: 'Sizes of the hidden layers (unit: neurons)' })
const training = (epochs: number, batchSize: number) => ({
  epochs: Type.Integer({ minimum: 1, maximum: 10_000, default: epochs, description: 'Passes over the stored solutions' }),
  batchSize: Type.Integer({ minimum: 1, maximum: 100_000, default: batchSize, description: 'Instances of a step; of a value network with all their starts' }),
  learningRate: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 2e-3, description: 'Adam’s first rate, which falls to 0 as a half cosine' })
})
const offline = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Instances that it learns from, the first of spec.offline.instances; all when left out' }))
const isOracle = (description: string) => Type.Boolean({ default: false, description })

export const initialisers = {
  random: Type.Object({ type: Type.Literal('random', { description: 'From P0, whatever the instance' }), name }, closed),
  conditional: Type.Object({ type: Type.Literal('conditional', { description: 'From a distribution that looks at the instance, P(. | x), without learning' }), name }, closed),
  heuristic: Type.Object({
    type: Type.Literal('heuristic', { description: 'A start that people of the field use' }),
    name,
    rule: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'One of the family’s; the usual one when left out' }))
  }, closed),
  nearest: Type.Object({ type: Type.Literal('nearest', { description: 'The solution of the stored instance that is nearest in features' }), name, offline }, closed),
  'multi-start': Type.Object({
    type: Type.Literal('multi-start', { description: 'Solves from several random starts and keeps the best: as many times the cost' }),
    name,
    starts: Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'm' })
  }, closed),
  'arg-init': Type.Object({
    type: Type.Literal('arg-init', { description: 'A network predicts the solution from the instance, and the solver starts there' }),
    name,
    loss: choice(['solution', 'objective'], { default: 'solution', description: 'solution: distance to stored solutions; objective: the objective itself of what is predicted' }),
    labels: Type.Integer({ minimum: 1, maximum: 1000, default: 1, description: 'Stored solutions are the best of so many random starts (r): of several minima their mean is none' }),
    hidden,
    ...training(60, 128),
    offline,
    oracle: isOracle('Starts at the solution itself, which the solver finds first: what a perfect network would give')
  }, closed),
  'val-init': Type.Object({
    type: Type.Literal('val-init', { description: 'A network predicts the value that the solver reaches from a start, and the best of several candidates is taken' }),
    name,
    starts: Type.Integer({ minimum: 2, maximum: 1000, default: 8, description: 'Starts of every stored instance: targets are centred per instance, for it is their order that matters' }),
    candidates: Type.Integer({ minimum: 1, maximum: 10_000, default: 20, description: 'm; 1 is random' }),
    search: choice(['sample', 'descent'], { default: 'sample', description: 'sample: candidates as they are drawn; descent: each first moved down the predicted value, within two deviations of stored starts' }),
    hidden,
    ...training(30, 64),
    offline,
    oracle: isOracle('Knows the value that each candidate reaches: the same as multi-start of so many')
  }, closed),
  reference: Type.Object({ type: Type.Literal('reference', { description: 'No initialiser: the family’s reference solver' }), name }, closed)
}

/** Schema of an initialiser: one arm. */
export const InitialiserSpec = taggedUnion([
  initialisers.random, initialisers.conditional, initialisers.heuristic, initialisers.nearest,
  initialisers['multi-start'], initialisers['arg-init'], initialisers['val-init'], initialisers.reference
], { description: 'Where the solver starts' })
export type InitialiserSpec = Static<typeof InitialiserSpec>
export type InitialiserOf<T extends InitialiserSpec['type']> = Extract<InitialiserSpec, { type: T }>
