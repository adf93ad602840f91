/**
 * Nonlinear conjugate gradients (Nocedal and Wright 2006, algorithm 5.4):
 *   p_0 = -g_0;  theta += alpha p  (strong Wolfe, c1 = 1e-4, c2 = 0.4)
 *   beta = max(0, g_new . (g_new - g) / g . g)   Polak-Ribière+, or   g_new . g_new / g . g   Fletcher-Reeves
 *   p = -g_new + beta p
 * Polak-Ribière+ starts again along -g where p is no direction of sufficient descent, p . g <= -0.01 g . g (Gilbert and
 * Nocedal 1992, "Global convergence properties of conjugate gradient methods for optimization", SIAM J. Optimization 2).
 */
import { requireOneOf } from './checks.js'
import { createDescent, parabolaStep } from './descent.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { dot, norm } from '../math/vectors.js'

export interface ConjugateGradientSettings extends CommonSettings {
  /** 'polak-ribiere' (PR+) when absent */
  beta?: 'polak-ribiere' | 'fletcher-reeves'
}

/** A first trial is at most so many times as long as the last step: a steep fall before says little about a flat line. */
const maxGrowth = 10

export function createConjugateGradient (settings: ConjugateGradientSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  const isPolakRibiere = requireOneOf('beta', settings.beta ?? 'polak-ribiere', ['polak-ribiere', 'fletcher-reeves']) === 'polak-ribiere'
  return createDescent('cg', settings, objective, options, { c1: 1e-4, c2: 0.4, firstLength: 1.01 }, ({ gradient, direction, change }) => {
    let squared = dot(gradient, gradient)
    return {
      // The directions have no length of their own, so there is no step of 1 as in quasi-Newton methods.
      firstStep (lately) {
        const unit = lately.stepLength / norm(direction)
        const step = parabolaStep(lately)
        return step > 0 ? Math.min(step, maxGrowth * unit) : unit
      },
      turn () {
        const before = squared
        squared = dot(gradient, gradient)
        const beta = Math.max(0, (isPolakRibiere ? dot(change, gradient) : squared) / before)
        for (let i = 0; i < direction.length; i++) direction[i] = beta * direction[i]! - gradient[i]!
        return !isPolakRibiere || dot(direction, gradient) <= -0.01 * squared
      },
      forget () {
        squared = dot(gradient, gradient)
      },
      save: () => ({ arrays: {} })
    }
  })
}
