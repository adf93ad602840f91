/**
 * What every method keeps besides its own state: where it is, the best so far, what it has spent, and when to end.
 * A method calls `evaluate` and `evaluateGradient` in place of the objective's own functions, `keep` for values that it got
 * in another way, `endStep` after each iteration, and `canSpend` before each further line search.
 */
import type { NamedArrays } from '../math/arrays.js'
import { AppError } from '../errors.js'
import { named, readArray, requireNumber } from './checks.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Counts, Optimizer, OptimizerOptions, OptimizerState, Stop, StopReason } from './optimizer.js'
import { advice } from './stops.js'

export interface Progress {
  readonly size: number
  readonly theta: Float64Array
  value: number
  gradientNorm: number
  stepLength: number
  readonly best: { theta: Float64Array, value: number, step: number }
  readonly counts: Counts
  /** At the start: what says how large values and gradients of this objective are. */
  readonly first: { value: number, gradientNorm: number }
  readonly gradientTolerance: number
  /** of the budget, Infinity without one */
  readonly evaluationsLeft: number
  readonly stop: Stop | undefined
  /** Counted value. */
  evaluate (theta: Float64Array): number
  /** Counted value and gradient. @param into [size] */
  evaluateGradient (theta: Float64Array, into: Float64Array): number
  /** Keeps a point when its value is the least finite one yet. @param step iteration to which it belongs */
  keep (theta: Float64Array, value: number, step: number): void
  /** Looks at the stops after the first evaluation, before any iteration. */
  begin (): void
  /** Ends an iteration: counts it, looks at every stop. */
  endStep (): void
  /** Whether `evaluations` more fit the budget; ends the run when not. */
  canSpend (evaluations: number): boolean
  end (reason: StopReason, text: string): void
  save (arrays: NamedArrays, values?: Record<string, unknown>): OptimizerState
}

/** No function that has a minimum falls below this. */
const bottomless = -1e100

/**
 * Opens it at options.start, or where options.state was saved.
 * @param method  name that a state must carry
 * @throws {AppError} invalid_input when settings, budget, start or state do not fit
 */
export function createProgress (method: string, settings: CommonSettings, objective: Objective, options: OptimizerOptions): Progress {
  const { state } = options
  const size = requireNumber('objective.size', objective.size, { min: 1, integer: true })
  if (options.start.length !== size) {
    throw new AppError('invalid_input', `start must have the objective's ${size} parameters, got ${options.start.length}`)
  }
  const gradientTolerance = requireNumber('gradientTolerance', settings.gradientTolerance ?? 1e-5, { min: 0 })
  const targetValue = settings.targetValue === undefined ? -Infinity : requireNumber('targetValue', settings.targetValue, {})
  const stepBudget = options.budget?.steps === undefined
    ? Infinity
    : requireNumber('budget.steps', options.budget.steps, { min: 0, integer: true })
  const evaluationBudget = options.budget?.evaluations === undefined
    ? Infinity
    : requireNumber('budget.evaluations', options.budget.evaluations, { min: 1, integer: true })

  const counts: Counts = { steps: 0, functionEvaluations: 0, gradientEvaluations: 0 }
  const best = { theta: options.start.slice(), value: NaN, step: 0 }
  const first = { value: NaN, gradientNorm: NaN }
  let stop: Stop | undefined

  const progress: Progress = {
    size,
    theta: options.start.slice(),
    value: NaN,
    gradientNorm: NaN,
    stepLength: 0,
    best,
    counts,
    first,
    gradientTolerance,
    get evaluationsLeft () { return evaluationBudget - counts.functionEvaluations - counts.gradientEvaluations },
    get stop () { return stop },
    evaluate,
    evaluateGradient,
    keep,
    begin,
    endStep,
    canSpend,
    end,
    save
  }
  if (state !== undefined) restore(state)
  return progress

  function evaluate (theta: Float64Array): number {
    counts.functionEvaluations++
    return see(theta, objective.value(theta))
  }

  function evaluateGradient (theta: Float64Array, into: Float64Array): number {
    counts.functionEvaluations++
    counts.gradientEvaluations++
    return see(theta, objective.gradient!(theta, into))
  }

  /** Whatever a method makes of a point, it may be the best: also one that a line search only passed. */
  function see (theta: Float64Array, value: number): number {
    keep(theta, value, counts.functionEvaluations === 1 ? 0 : counts.steps + 1)
    return value
  }

  function keep (theta: Float64Array, value: number, step: number): void {
    if (!Number.isFinite(value) || value >= best.value) return // best.value is NaN at first
    best.theta.set(theta)
    best.value = value
    best.step = step
  }

  function begin (): void {
    first.value = progress.value
    first.gradientNorm = progress.gradientNorm
    look()
  }

  function endStep (): void {
    counts.steps++
    look()
  }

  function look (): void {
    if (stop !== undefined) return
    const { value, gradientNorm } = progress
    // A method without gradient has NaN in gradientNorm at all times.
    const isFinite = Number.isFinite(value) && (counts.gradientEvaluations === 0 || Number.isFinite(gradientNorm))
    if (!isFinite) end('not-finite', `the value is ${value}, the largest gradient component ${gradientNorm}`)
    else if (value <= targetValue) end('value', `value ${brief(value)} <= targetValue ${brief(targetValue)}`)
    else if (gradientNorm <= gradientTolerance) {
      end('gradient', `largest gradient component ${brief(gradientNorm)} <= gradientTolerance ${brief(gradientTolerance)}`)
    } else if (value < bottomless) end('unbounded', `the value has fallen to ${brief(value)}`)
    else lookAtBudget()
  }

  function lookAtBudget (): void {
    if (counts.steps >= stepBudget) end('steps', `the budget of ${stepBudget} steps is used up`)
    else canSpend(1)
  }

  function canSpend (evaluations: number): boolean {
    if (evaluations <= progress.evaluationsLeft) return true
    end('evaluations', `${counts.functionEvaluations + counts.gradientEvaluations} of the budget of ${evaluationBudget} evaluations are used and the next move needs ${evaluations} or more`)
    return false
  }

  function end (reason: StopReason, text: string): void {
    stop = { reason, text, advice: advice[reason] }
  }

  function save (arrays: NamedArrays, values: Record<string, unknown> = {}): OptimizerState {
    const { theta, value, gradientNorm, stepLength } = progress
    return {
      arrays: {
        ...arrays,
        theta: named(theta),
        best: named(best.theta),
        // not among the values: JSON has no NaN
        scalars: named(Float64Array.of(value, gradientNorm, stepLength, best.value, best.step, first.value, first.gradientNorm))
      },
      values: { ...values, method, counts: { ...counts }, stop: stop === undefined ? null : { ...stop } }
    }
  }

  function restore (from: OptimizerState): void {
    if (from.values['method'] !== method) {
      throw new AppError('invalid_input', `state must be of the optimizer ${method}, got ${String(from.values['method'])}`)
    }
    const scalars = new Float64Array(7)
    readArray(from, 'theta', progress.theta)
    readArray(from, 'best', best.theta)
    readArray(from, 'scalars', scalars)
    progress.value = scalars[0]!
    progress.gradientNorm = scalars[1]!
    progress.stepLength = scalars[2]!
    best.value = scalars[3]!
    best.step = scalars[4]!
    first.value = scalars[5]!
    first.gradientNorm = scalars[6]!
    Object.assign(counts, from.values['counts'])
    const ended = from.values['stop'] as Stop | null
    // Another budget may be given now, so a budget's end is looked at anew; and that alone, for Powell may be within a sweep.
    if (ended !== null && ended.reason !== 'steps' && ended.reason !== 'evaluations') stop = { ...ended }
    else lookAtBudget()
  }
}

/** The optimizer as its user sees it. @param parts one iteration, and the method's own part of the state */
export function toOptimizer (progress: Progress, parts: { iterate (): void, save (): OptimizerState }): Optimizer {
  return {
    theta: progress.theta,
    best: progress.best,
    counts: progress.counts,
    get value () { return progress.value },
    get gradientNorm () { return progress.gradientNorm },
    get stepLength () { return progress.stepLength },
    get stop () { return progress.stop },
    step () {
      if (progress.stop === undefined) parts.iterate()
    },
    save: parts.save
  }
}

/** Whether nothing but a budget has ended it, if anything has: under a larger one it goes on, and must be ready to. */
export function canGoOn ({ stop }: Progress): boolean {
  return stop === undefined || stop.reason === 'steps' || stop.reason === 'evaluations'
}

/** Ends it at the far end of a line along which the value only fell. */
export function endUnbounded (progress: Progress): void {
  progress.end('unbounded', `the value still falls ${brief(progress.stepLength)} from where a line began: it is ${brief(progress.value)}`)
}

/** @throws {AppError} invalid_input when the objective has no gradient */
export function requireGradient (method: string, objective: Objective): void {
  if (objective.gradient === undefined) {
    throw new AppError('invalid_input', `optimizer.type must be powell or pso for an objective without gradient, got ${method}`)
  }
}

/** Three digits, for messages. */
export function brief (value: number): string {
  return String(Number(value.toPrecision(3)))
}
