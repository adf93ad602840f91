/** The solvers that a spec can ask for: src/optimizers/batched/solver.ts has what they are. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'

const steps = Type.Integer({ minimum: 1, maximum: 100_000, default: 60, description: 'Most steps of an instance' })
const learningRate = Type.Number({ exclusiveMinimum: 0, maximum: 1e6, default: 2, description: 'Of every step' })
const momentum = Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0, description: 'Part of the velocity that is kept' })
const tolerance = Type.Number({ minimum: 0, default: 0, description: 'An instance stops when no number of it moves by more in a step; 0: it makes all steps' })

/** Schema of a solver. */
export const SolverSpec = taggedUnion([
  Type.Object({ type: Type.Literal('gradient', { description: 'Gradient descent, projected where the family is bounded' }), learningRate, momentum, steps, tolerance }, closed),
  Type.Object({
    type: Type.Literal('fista', { description: 'Proximal gradient descent with momentum and a soft threshold' }),
    learningRate,
    threshold: Type.Number({ minimum: 0, default: 0, description: 'Weight of the sum of absolute numbers' }),
    decay: choice(['constant', 'root'], { default: 'constant', description: 'root: the rate falls as the root of what is left' }),
    steps,
    tolerance
  }, closed),
  Type.Object({
    type: Type.Literal('zeroth-order', { description: 'Gradients estimated from queries along random directions' }),
    learningRate,
    momentum,
    samples: Type.Integer({ minimum: 1, maximum: 10_000, default: 10, description: 'Directions of one estimate' }),
    smoothing: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 1e-3, description: 'Length of a step along a direction' }),
    steps,
    budget: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 1000, description: 'Queries that an instance may take (unit: evaluations)' }),
    tolerance
  }, closed)
], { default: { type: 'gradient' }, description: 'How an instance is solved from its start' })
export type SolverSpec = Static<typeof SolverSpec>
