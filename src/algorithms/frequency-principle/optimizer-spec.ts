/** The optimizers that a spec can list, each with its settings and its budget. src/optimizers has the methods. */
import { Type, type Static, type TProperties } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'

const rate = (otherwise: number) => Type.Number({ exclusiveMinimum: 0, maximum: 100, default: otherwise, description: 'Learning rate' })
const below1 = (otherwise: number, description: string) => Type.Number({ minimum: 0, exclusiveMaximum: 1, default: otherwise, description })
const coefficient = (otherwise: number, description: string) => Type.Number({ minimum: 0, maximum: 4, default: otherwise, description })
const tolerance = (description: string, bound: object) => Type.Number({ exclusiveMinimum: 0, ...bound, default: 1e-4, description })
const spread = (otherwise: number, description: string) => Type.Number({ minimum: 0, maximum: 100, default: otherwise, description })

/** Fields that every optimizer has. */
const common = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 40, pattern: '^\\S(.*\\S)?$', description: 'What reports call it; made of type and network when left out. Must be another for each optimizer' })),
  hidden: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 512 }), {
    minItems: 1, maxItems: 6, description: 'Hidden layers of this optimizer’s network in place of network.hidden: Powell and PSO need small ones; not for target data (unit: neurons)'
  }))
}

/** Schema of one method that is bounded by steps. */
function member<const Tag extends string, Fields extends TProperties> (type: Tag, description: string, steps: number, fields: Fields) {
  return Type.Object({
    type: Type.Literal(type, { description }),
    ...fields,
    ...common,
    steps: Type.Integer({ minimum: 1, maximum: 1_000_000, default: steps, description: 'Budget of iterations; a sweep over all directions for powell, a move of the swarm for pso (unit: steps)' }),
    evaluations: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e12, description: 'Budget of function and gradient evaluations; none when left out (unit: evaluations)' }))
  }, closed)
}

const epochs = { minimum: 1, maximum: 10_000 }

/** Schema of one optimizer. */
export const OptimizerSpec = taggedUnion([
  member('gd', 'Gradient descent on the loss over all points', 20_000, {
    learningRate: rate(0.02), momentum: below1(0, 'Part of the last step that is taken again')
  }),
  member('adam', 'Adam; on target data with batches', 4000, {
    learningRate: rate(0.005),
    beta1: below1(0.9, 'Decay of the mean gradient'),
    beta2: below1(0.999, 'Decay of the mean squared gradient'),
    epsilon: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 1e-8, description: 'Added to the root of the mean squared gradient' }),
    epochs: Type.Optional(Type.Integer({ ...epochs, description: 'Passes over the examples in place of steps; only for target data' }))
  }),
  member('cg', 'Nonlinear conjugate gradients with a strong Wolfe line search', 1500, {
    beta: choice(['polak-ribiere', 'fletcher-reeves'], { default: 'polak-ribiere', description: 'How much of the last direction is kept; Polak-Ribiere is cut off at 0' })
  }),
  member('bfgs', 'BFGS with the whole inverse Hessian, 8 P^2 bytes for P parameters', 400, {}),
  member('lbfgs', 'BFGS from the last few steps, for networks that are too large for bfgs', 800, {
    memory: Type.Integer({ minimum: 1, maximum: 100, default: 10, description: 'Steps that are remembered' })
  }),
  member('powell', 'Powell’s method: line searches along directions, no gradients', 60, {
    xTolerance: tolerance('Relative accuracy of a line search', { exclusiveMaximum: 0.01 }), valueTolerance: tolerance('Ends when a sweep lowers the loss by less, relatively', { maximum: 1 })
  }),
  member('pso', 'Particle swarm: positions and velocities, no gradients', 1500, {
    particles: Type.Integer({ minimum: 2, maximum: 1000, default: 60, description: 'Size of the swarm' }),
    inertia: coefficient(0.729, 'Part of the velocity that is kept; the default is Clerc and Kennedy’s constriction'),
    cognitive: coefficient(1.494, 'Pull to the particle’s own best position'),
    social: coefficient(1.494, 'Pull to the best position of its neighbourhood'),
    topology: choice(['global', 'ring'], { default: 'global', description: 'Neighbourhood: the whole swarm, or the nearest on a ring' }),
    neighbours: Type.Integer({ minimum: 1, maximum: 500, default: 2, description: 'Neighbours on each side of the ring, at most half the particles; ignored when topology is global' }),
    positionSpread: spread(2, 'Standard deviation of the first positions. Well below 1 the swarm stays where frequencies are low: a bias of the start, not of the method'),
    velocitySpread: spread(0.1, 'Standard deviation of the first velocities')
  }),
  Type.Object({
    type: Type.Literal('sgd', { description: 'Gradient descent on batches of examples; only for target data' }),
    learningRate: rate(0.1),
    momentum: below1(0, 'Part of the last step that is taken again'),
    name: common.name,
    epochs: Type.Integer({ ...epochs, default: 20, description: 'Passes over the examples' })
  }, closed)
], { description: 'A method with its settings and budget' })
export type OptimizerSpec = Static<typeof OptimizerSpec>
export type OptimizerType = OptimizerSpec['type']

const titles: Record<OptimizerType, string> = {
  gd: 'gradient descent', adam: 'Adam', cg: 'CG', bfgs: 'BFGS', lbfgs: 'L-BFGS', powell: 'Powell', pso: 'PSO', sgd: 'SGD'
}

/** What tables and legends call an optimizer: its name, or its method and where it differs the network. */
export function armOf (optimizer: OptimizerSpec): string {
  if (optimizer.name !== undefined) return optimizer.name
  const hidden = 'hidden' in optimizer ? optimizer.hidden : undefined
  return hidden === undefined ? titles[optimizer.type] : `${titles[optimizer.type]} (${hidden.join('-')})`
}

/** What a method is called. */
export function titleOf (type: OptimizerType): string {
  return titles[type]
}
