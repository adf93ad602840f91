/** Answers where a solver ends that starts where the initialiser says. */
import type { OpenModel } from '../../../influence/open-model.js'
import { stopReasons } from '../../../optimizers/batched/solver.js'
import type { Engine } from '../../../tensor/engine.js'
import { inSense } from '../families/family.js'
import type { SolverSpec } from '../solver-spec.js'
import { costOf } from '../solving/block.js'
import { openSolving } from '../solving/open.js'
import type { Ends } from '../solving/solving.js'
import { headOf, openAsked, refuseMore, rowOf, startAll, type Asked } from './open.js'
import type { SolveRequest, SolveResponse } from './schema.js'

/** Of the network: some seconds. */
const MOST_FLOPS = 1e11
/** Numbers that the solver touches: about a minute on one thread. */
const MOST_TOUCHED = 2e9
/** Beside start and solution: values, reason, steps, queries. */
const FACTS = 5

/** Answers a solve request. @throws invalid_input, no_checkpoint */
export function answerSolve (engine: Engine, model: OpenModel, request: SolveRequest): SolveResponse {
  const asked = openAsked(model, request, { numbersOf: ({ family }) => 2 * family.size + FACTS, flops: MOST_FLOPS })
  const { family, details, instances: { count } } = asked
  const solver: SolverSpec = { ...request.solver ?? details.solver, ...(request.steps === undefined ? {} : { steps: request.steps }) }
  refuseMore(asked.drawn, count, MOST_TOUCHED / costOf(family, solver) / stepsOf(solver), `up to ${stepsOf(solver)} steps of the solver each`)
  const { states } = startAll(engine, model, asked)
  const ends = solveAll(asked, solver, states)
  const [starts, solutions] = [family.decisionOf(states), family.decisionOf(ends.states)]
  const value = (minimized: number) => Number.isFinite(minimized) ? inSense(family, minimized) : null
  return {
    ...headOf(asked),
    solver,
    ends: Array.from({ length: count }, (_, i) => ({
      start: rowOf(starts, i, family.size),
      solution: rowOf(solutions, i, family.size),
      initial: value(ends.initials[i]!),
      objective: value(ends.values[i]!),
      reason: stopReasons[ends.reasons[i]!]!,
      steps: ends.steps[i]!,
      queries: ends.queries[i]!
    }))
  }
}

/** Most steps that an instance can make. */
function stepsOf (solver: SolverSpec): number {
  return solver.type === 'zeroth-order' ? Math.min(solver.steps, Math.ceil(solver.budget / (solver.samples + 1))) : solver.steps
}

/** As a trial of the same seed solves its test instances. */
function solveAll ({ details: { family }, instances, random }: Asked, solver: SolverSpec, starts: Float64Array): Ends {
  const solving = openSolving({ family, solver }, { random })
  try {
    const run = solving.begin({ instances, runs: 1, starts, purpose: 'test directions' })
    while (!run.done) run.advance()
    return run.ends
  } finally {
    solving.close()
  }
}
