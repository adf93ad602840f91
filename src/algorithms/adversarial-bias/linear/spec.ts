/** Points that a line through the origin separates, and how a linear classifier is trained on them, in Float64. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed, taggedUnion } from '../../../choices.js'
import { DataReference, limitField, Scaling } from '../../kit/data.js'

const margin = Type.Number({ exclusiveMinimum: 0, maximum: 1e6, default: 1, description: 'gamma: the l2 margin of the points, exactly' })

/** Schema of where the points z = y x come from. */
export const Points = taggedUnion([
  Type.Object({
    type: Type.Literal('given', { description: 'These points' }),
    points: Type.Array(Type.Array(Type.Number({ minimum: -1e6, maximum: 1e6 }), { minItems: 1, maxItems: 100 }), {
      minItems: 1, maxItems: 1000, default: [[3, 1]], description: 'z = y x, of one length'
    })
  }, closed),
  Type.Object({
    type: Type.Literal('two-vectors', { description: 'Two support vectors in the plane, u = (1, 1) / sqrt(2), v = (-1, 1) / sqrt(2): gamma u + a1 v and gamma u - a2 v' }),
    margin,
    along: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 1e6 }), { minItems: 2, maxItems: 2, default: [3, 0.4], description: '[a1, a2]: how far they lie from the best direction, on either side' })
  }, closed),
  Type.Object({
    type: Type.Literal('forty', { description: 'The two support vectors u + 3 v and u - 0.4 v of margin 1, and 38 points behind them: (2 + 0.15 k) u + (-1)^k 0.2 k v' })
  }, closed),
  Type.Object({
    type: Type.Literal('random', { description: 'Normal points of the trial’s seed, moved along a direction of the seed until none is nearer than the margin' }),
    dimensions: Type.Integer({ minimum: 2, maximum: 1000, default: 20, description: 'Numbers of a point' }),
    examples: Type.Integer({ minimum: 2, maximum: 10_000, default: 200, description: 'Points' }),
    margin
  }, closed),
  Type.Object({
    type: Type.Literal('classes', { description: 'Two classes of a data set, as +1 and -1; numbers that are 0 in all examples are left out' }),
    data: DataReference,
    positive: Type.String({ minLength: 1, maxLength: 200, default: '0', description: 'Name of the class +1' }),
    negative: Type.String({ minLength: 1, maxLength: 200, default: '1', description: 'Name of the class -1' }),
    trainExamples: limitField('training'),
    scaling: Scaling
  }, closed)
], { default: { type: 'forty' }, description: 'z = y x: points that the classifier shall have on its positive side' })
export type Points = Static<typeof Points>
export type PointsOf<Type extends Points['type']> = Extract<Points, { type: Type }>

/** What a training may have in place of what the problem says of all. */
const lossField = (options: { default?: 'exponential' } = {}) =>
  choice(['exponential', 'logistic'], { description: 'Of the margin m = z.w: exp(-m), or log(1 + exp(-m))', ...options })
const stepsField = (options: { default?: number } = {}) =>
  Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'T: the horizon (unit: steps)', ...options })
const batchField = (options: { default?: 'full' } = {}) =>
  Type.Union([Type.Literal('full'), Type.Integer({ minimum: 1, maximum: 10_000 })], {
    description: 'Points of a step: all of them, or so many, drawn in a new order for every pass', ...options
  })
const learningRateField = (options: { default?: number } = {}) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 1e6, description: 'eta, constant, of the mean loss', ...options })

/** Fields of a training that stand for the problem's. */
export const linearOverrides = {
  loss: Type.Optional(lossField()),
  steps: Type.Optional(stepsField()),
  batch: Type.Optional(batchField()),
  learningRate: Type.Optional(learningRateField())
}

/** Schema of the problem. */
export const LinearProblem = Type.Object({
  type: Type.Literal('linear', { description: 'A linear classifier without intercept, from w = 0, in Float64' }),
  points: Points,
  loss: lossField({ default: 'exponential' }),
  steps: stepsField({ default: 10_000 }),
  batch: batchField({ default: 'full' }),
  learningRate: learningRateField({ default: 0.05 }),
  inner: taggedUnion([
    Type.Object({ type: Type.Literal('exact', { description: 'The worst perturbation in closed form: the margin loses c |w|_p' }) }, closed),
    Type.Object({
      type: Type.Literal('projected-gradient', { description: 'Steps of the gradient’s direction and projections, from the point itself' }),
      steps: Type.Integer({ minimum: 1, maximum: 100, default: 10, description: 'Steps for every point and step' }),
      stepSize: Type.Number({ exclusiveMinimum: 0, maximum: 10, default: 0.25, description: 'In units of the radius' })
    }, closed)
  ], { default: { type: 'exact' }, description: 'How the worst perturbation of a point is found' }),
  recordsPerDecade: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Records per factor of ten in the steps, log-spaced, every step at first' })
}, closed)
export type LinearProblem = Static<typeof LinearProblem>
