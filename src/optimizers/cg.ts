/**
 * Nonlinear conjugate gradients (Nocedal and Wright 2006, algorithm 5.4):
 *   p_0 = -g_0;  theta += alpha p  (strong Wolfe, c1 = 1e-4, c2 = 0.4)
 *   beta = max(0, g_new . (g_new - g) / g . g)   Polak-Ribière+, or   g_new . g_new / g . g   Fletcher-Reeves
 *   p = -g_new + beta p
 * Polak-Ribière+ also asks a step for sufficient descent of the next direction, p . g <= -0.01 g . g (Gilbert and Nocedal
 * 1992, "Global convergence properties of conjugate gradient methods for optimization", SIAM J. Optimization 2), as SciPy's does.
 */
import { named, readArray, readNumber, requireOneOf } from './checks.js'
import { createLineSearch, firstStep } from './line-search.js'
import type { Objective } from './objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { createProgress, requireGradient, toOptimizer } from './progress.js'
import { dot, largest, norm, scale } from '../vectors.js'

export interface ConjugateGradientSettings extends CommonSettings {
  /** 'polak-ribiere' (PR+) when absent */
  beta?: 'polak-ribiere' | 'fletcher-reeves'
}

export function createConjugateGradient (settings: ConjugateGradientSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  requireGradient('cg', objective)
  const isPolakRibiere = requireOneOf('beta', settings.beta ?? 'polak-ribiere', ['polak-ribiere', 'fletcher-reeves']) === 'polak-ribiere'
  const progress = createProgress('cg', settings, objective, options)
  const search = createLineSearch(progress, { c1: 1e-4, c2: 0.4 })
  const { gradient: newGradient } = search
  const gradient = new Float64Array(progress.size)
  const direction = new Float64Array(progress.size)
  const next = new Float64Array(progress.size)
  /** value of the step to which `next` belongs */
  let judged = NaN
  let previousValue: number

  if (options.state === undefined) start()
  else {
    readArray(options.state, 'gradient', gradient)
    readArray(options.state, 'direction', direction)
    previousValue = readNumber(options.state, 'previousValue')
  }

  return toOptimizer(progress, { iterate, save })

  function start (): void {
    progress.value = progress.evaluateGradient(progress.theta, gradient)
    progress.gradientNorm = largest(gradient)
    scale(direction, -1, gradient)
    previousValue = progress.value + norm(gradient) / 2 // so that the first step is about 1 long
    progress.begin()
  }

  function iterate (): void {
    const first = firstStep(progress.value, previousValue, dot(gradient, direction))
    if (!search.run(gradient, direction, first, isDescentNext)) return search.giveUp()
    if (judged !== search.value) isDescentNext() // the search ended at a step that it did not ask about
    previousValue = progress.value
    search.take()
    gradient.set(newGradient)
    direction.set(next)
    progress.endStep()
  }

  /** Computes next = -g_new + beta p. @returns whether the step may be taken: Fletcher-Reeves asks nothing of it */
  function isDescentNext (): boolean {
    judged = search.value
    const squared = dot(gradient, gradient)
    const newSquared = dot(newGradient, newGradient)
    let change = newSquared
    if (isPolakRibiere) {
      change = 0
      for (let i = 0; i < next.length; i++) change += (newGradient[i]! - gradient[i]!) * newGradient[i]!
    }
    const beta = Math.max(0, change / squared)
    for (let i = 0; i < next.length; i++) next[i] = beta * direction[i]! - newGradient[i]!
    return !isPolakRibiere || largest(newGradient) <= progress.gradientTolerance || dot(next, newGradient) <= -0.01 * newSquared
  }

  function save () {
    return progress.save({ gradient: named(gradient), direction: named(direction), previousValue: named(Float64Array.of(previousValue)) })
  }
}
