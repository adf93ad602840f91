/**
 * Opens the solving of a batch of instances: the steps of all, and of each the best state, what it has spent, and when it
 * stops. What one instance does depends on no other. Next hops: method.ts, and gradient.ts, fista.ts, zeroth-order.ts beside it.
 */
import { AppError } from '../../errors.js'
import type { NamedArrays } from '../../math/arrays.js'
import type { BatchObjective } from '../../math/batch-objective.js'
import { createFista } from './fista.js'
import { createGradient } from './gradient.js'
import type { Bench, Method } from './method.js'
import { stopReasons, type BatchRun, type BatchSolver, type StopReason } from './solver.js'
import { createState, restoreRows, saveRows } from './state.js'
import { createZerothOrder, type Directions } from './zeroth-order.js'

export interface BatchOptions {
  /** of a zeroth-order solver: opens the stream of an instance's directions at a step, from 1 */
  directions?: Directions
  /** what save() gave */
  resume?: NamedArrays | undefined
}

const codes = Object.fromEntries(stopReasons.map((reason, code) => [reason, code])) as Record<StopReason, number>

/**
 * Starts to solve instances, or goes on. Starts are projected first, where there is a feasible set.
 * @param starts [count, size], copied
 * @throws {AppError} invalid_input for a solver of gradients where the objective has none, for a zeroth-order one without
 *   directions, and for starts or a saved run of other instances
 */
export function openBatch (objective: BatchObjective, solver: BatchSolver, starts: Float64Array, options: BatchOptions = {}): BatchRun {
  const { count, size } = objective
  const state = createState(count, size, starts)
  const { states, values, bestStates, bestValues, reasons, steps, queries } = state
  const method = openMethod({ objective, state }, solver, options)
  const budget = solver.type === 'zeroth-order' ? solver.budget : Infinity
  const active = new Uint8Array(count).fill(1)
  const looked = new Float64Array(count)
  const before = new Float64Array(solver.tolerance > 0 ? count * size : 0)
  let running = count
  let made = 0

  if (options.resume === undefined) begin()
  else resume(options.resume)

  function begin (): void {
    objective.project?.(states)
    bestStates.set(states)
    method.begin(0, looked, active)
    for (let i = 0; i < count; i++) {
      queries[i] = method.queriesOfBegin
      settle(i)
    }
  }

  function resume (saved: NamedArrays): void {
    const rows = saved['reasons']?.data.length
    if (rows !== count) throw new AppError('invalid_input', `A saved run must have ${count} instances, got ${rows}`)
    restoreRows(state, saved)
    for (let i = 0; i < count; i++) {
      made = Math.max(made, steps[i]!)
      if (reasons[i] !== codes.running) rest(i)
    }
    if (running > 0) method.begin(made, looked, active) // a gradient is not saved: it is the same again
  }

  function step (): void {
    made++
    if (solver.tolerance > 0) before.set(states)
    method.move(made, looked, active)
    for (let i = 0; i < count; i++) {
      if (active[i] === 0) continue
      steps[i] = made
      queries[i]! += method.queriesOfStep
      settle(i)
    }
  }

  /** Takes the value where an instance has come, and stops it when it is time. */
  function settle (i: number): void {
    const from = i * size
    const to = from + size
    const value = looked[i]!
    if (!Number.isFinite(value) || !areFinite(states, from, to)) {
      states.set(bestStates.subarray(from, to), from)
      values[i] = bestValues[i]!
      return stop(i, 'non-finite')
    }
    values[i] = value
    if (!(value >= bestValues[i]!)) { // NaN at first
      bestValues[i] = value
      for (let k = from; k < to; k++) bestStates[k] = states[k]!
    }
    if (solver.tolerance > 0 && made > 0 && moved(before, states, from, to) <= solver.tolerance) stop(i, 'converged')
    else if (made === solver.steps) stop(i, 'steps')
    else if (queries[i]! + method.queriesOfStep > budget) stop(i, 'budget')
  }

  function stop (i: number, reason: StopReason): void {
    reasons[i] = codes[reason]
    rest(i)
  }

  function rest (i: number): void {
    active[i] = 0
    running--
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
    save: () => saveRows(state)
  }
}

function openMethod (bench: Bench, solver: BatchSolver, { directions }: BatchOptions): Method {
  if (solver.type === 'zeroth-order') return createZerothOrder(bench, solver, directions)
  const { objective: { gradients } } = bench
  if (gradients === undefined) throw new AppError('invalid_input', `Solver ${solver.type} needs gradients, and the objective has none`)
  return solver.type === 'gradient' ? createGradient(bench, solver) : createFista(bench, solver)
}

function areFinite (numbers: Float64Array, from: number, to: number): boolean {
  for (let k = from; k < to; k++) if (!Number.isFinite(numbers[k]!)) return false
  return true
}

/** The most that a number has changed by. */
function moved (before: Float64Array, after: Float64Array, from: number, to: number): number {
  let most = 0
  for (let k = from; k < to; k++) most = Math.max(most, Math.abs(after[k]! - before[k]!))
  return most
}
