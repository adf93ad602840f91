/**
 * Opens the solving of a batch of instances: the steps of all, and of each the best state, what it has spent, and when it
 * stops. What one instance does depends on no other. Next hops: method.ts, with gradient.ts, fista.ts and
 * zeroth-order.ts beside it; memory.ts.
 */
import { AppError } from '../../errors.js'
import type { NamedArrays } from '../../math/arrays.js'
import type { BatchObjective } from '../../math/batch-objective.js'
import { createFista } from './fista.js'
import { createGradient } from './gradient.js'
import type { Bench, Method } from './method.js'
import { openMemory } from './memory.js'
import { stopReasons, type BatchRun, type BatchSolver } from './solver.js'
import { restoreRows, saveRows } from './state.js'
import { createZerothOrder, type Directions } from './zeroth-order.js'

export interface BatchOptions {
  /** of a zeroth-order solver: opens the stream of an instance's directions at a step, from 1 */
  directions?: Directions
  /** what save() gave */
  resume?: NamedArrays | undefined
}

const RUNNING = stopReasons.indexOf('running')

/**
 * Starts to solve instances, or goes on. Starts are projected first, where there is a feasible set.
 * @param starts [count, size], copied
 * @throws {AppError} invalid_input for a solver of gradients where the objective has none, for a zeroth-order one without
 *   directions, and for starts or a saved run of other instances
 */
export function openBatch (objective: BatchObjective, solver: BatchSolver, starts: Float64Array, options: BatchOptions = {}): BatchRun {
  const { count, size } = objective
  const memory = openMemory(count, size, solver, starts)
  const { state, looked, active } = memory
  const { states, values, bestStates, bestValues, reasons, steps, queries } = state
  const method = openMethod({ objective, memory }, solver, options)
  let running = count
  let made = 0

  if (options.resume === undefined) begin()
  else resume(options.resume)

  function begin (): void {
    objective.project?.(states)
    bestStates.set(states)
    method.begin(0, looked, active)
    running -= memory.settle(0, method.queriesOfBegin, method.queriesOfStep)
  }

  function resume (saved: NamedArrays): void {
    const rows = saved['reasons']?.data.length
    if (rows !== count) throw new AppError('invalid_input', `A saved run must have ${count} instances, got ${rows}`)
    restoreRows(state, saved)
    for (let i = 0; i < count; i++) {
      made = Math.max(made, steps[i]!)
      active[i] = reasons[i] === RUNNING ? 1 : 0
      running -= 1 - active[i]!
    }
    if (running > 0) method.begin(made, looked, active) // a gradient is not saved: it is the same again
  }

  function step (): void {
    made++
    if (solver.tolerance > 0) memory.before.set(states)
    method.move(made, looked, active)
    running -= memory.settle(made, method.queriesOfStep, method.queriesOfStep)
  }

  return {
    get step () { return made },
    get done () { return running === 0 },
    states,
    values,
    best: { states: bestStates, values: bestValues },
    reasons,
    steps,
    queries,
    advance (count) { for (; count > 0 && running > 0; count--) step() },
    save: () => saveRows(state),
    close: memory.close
  }
}

function openMethod (bench: Bench, solver: BatchSolver, { directions }: BatchOptions): Method {
  if (solver.type === 'zeroth-order') return createZerothOrder(bench, solver, directions)
  const { objective: { gradients } } = bench
  if (gradients === undefined) throw new AppError('invalid_input', `Solver ${solver.type} needs gradients, and the objective has none`)
  return solver.type === 'gradient' ? createGradient(bench, solver) : createFista(bench, solver)
}
