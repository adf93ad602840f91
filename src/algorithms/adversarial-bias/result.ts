/** What one trial of adversarial-bias returns. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'

const Vector = (description: string) => Type.Array(Type.Number(), { maxItems: 1000, description })
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

/** A direction of largest margin, and how sure it is. */
const Reference = Type.Object({
  margin: Type.Number({ description: 'Least (z.u - c |u|_p) over all points, of the direction found: no larger one is, but for the gap' }),
  bound: Type.Number({ description: 'No direction has a larger margin: from the dual, evaluated over all points' }),
  gap: Type.Number({ description: '(bound - margin) / bound' }),
  supports: Type.Integer({ minimum: 1, description: 'Points with a dual weight' }),
  direction: Vector('u, at length 1; the first 1,000 numbers')
}, closed)

/** One record of a training. */
const Point = Type.Object({
  step: Type.Integer({ minimum: 1 }),
  radius: Type.Number({ minimum: 0 }),
  norm: Type.Number(),
  directionError: Type.Number(),
  cleanDirectionError: Type.Number(),
  margin: Type.Number(),
  mixedMargin: Type.Number()
}, closed)

const LinearResult = Type.Object({
  type: Type.Literal('linear'),
  points: Type.Integer({ minimum: 1, description: 'Points' }),
  dimensions: Type.Integer({ minimum: 1, description: 'Numbers of a point' }),
  largestNorm: Type.Number({ description: 'Largest |z|' }),
  gammaQ: Type.Number({ description: 'Largest radius that leaves the points separable: the margin in the dual norm; the data are not separable where it is not above 0' }),
  clean: Type.Union([Reference, Type.Null()], { description: 'Direction of largest l2 margin; null where the points are not separable' }),
  mixed: Type.Union([Reference, Type.Null()], { description: 'That of largest mixed-norm margin at the radius of the longest training; null where the radius is gamma_q or more' }),
  curve: Type.Array(Point, { maxItems: 1000 }),
  direction: Vector('w / |w| at the end, the first 1,000 numbers'),
  chatter: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 1000, description: 'Numbers of w that went through 0 again and again in the last tenth of the steps: the subgradient’s, not the data’s' }),
  law: Type.Object({
    exponent: orNull('Slope of log error over log T in the last two powers of ten'),
    logarithmic: orNull('a of error = a / log T + b, over the same'),
    logarithmicResidual: orNull('Root of the mean squared residual of that, over the mean error'),
    power: orNull('a of error = a / sqrt(T) + b'),
    powerResidual: orNull('The same of that')
  }, { ...closed, description: 'Fitted to the direction error' }),
  picture: Type.Optional(Type.Object({
    points: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), { maxItems: 200 }),
    path: Type.Array(Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }), { maxItems: 200, description: '[step, w1, w2]' })
  }, { ...closed, description: 'Of points in the plane' }))
}, closed)
export type LinearResult = Static<typeof LinearResult>

const NetworkResult = Type.Object({
  type: Type.Literal('network'),
  parameters: Type.Integer({ minimum: 1 }),
  radius: Type.Number({ minimum: 0, description: 'Of training' }),
  examples: Type.Integer({ minimum: 1, description: 'Test examples that were attacked' }),
  accuracy: Type.Number({ minimum: 0, maximum: 1, description: 'On all clean test examples' }),
  curve: Type.Array(Type.Object({
    radius: Type.Number({ minimum: 0 }), accuracy: Type.Number({ minimum: 0, maximum: 1 })
  }, closed), { description: 'Accuracy under attack at the end' }),
  epochs: Type.Array(Type.Object({
    epoch: Type.Integer({ minimum: 1 }),
    accuracy: Type.Number({ minimum: 0, maximum: 1 }),
    robust: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { description: 'At each radius of the evaluation' })
  }, closed), { maxItems: 1000 }),
  checks: Type.Array(Type.Object({
    name: Type.String(), rule: Type.String(), accuracy: Type.Number(), passed: Type.Boolean(), evidence: Type.String()
  }, closed), { description: 'Whether the robust accuracy means anything: each compares with another attack, at the radius of the evaluation that is nearest to the training’s and above 0; none where there is no such' }),
  sheet: Type.Optional(Type.Integer({ minimum: 0, description: 'Step of the artifact `attacked`: examples, what became of them under attack, and the difference; none where inputs are no pictures' }))
}, closed)
export type NetworkResult = Static<typeof NetworkResult>

/** Schema of what one trial returns. */
export const AdversarialResult = Type.Object({
  outcome: choice(['finished', 'not-separable', 'finite', 'chattered'], { description: 'How it ended' }),
  of: taggedUnion([LinearResult, NetworkResult], { description: 'What was found' })
}, closed)
export type AdversarialResult = Static<typeof AdversarialResult>
