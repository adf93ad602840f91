/**
 * How the weights of a stored model were moved: what the formulas of TracIn can be derived for, and what not. No tensor
 * import.
 */
import { Type, type Static } from '../schema/type.js'
import { closed, taggedUnion } from '../choices.js'

const beside = {
  beside: Type.Optional(Type.Array(Type.String(), {
    description: 'What else moved the weights or changed the gradients, in words (weight decay 0.001, pictures shifted at random): answers say that they do not cover it'
  }))
}

const decay = (description: string) => Type.Number({ minimum: 0, exclusiveMaximum: 1, description })

/** Schema of a model's descent. */
export const Descent = taggedUnion([
  Type.Object({
    type: Type.Literal('sgd', { description: 'v <- momentum v + g; w <- w - rate v, g the gradient of the mean loss of a batch, or of all examples' }),
    momentum: decay('Part of the velocity that is kept; 0: plain gradient steps'),
    ...beside
  }, closed),
  Type.Object({
    type: Type.Literal('adam', { description: 'Steps along the mean gradient over the root of the mean squared gradient' }),
    beta1: decay('Decay of the mean gradient'),
    beta2: decay('Decay of the mean squared gradient'),
    epsilon: Type.Number({ minimum: 0, description: 'Added to the root of the mean squared gradient' }),
    ...beside
  }, closed),
  Type.Object({
    type: Type.Literal('other', { description: 'No sum of steps along gradients of examples: no weights follow from it' }),
    name: Type.Optional(Type.String({ description: 'Of the method, where the kind tells' }))
  }, closed)
], { description: 'How its weights were moved' })
export type Descent = Static<typeof Descent>
