/**
 * Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1), step n = 1, 2, ...:
 *   m = beta1 m + (1 - beta1) g;   v = beta2 v + (1 - beta2) g²
 *   theta = theta - learningRate (m / (1 - beta1^n)) / (sqrt(v / (1 - beta2^n)) + epsilon)
 */
import { named, readArray, requireNumber } from './checks.js'
import { createFixedRate } from './fixed-rate.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'

export interface AdamSettings extends CommonSettings {
  /** > 0; 0.001 when absent */
  learningRate?: number
  /** >= 0, < 1; 0.9 when absent */
  beta1?: number
  /** >= 0, < 1; 0.999 when absent */
  beta2?: number
  /** > 0; 1e-8 when absent */
  epsilon?: number
}

export function createAdam (settings: AdamSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  const learningRate = requireNumber('learningRate', settings.learningRate ?? 1e-3, { above: 0 })
  const beta1 = requireNumber('beta1', settings.beta1 ?? 0.9, { min: 0, below: 1 })
  const beta2 = requireNumber('beta2', settings.beta2 ?? 0.999, { min: 0, below: 1 })
  const epsilon = requireNumber('epsilon', settings.epsilon ?? 1e-8, { above: 0 })
  const first = new Float64Array(options.start.length) // m
  const second = new Float64Array(options.start.length) // v
  if (options.state !== undefined) {
    readArray(options.state, 'first', first)
    readArray(options.state, 'second', second)
  }

  return createFixedRate('adam', settings, objective, options, {
    move (theta, gradient, n) {
      const correction1 = 1 - beta1 ** n
      const correction2 = 1 - beta2 ** n
      for (let i = 0; i < theta.length; i++) {
        const g = gradient[i]!
        first[i] = beta1 * first[i]! + (1 - beta1) * g
        second[i] = beta2 * second[i]! + (1 - beta2) * g * g
        theta[i]! -= learningRate * (first[i]! / correction1) / (Math.sqrt(second[i]! / correction2) + epsilon)
      }
    },
    save: () => ({ first: named(first), second: named(second) })
  })
}
