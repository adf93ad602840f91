/** What may be asked of a trained initialiser, and what comes back. Next hops: initialize.ts, solve.ts. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'
import { stopReasons } from '../../../optimizers/batched/solver.js'
import { SolverSpec } from '../solver-spec.js'

/** Most instances of a question. */
const MOST_INSTANCES = 10_000

const asked = {
  instances: Type.Optional(Type.Array(Type.Array(Type.Number(), { minItems: 1 }), {
    minItems: 1,
    maxItems: MOST_INSTANCES,
    description: 'Instances, a row of numbers each. sum-rate: the gains g_ij = |h_ij|² >= 0 from sender j to receiver i, K x K, receiver by receiver; two-basins: one number, whose sign tells the better side; convex: the minimum; unrelated: what is seen, then what is hidden'
  })),
  count: Type.Optional(Type.Integer({
    minimum: 1, maximum: MOST_INSTANCES, description: 'So many drawn instances instead: the first test instances of a trial with this seed'
  })),
  seed: Type.Integer({ minimum: 0, maximum: 2147483647, default: 0, description: 'Of everything that is drawn: instances, candidates, directions of a zeroth-order solver' })
}

export const InitializeRequest = Type.Object(asked, { ...closed, description: 'Either {instances} or {count}' })
export type InitializeRequest = Static<typeof InitializeRequest>

export const SolveRequest = Type.Object({
  ...asked,
  steps: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: 'Most steps of an instance; those of the solver when left out' })),
  // without a default: what is left out here is as in training
  solver: Type.Optional(Type.Unsafe<SolverSpec>({ ...SolverSpec, default: undefined, description: 'Another one than that whose solutions were learned' }))
}, { ...closed, description: 'Either {instances} or {count}, and either {solver} or {steps}' })
export type SolveRequest = Static<typeof SolveRequest>

const Numbers = Type.Array(Type.Number())
const Objective = Type.Object({ name: Type.String(), unit: Type.String(), sense: choice(['minimize', 'maximize']) }, closed)
/** Numbers overflow when channels or minima are beyond all measure. */
const Value = (description: string) => Type.Union([Type.Number(), Type.Null()], { description: `${description}; null: it is no number` })
const answered = {
  objective: Objective,
  instances: Type.Optional(Type.Array(Numbers, { description: 'The instances, where they were drawn' }))
}

export const InitializeResponse = Type.Object({
  ...answered,
  starts: Type.Array(Type.Object({
    state: Type.Array(Type.Number(), { description: 'theta, which a solver moves' }),
    decision: Type.Array(Type.Number(), { description: 'What it stands for, such as powers of users' }),
    predicted: Type.Optional(Type.Array(Type.Number(), {
      description: 'Of val-init: what the network says of each candidate, of which the lowest is taken; they compare within an instance alone'
    }))
  }, closed), { description: 'By instance' })
}, closed)
export type InitializeResponse = Static<typeof InitializeResponse>

export const SolveResponse = Type.Object({
  ...answered,
  solver: SolverSpec,
  ends: Type.Array(Type.Object({
    start: Type.Array(Type.Number(), { description: 'Decision that the start stands for' }),
    solution: Type.Array(Type.Number(), { description: 'The best decision that the solver has seen, the start included' }),
    initial: Value('Objective at the start, in its own sense'),
    objective: Value('Objective of the solution'),
    reason: choice(stopReasons, { description: 'Why the instance stopped' }),
    steps: Type.Integer({ minimum: 0, description: 'Steps that it made' }),
    queries: Type.Integer({ minimum: 0, description: 'Evaluations that it took' })
  }, closed), { description: 'By instance' })
}, closed)
export type SolveResponse = Static<typeof SolveResponse>
