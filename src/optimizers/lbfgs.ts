/**
 * L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5): the inverse Hessian lives in the last `memory` pairs
 * s = theta_new - theta, y = g_new - g, on top of gamma I with gamma = s . y / y . y of the last pair (equation 7.20).
 * The first step tried is 1, at the very first 1 / |g|. As in L-BFGS-B (Zhu, Byrd, Lu, Nocedal 1997), a line search that
 * finds nothing throws the pairs away and starts again from steepest descent before the method gives up.
 */
import { named, readArray, requireNumber } from './checks.js'
import { createLineSearch } from './line-search.js'
import type { Objective } from './objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { createProgress, requireGradient, toOptimizer } from './progress.js'
import { addScaled, dot, largest, norm, scale } from '../vectors.js'

export interface LbfgsSettings extends CommonSettings {
  /** pairs kept, 1 .. 1000; 10 when absent */
  memory?: number
}

export function createLbfgs (settings: LbfgsSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  requireGradient('lbfgs', objective)
  const memory = requireNumber('memory', settings.memory ?? 10, { least: 1, most: 1000, integer: true })
  const progress = createProgress('lbfgs', settings, objective, options)
  const { size } = progress
  const search = createLineSearch(progress, { c1: 1e-4, c2: 0.9 })
  const gradient = new Float64Array(size)
  const direction = new Float64Array(size)
  // pair k of the run lies in row k mod memory
  const shifts = new Float64Array(memory * size)
  const changes = new Float64Array(memory * size)
  const shiftRows = Array.from({ length: memory }, (_, i) => shifts.subarray(i * size, (i + 1) * size))
  const changeRows = Array.from({ length: memory }, (_, i) => changes.subarray(i * size, (i + 1) * size))
  const curvatures = new Float64Array(memory) // s . y
  const weights = new Float64Array(memory)
  let pairs = 0

  if (options.state === undefined) start()
  else {
    readArray(options.state, 'gradient', gradient)
    readArray(options.state, 'shifts', shifts)
    readArray(options.state, 'changes', changes)
    readArray(options.state, 'curvatures', curvatures)
    pairs = requireNumber('state.values.pairs', options.state.values['pairs'], { least: 0, integer: true })
  }

  return toOptimizer(progress, { iterate, save })

  function start (): void {
    progress.value = progress.evaluateGradient(progress.theta, gradient)
    progress.gradientNorm = largest(gradient)
    progress.begin()
  }

  function iterate (): void {
    computeDirection()
    let found = search.run(gradient, direction, pairs === 0 ? 1 / norm(gradient) : 1)
    if (!found && pairs > 0) {
      pairs = 0
      if (!progress.canSpend(2)) return
      scale(direction, -1, gradient)
      found = search.run(gradient, direction, 1 / norm(gradient))
    }
    if (!found) return search.giveUp()
    keepPair()
    search.take()
    gradient.set(search.gradient)
    progress.endStep()
    if (progress.stop === undefined && progress.stepLength === 0) progress.end('stalled', 'the step is below the rounding of theta')
  }

  /** direction = -H g by the two loops of algorithm 7.4. */
  function computeDirection (): void {
    const kept = Math.min(pairs, memory)
    scale(direction, -1, gradient)
    if (kept === 0) return
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

  /** Keeps s and y, unless rounding has left no curvature along s. */
  function keepPair (): void {
    const row = pairs % memory
    const shift = shiftRows[row]!
    const change = changeRows[row]!
    scale(shift, search.step, direction)
    addScaled(change, search.gradient, -1, gradient)
    curvatures[row] = dot(shift, change)
    if (curvatures[row]! > Number.EPSILON * dot(change, change)) pairs++
    else pairs = 0 // the row overwritten may have been in use
  }

  function save () {
    return progress.save({
      gradient: named(gradient),
      shifts: named(shifts, [memory, size]),
      changes: named(changes, [memory, size]),
      curvatures: named(curvatures)
    }, { pairs })
  }
}
