/** The families that a spec can ask for. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed, taggedUnion } from '../../../choices.js'

export const SumRate = Type.Object({
  type: Type.Literal('sum-rate', { description: 'Power allocation on interference channels: maximize sum_i log2(1 + g_ii p_i / (noise + sum_(j != i) g_ij p_j)), g = |h|^2, h standard complex normal' }),
  users: Type.Integer({ minimum: 2, maximum: 40, default: 5, description: 'K' }),
  noise: Type.Number({ exclusiveMinimum: 0, maximum: 1e6, default: 1, description: 'Noise power s2 (unit: that of the channels’ mean gain times power)' }),
  power: Type.Number({ exclusiveMinimum: 0, maximum: 1e6, default: 1, description: 'Most that a user may send with, Pmax' }),
  variable: choice(['logit', 'power'], { default: 'logit', description: 'What is moved: t with p = Pmax sigmoid(t), without bounds, or p itself, projected onto 0 .. Pmax' })
}, closed)

export const TwoBasins = Type.Object({
  type: Type.Literal('two-basins', { description: 'One number with two minima, the better one on the side that the instance says, P0 a normal distribution: how often it starts in the better basin is known in closed form' }),
  gap: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 1, description: 'How much deeper the better minimum is' }),
  shift: Type.Number({ minimum: 0, maximum: 10, default: 1, description: 'How far P0’s mean is from the border of the basins, away from the better one (unit: deviations of P0)' })
}, closed)

export const Unrelated = Type.Object({
  type: Type.Literal('unrelated', { description: 'The control: minima that do not depend on what is seen of the instance, so that nothing can be learned' }),
  size: Type.Integer({ minimum: 1, maximum: 100, default: 4, description: 'Numbers of theta' })
}, closed)

export const Convex = Type.Object({
  type: Type.Literal('convex', { description: 'Least squares with one minimum, given by the instance: all starts lead to it' }),
  size: Type.Integer({ minimum: 1, maximum: 100, default: 4, description: 'Numbers of theta' }),
  condition: Type.Number({ minimum: 1, maximum: 1e6, default: 10, description: 'Largest over least curvature' })
}, closed)

/** Schema of a family. */
export const FamilySpec = taggedUnion([SumRate, TwoBasins, Unrelated, Convex], { default: { type: 'sum-rate' }, description: 'The problems that are solved again and again' })
export type FamilySpec = Static<typeof FamilySpec>
export type FamilyOf<T extends FamilySpec['type']> = Extract<FamilySpec, { type: T }>
