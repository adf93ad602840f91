/** What gd.ts and adam.ts share: a move made from the gradient alone, whatever the value does. One evaluation an iteration. */
import type { NamedArrays } from '../math/arrays.js'
import { named, readArray } from './checks.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { brief, createProgress, requireGradient, toOptimizer } from './progress.js'
import { distance, largest } from '../math/vectors.js'

export interface Update {
  /** Changes theta. @param n number of this iteration, from 1 */
  move (theta: Float64Array, gradient: Float64Array, n: number): void
  /** The method's own arrays, copies. */
  save (): NamedArrays
}

/** Where a move leads to a value or gradient that is no number, it is taken back, does not count as a step, and the run ends. */
export function createFixedRate (
  method: string, settings: CommonSettings, objective: Objective, options: OptimizerOptions, update: Update
): Optimizer {
  requireGradient(method, objective)
  const progress = createProgress(method, settings, objective, options)
  const { theta, counts } = progress
  const gradient = new Float64Array(progress.size)
  const previous = new Float64Array(progress.size)
  if (options.state !== undefined) readArray(options.state, 'gradient', gradient)
  else {
    progress.value = progress.evaluateGradient(theta, gradient)
    progress.gradientNorm = largest(gradient)
    progress.begin()
  }

  return toOptimizer(progress, { iterate, save: () => progress.save({ ...update.save(), gradient: named(gradient) }) })

  function iterate (): void {
    if (!progress.canSpend(2)) return
    previous.set(theta)
    update.move(theta, gradient, counts.steps + 1)
    const value = progress.evaluateGradient(theta, gradient)
    const gradientNorm = largest(gradient)
    if (!Number.isFinite(value) || !Number.isFinite(gradientNorm)) {
      theta.set(previous)
      return progress.end('not-finite', `iteration ${counts.steps + 1} led to the value ${brief(value)} and the largest gradient component ${brief(gradientNorm)}`)
    }
    progress.value = value
    progress.gradientNorm = gradientNorm
    progress.stepLength = distance(theta, previous)
    progress.endStep()
    if (progress.stop === undefined && progress.stepLength === 0) progress.end('stalled', 'the step is below the rounding of theta')
  }
}
