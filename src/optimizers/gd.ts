/**
 * Gradient descent with a fixed rate, and heavy-ball momentum (Polyak 1964, "Some methods of speeding up the convergence
 * of iteration methods"; the form of PyTorch's SGD):
 *   v = momentum v + g;   theta = theta - learningRate v
 */
import { named, readArray, requireNumber } from './checks.js'
import { createFixedRate } from './fixed-rate.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'

export interface GradientDescentSettings extends CommonSettings {
  /** > 0 */
  learningRate: number
  /** >= 0, < 1; 0 when absent */
  momentum?: number
}

export function createGradientDescent (settings: GradientDescentSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  const learningRate = requireNumber('learningRate', settings.learningRate, { above: 0 })
  const momentum = requireNumber('momentum', settings.momentum ?? 0, { min: 0, below: 1 })
  const velocity = new Float64Array(options.start.length)
  if (options.state !== undefined) readArray(options.state, 'velocity', velocity)

  return createFixedRate('gd', settings, objective, options, {
    move (theta, gradient) {
      for (let i = 0; i < theta.length; i++) {
        velocity[i] = momentum * velocity[i]! + gradient[i]!
        theta[i]! -= learningRate * velocity[i]!
      }
    },
    save: () => ({ velocity: named(velocity) })
  })
}
