/**
 * What cg.ts, bfgs.ts and lbfgs.ts share: a line search along a direction that each makes in its own way from the gradients
 * so far, and what happens when one fails. Where no step meets the strong Wolfe conditions it goes to the lowest point seen,
 * if any is lower, forgets what it has learned and starts again along -g, as L-BFGS-B does (Zhu, Byrd, Lu, Nocedal 1997,
 * "Algorithm 778"); it ends when that fails too. No step depends on the scale of the objective or of its gradient.
 */
import type { NamedArrays } from '../math/arrays.js'
import { named, readArray, readNumber } from './checks.js'
import { createLineSearch } from './line-search.js'
import type { WolfeConstants } from './more-thuente.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions, OptimizerState } from './optimizer.js'
import { canGoOn, createProgress, endUnbounded, requireGradient, toOptimizer } from './progress.js'
import { addScaled, dot, largest, norm, scale } from '../math/vectors.js'

/** The last step, all [size]. The method writes `direction` and reads the rest. */
export interface Move {
  /** g at theta */
  readonly gradient: Float64Array
  /** p: along which the last step was made; then the next */
  readonly direction: Float64Array
  /** s = theta_new - theta */
  readonly shift: Float64Array
  /** y = g_new - g */
  readonly change: Float64Array
}

/** Along what the next trial may be measured: lengths in theta, values in units of the objective. */
export interface Lately {
  /** |theta_new - theta| of the last step */
  stepLength: number
  /** value before the last step less value after it */
  decrease: number
  /** gradient . direction, < 0 */
  slope: number
}

export interface Method {
  /** The first step to try along a direction other than -g after a restart, in its lengths. */
  firstStep (lately: Lately): number
  /**
   * Writes the next direction.
   * @param isFirst  whether the last step is the first since the start or a restart
   * @returns false when the step has taught nothing: the next direction is then -g
   */
  turn (isFirst: boolean): boolean
  /** Forgets all steps. */
  forget (): void
  /** The method's own part of the state, copies. */
  save (): { arrays: NamedArrays, values?: Record<string, unknown> }
}

export interface DescentOptions extends WolfeConstants {
  /** length in theta of the first step to try at the start */
  firstLength: number
}

/**
 * The step at which a parabola with this slope, which falls by the last decrease again, has its minimum, and a little more
 * (Nocedal and Wright, equation 3.60, as in SciPy). Not > 0 when the last step gained nothing.
 */
export function parabolaStep ({ decrease, slope }: Lately): number {
  return 1.01 * 2 * decrease / -slope
}

/** @param make  the method, with its part of options.state read */
export function createDescent (
  name: string, settings: CommonSettings, objective: Objective, options: OptimizerOptions,
  { firstLength, ...constants }: DescentOptions, make: (move: Move) => Method
): Optimizer {
  requireGradient(name, objective)
  const progress = createProgress(name, settings, objective, options)
  const { size } = progress
  const search = createLineSearch(progress, constants)
  const gradient = new Float64Array(size)
  const direction = new Float64Array(size)
  const shift = new Float64Array(size)
  const change = new Float64Array(size)
  let previousValue: number
  let isFresh: boolean // the direction is -g, for the first time since the start or a failure
  if (options.state !== undefined) {
    readArray(options.state, 'gradient', gradient)
    readArray(options.state, 'direction', direction)
    previousValue = readNumber(options.state, 'previousValue')
    isFresh = options.state.values['isFresh'] === true
  }
  const method = make({ gradient, direction, shift, change })
  if (options.state === undefined) start()

  return toOptimizer(progress, { iterate, save })

  function start (): void {
    progress.value = progress.evaluateGradient(progress.theta, gradient)
    progress.gradientNorm = largest(gradient)
    previousValue = progress.value
    restart()
    progress.begin()
  }

  function restart (): void {
    method.forget()
    scale(direction, -1, gradient)
    isFresh = true
  }

  function iterate (): void {
    let found = searchLine()
    if (found === 'none' && !isFresh) {
      restart()
      if (!progress.canSpend(2)) return
      found = searchLine()
    }
    if (found === 'cut') return
    if (found === 'none') return search.giveUp()
    goOn(found === 'wolfe')
    if (found === 'endless') endUnbounded(progress)
  }

  function searchLine () {
    const slope = dot(gradient, direction)
    const { stepLength, value } = progress
    const first = isFresh
      ? (stepLength > 0 ? stepLength : firstLength) / norm(gradient)
      : method.firstStep({ stepLength, decrease: previousValue - value, slope })
    return search.run(slope, direction, first)
  }

  function goOn (isWolfe: boolean): void {
    previousValue = progress.value
    scale(shift, search.step, direction)
    addScaled(change, search.gradient, -1, gradient)
    search.take()
    gradient.set(search.gradient)
    progress.endStep()
    if (!canGoOn(progress)) return
    if (progress.stepLength === 0) return progress.end('stalled', 'the step is below the rounding of theta')
    if (!isWolfe && isFresh) return search.giveUp()
    const isFirst = isFresh
    isFresh = false
    if (!isWolfe || !method.turn(isFirst) || !(dot(gradient, direction) < 0)) restart()
  }

  function save (): OptimizerState {
    const { arrays, values } = method.save()
    return progress.save({
      ...arrays,
      gradient: named(gradient),
      direction: named(direction),
      previousValue: named(Float64Array.of(previousValue))
    }, { ...values, isFresh })
  }
}
