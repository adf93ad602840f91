/**
 * Particle swarm optimization with inertia (Kennedy and Eberhart 1995; Clerc and Kennedy 2002, "The particle swarm:
 * explosion, stability, and convergence in a multidimensional complex space", IEEE TEC 6, whose constriction is this with
 * inertia 0.7298 and both pulls 1.49618). Per particle i and coordinate, r1 and r2 uniform on [0, 1):
 *   v = inertia v + cognitive r1 (own best - x) + social r2 (best of the neighbourhood - x);   x = x + v
 * Positions are not bounded and velocities not clamped. Neighbourhood: the whole swarm (global best), or `neighbours`
 * particles on either side in a ring (local best; Kennedy 1999). Bests change after the whole swarm has moved.
 * Move n draws its numbers from random('pso', n) and the start from random('pso', 0), so a state holds no generator.
 */
import { AppError } from '../errors.js'
import { fillUniform } from '../tensor/float64/uniforms.js'
import { named, readArray, requireNumber, requireOneOf } from './checks.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { createProgress, toOptimizer } from './progress.js'
import { distance } from '../math/vectors.js'

export interface ParticleSwarmSettings extends CommonSettings {
  /** 2 .. 100000; 60 when absent */
  particles?: number
  /** >= 0; 0.7298 when absent */
  inertia?: number
  /** >= 0; 1.49618 when absent */
  cognitive?: number
  /** >= 0; 1.49618 when absent */
  social?: number
  /** 'global' when absent */
  topology?: 'global' | 'ring'
  /** of the ring, on either side; 1 when absent */
  neighbours?: number
  /** standard deviation of the first positions around options.start, >= 0; 2 when absent */
  positionSpread?: number
  /** standard deviation of the first velocities around 0, >= 0; 0.1 when absent */
  velocitySpread?: number
}

/**
 * Makes the swarm around options.start.
 * @param draw  fills the r1 and r2 of a move from its stream: for each particle r1 of all coordinates, then r2
 * @throws {AppError} invalid_input also without options.random, or when the budget is less than one evaluation per particle
 */
export function createParticleSwarm (
  settings: ParticleSwarmSettings, objective: Objective, options: OptimizerOptions, draw = fillUniform
): Optimizer {
  const count = requireNumber('particles', settings.particles ?? 60, { min: 2, max: 100000, integer: true })
  const inertia = requireNumber('inertia', settings.inertia ?? 0.7298, { min: 0 })
  const cognitive = requireNumber('cognitive', settings.cognitive ?? 1.49618, { min: 0 })
  const social = requireNumber('social', settings.social ?? 1.49618, { min: 0 })
  const topology = requireOneOf('topology', settings.topology ?? 'global', ['global', 'ring'])
  // Only a ring has neighbours: what another topology does not read cannot be wrong for it.
  const neighbours = topology === 'ring' ? requireNumber('neighbours', settings.neighbours ?? 1, { min: 1, max: Math.floor(count / 2), integer: true }) : 1
  const positionSpread = requireNumber('positionSpread', settings.positionSpread ?? 2, { min: 0 })
  const velocitySpread = requireNumber('velocitySpread', settings.velocitySpread ?? 0.1, { min: 0 })
  const { random } = options
  if (random === undefined) throw new AppError('invalid_input', 'random must be given for the optimizer pso, got nothing')
  const openStream = random
  const evaluationBudget = options.budget?.evaluations
  if (evaluationBudget !== undefined) requireNumber('budget.evaluations', evaluationBudget, { min: count, integer: true })

  const progress = createProgress('pso', settings, objective, options)
  const { size, counts } = progress
  const positions = new Float64Array(count * size)
  const velocities = new Float64Array(count * size)
  const bestPositions = new Float64Array(count * size) // each particle's own
  const bestValues = new Float64Array(count).fill(Infinity)
  const values = new Float64Array(count)
  const uniforms = new Float64Array(2 * count * size) // per particle r1, then r2
  const leaders = new Uint32Array(count) // whose best position pulls particle i
  const rows = Array.from({ length: count }, (_, i) => positions.subarray(i * size, (i + 1) * size))
  const bestRows = Array.from({ length: count }, (_, i) => bestPositions.subarray(i * size, (i + 1) * size))
  const evaluateAll = objective.values?.bind(objective) ?? evaluateOneByOne

  if (options.state === undefined) start()
  else {
    readArray(options.state, 'positions', positions)
    readArray(options.state, 'velocities', velocities)
    readArray(options.state, 'bestPositions', bestPositions)
    readArray(options.state, 'bestValues', bestValues)
    for (let i = 0; i < count; i++) leaders[i] = leaderOf(i)
  }

  return toOptimizer(progress, { iterate, save })

  function start (): void {
    const stream = openStream('pso', 0)
    for (let k = 0; k < positions.length; k++) positions[k] = options.start[k % size]! + positionSpread * stream.normal()
    for (let k = 0; k < velocities.length; k++) velocities[k] = velocitySpread * stream.normal()
    bestPositions.set(positions)
    progress.theta.set(rows[0]!)
    evaluate()
    progress.stepLength = 0
    progress.best.theta.set(progress.theta)
    progress.keep(progress.theta, progress.value, 0)
    progress.begin()
  }

  function iterate (): void {
    if (!progress.canSpend(count)) return
    const hasMoved = move()
    const isFinite = evaluate()
    progress.keep(progress.theta, progress.value, counts.steps + 1)
    progress.endStep()
    if (progress.stop !== undefined && progress.stop.reason !== 'steps') return
    if (!isFinite) progress.end('not-finite', 'the value of every particle is NaN or infinite')
    else if (!hasMoved) progress.end('stalled', 'the swarm stands still: every velocity is below the rounding of its position')
  }

  /** @returns whether any coordinate has changed */
  function move (): boolean {
    draw(openStream('pso', counts.steps + 1), uniforms)
    let hasMoved = false
    for (let i = 0; i < count; i++) {
      const led = leaders[i]! * size
      for (let j = 0, k = i * size; j < size; j++, k++) {
        const x = positions[k]!
        const r1 = uniforms[k + i * size]!
        const r2 = uniforms[k + (i + 1) * size]!
        const velocity = inertia * velocities[k]! + cognitive * r1 * (bestPositions[k]! - x) + social * r2 * (bestPositions[led + j]! - x)
        velocities[k] = velocity
        positions[k] = x + velocity
        if (x + velocity !== x) hasMoved = true
      }
    }
    return hasMoved
  }

  /** Values of all, then the bests. @returns whether any value is finite */
  function evaluate (): boolean {
    evaluateAll(positions, count, values)
    counts.functionEvaluations += count
    let isFinite = false
    let first = 0
    for (let i = 0; i < count; i++) {
      const value = values[i]!
      if (!Number.isFinite(value)) continue
      isFinite = true
      if (value < bestValues[i]!) {
        bestValues[i] = value
        bestRows[i]!.set(rows[i]!)
      }
    }
    for (let i = 0; i < count; i++) {
      leaders[i] = leaderOf(i)
      if (bestValues[i]! < bestValues[first]!) first = i
    }
    progress.stepLength = 0
    if (Number.isNaN(progress.value) || bestValues[first]! < progress.value) {
      progress.stepLength = distance(bestRows[first]!, progress.theta)
      progress.theta.set(bestRows[first]!)
      progress.value = bestValues[first]!
    }
    return isFinite
  }

  function evaluateOneByOne (_: Float64Array, many: number, into: Float64Array): void {
    for (let i = 0; i < many; i++) into[i] = objective.value(rows[i]!)
  }

  /** The particle with the least own best among the neighbours of i, the first of equals. */
  function leaderOf (i: number): number {
    if (topology === 'global') return i === 0 ? leastOf(0, count) : leaders[0]!
    return leastOf(i - neighbours, 2 * neighbours + 1)
  }

  /** Of `many` particles from `from` on, around the ring. */
  function leastOf (from: number, many: number): number {
    let min = (from + count) % count
    for (let k = 1; k < many; k++) {
      const at = (from + k + count) % count
      if (bestValues[at]! < bestValues[min]!) min = at
    }
    return min
  }

  function save () {
    return progress.save({
      positions: named(positions, [count, size]),
      velocities: named(velocities, [count, size]),
      bestPositions: named(bestPositions, [count, size]),
      bestValues: named(bestValues)
    })
  }
}
