/** What can be minimised. All but networks are computed in Float64, with exact gradients. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed, taggedUnion } from '../../../choices.js'
import { DataReference, limitField, Scaling } from '../../kit/data.js'
import { NetworkSpec } from '../../kit/network.js'
import { SlotsField } from '../../kit/slots.js'

const noise = Type.Number({ minimum: 0, maximum: 1000, default: 0, description: 'sigma: deviation of what is added to every number of a gradient, drawn anew for every step and worker' })
const leaderNoise = Type.Number({ minimum: 0, maximum: 1000, default: 0, description: 'sigma_f: deviation of what is added to a loss before the leader is chosen' })

/** Schema of the problem. */
export const Problem = taggedUnion([
  Type.Object({
    type: Type.Literal('sinc', { description: 'sin(pi r) / (pi r) over the plane: minima are rings, the lowest at r = 1.4303 with -0.21723' }),
    starts: taggedUnion([
      Type.Object({
        type: Type.Literal('given', { description: 'One training from these places' }),
        points: Type.Array(Type.Array(Type.Number({ minimum: -1000, maximum: 1000 }), { minItems: 2, maxItems: 2 }), {
          minItems: 1, maxItems: 16, default: [[-6, -4], [-15, -18], [17, 8], [20, 11]], description: 'A place for each worker, as many as workers; sgd has the first one'
        })
      }, closed),
      Type.Object({
        type: Type.Literal('random', { description: 'Trainings from places drawn evenly from a square' }),
        repeats: Type.Integer({ minimum: 1, maximum: 10_000, default: 1, description: 'Trainings; paths and workers are those of the first' }),
        range: Type.Number({ exclusiveMinimum: 0, maximum: 1000, default: 20, description: 'Half of the square’s side' })
      }, closed)
    ], { default: { type: 'given' }, description: 'Where the workers start' })
  }, closed),
  Type.Object({
    type: Type.Literal('double-well', { description: 'sum over the numbers of (x^2 - 1)^2 / 4, plus tilt x_1: a basin for every choice of signs' }),
    dimensions: Type.Integer({ minimum: 1, maximum: 1000, default: 2, description: 'Numbers of a place' }),
    tilt: Type.Number({ minimum: 0, maximum: 0.3, default: 0.05, description: 'How much lower the wells on the left are' }),
    noise
  }, closed),
  Type.Object({
    type: Type.Literal('quadratic', { description: 'x’ A x / 2 with eigenvalues from 1 to `condition`, spaced evenly on a logarithmic axis, in directions drawn at random; the minimum is 0' }),
    dimensions: Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'Numbers of a place' }),
    condition: Type.Number({ minimum: 1, maximum: 1e8, default: 10, description: 'Largest eigenvalue over the least one' }),
    noise,
    leaderNoise
  }, closed),
  Type.Object({
    type: Type.Literal('matrix-completion', { description: '|M - X X’|^2 / 4 with M = U U’, U and X of size x rank; first X ~ N(0, 1)' }),
    size: Type.Integer({ minimum: 2, maximum: 500, default: 100, description: 'Rows and columns of M' }),
    rank: Type.Integer({ minimum: 1, maximum: 500, default: 1, description: 'At most the size' })
  }, closed),
  Type.Object({
    type: Type.Literal('network', { description: 'A network that learns classes, in float32' }),
    data: DataReference,
    trainExamples: limitField('training'),
    testExamples: limitField('test'),
    scaling: Scaling,
    network: NetworkSpec,
    batchSize: Type.Integer({ minimum: 1, maximum: 4096, default: 128, description: 'Examples of a worker’s step' }),
    share: choice(['sharded', 'full'], { default: 'sharded', description: 'sharded: workers see disjoint parts of the data in every pass, the same number of examples each give or take one; full: each sees all, in an order of its own' }),
    augmentation: Type.Optional(Type.Object({
      cropPadding: Type.Integer({ minimum: 0, maximum: 16, default: 0, description: 'A random window of the picture with so many zeros around it (unit: pixels)' }),
      flip: Type.Boolean({ default: false, description: 'Mirrored left and right at random' })
    }, { ...closed, description: 'Pictures moved at random in training' })),
    slots: SlotsField
  }, closed)
], { default: { type: 'sinc' }, description: 'What is minimised' })
export type Problem = Static<typeof Problem>
export type ProblemOf<Type extends Problem['type']> = Extract<Problem, { type: Type }>
