/**
 * L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5): the inverse Hessian lives in the last `memory` pairs
 * s = theta_new - theta, y = g_new - g, on top of gamma I with gamma = s . y / y . y of the last pair (equation 7.20).
 * The first step tried is 1 along the direction; at the very first it is 1 long.
 */
import { named, readArray, requireNumber } from './checks.js'
import { createDescent, type Method, type Move } from './descent.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { addScaled, dot, scale } from '../math/vectors.js'

export interface LbfgsSettings extends CommonSettings {
  /** pairs kept, 1 .. 1000; 10 when absent */
  memory?: number
}

export function createLbfgs (settings: LbfgsSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  const memory = requireNumber('memory', settings.memory ?? 10, { min: 1, max: 1000, integer: true })
  const method = (move: Move) => createPairs(memory, move, options)
  return createDescent('lbfgs', settings, objective, options, { c1: 1e-4, c2: 0.9, firstLength: 1 }, method)
}

/** The pairs and what is done with them. Pair k of the run lies in row k mod memory. */
function createPairs (memory: number, { gradient, direction, shift, change }: Move, { state }: OptimizerOptions): Method {
  const size = gradient.length
  const shifts = new Float64Array(memory * size)
  const changes = new Float64Array(memory * size)
  const shiftRows = Array.from({ length: memory }, (_, i) => shifts.subarray(i * size, (i + 1) * size))
  const changeRows = Array.from({ length: memory }, (_, i) => changes.subarray(i * size, (i + 1) * size))
  const curvatures = new Float64Array(memory) // s . y
  const weights = new Float64Array(memory)
  let pairs = 0
  if (state !== undefined) {
    readArray(state, 'shifts', shifts)
    readArray(state, 'changes', changes)
    readArray(state, 'curvatures', curvatures)
    pairs = requireNumber('state.values.pairs', state.values['pairs'], { min: 0, integer: true })
  }

  return {
    firstStep: () => 1,
    turn () {
      const row = pairs % memory
      shiftRows[row]!.set(shift)
      changeRows[row]!.set(change)
      curvatures[row] = dot(shift, change)
      if (!(curvatures[row]! > Number.EPSILON * dot(change, change))) return false // rounding has left no curvature along s
      pairs++
      computeDirection()
      return true
    },
    forget () {
      pairs = 0
    },
    save: () => ({
      arrays: {
        shifts: named(shifts, [memory, size]),
        changes: named(changes, [memory, size]),
        curvatures: named(curvatures)
      },
      values: { pairs }
    })
  }

  /** direction = -H g by the two loops of algorithm 7.4. */
  function computeDirection (): void {
    const kept = Math.min(pairs, memory)
    scale(direction, -1, gradient)
    for (let k = pairs - 1; k >= pairs - kept; k--) {
      const row = k % memory
      const weight = dot(shiftRows[row]!, direction) / curvatures[row]!
      weights[row] = weight
      addScaled(direction, direction, -weight, changeRows[row]!)
    }
    const last = (pairs - 1) % memory
    scale(direction, curvatures[last]! / dot(changeRows[last]!, changeRows[last]!), direction)
    for (let k = pairs - kept; k < pairs; k++) {
      const row = k % memory
      const weight = dot(changeRows[row]!, direction) / curvatures[row]!
      addScaled(direction, direction, weights[row]! - weight, shiftRows[row]!)
    }
  }
}
