/** Within what a training example may be moved by the adversary: an l_q ball, and its radius. */
import { Type, type Static } from '../../schema/type.js'
import { closed, taggedUnion } from '../../choices.js'

/** Schema of q. */
export const NormOrder = Type.Union([Type.Number({ minimum: 1, maximum: 1000 }), Type.Literal('infinity')], {
  default: 2, description: 'q of the norm that bounds a perturbation; its dual norm p, 1/p + 1/q = 1, is what the margin loses'
})
export type NormOrder = Static<typeof NormOrder>

/** Schema of the radius. */
export const Radius = taggedUnion([
  Type.Object({ type: Type.Literal('none', { description: '0: clean training' }) }, closed),
  Type.Object({
    type: Type.Literal('absolute', { description: 'In the units that the classifier sees' }),
    value: Type.Number({ minimum: 0, maximum: 1e6, default: 0.1, description: 'c' })
  }, closed),
  Type.Object({
    type: Type.Literal('fraction', { description: 'Of gamma_q, the largest radius that leaves the points separable; 1 and more are controls: no direction is promised' }),
    of: Type.Number({ exclusiveMinimum: 0, maximum: 10, default: 0.9, description: 'c / gamma_q' })
  }, closed),
  Type.Object({
    type: Type.Literal('tuned', { description: 'To the horizon: c(T) = gamma_q (1 - min(1/2, log T / sqrt T)); every power of ten up to the steps, from 100 on, and the steps themselves, are trained for from the start' })
  }, closed)
], { default: { type: 'none' }, description: 'c: how far a perturbation goes' })
export type Radius = Static<typeof Radius>
