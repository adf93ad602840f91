/** Gradient descent on estimates from queries: solver.ts says which. f(theta) is known from the step before. */
import { AppError } from '../../errors.js'
import type { BatchObjective } from '../../math/batch-objective.js'
import type { RandomStream } from '../../math/random.js'
import { descend } from './gradient.js'
import type { Bench, Method } from './method.js'
import type { ZerothOrderSolver } from './solver.js'

/** Opens the stream of an instance's directions at a step, from 1. */
export type Directions = (instance: number, step: number) => RandomStream

export function createZerothOrder (
  { objective, state }: Bench, { learningRate, momentum, samples, smoothing }: ZerothOrderSolver, directions: Directions | undefined
): Method {
  if (directions === undefined) throw new AppError('invalid_input', 'A zeroth-order solver must be given directions')
  const { size } = objective
  const { states, motion: velocity, values: known } = state
  const estimate = createEstimator(objective, samples, smoothing)
  const gradient = new Float64Array(states.length)
  return {
    queriesOfStep: samples + 1,
    queriesOfBegin: 1,
    begin: (_step, values, active) => { objective.values(states, values, active) },
    move (step, values, active) {
      estimate(states, known, gradient, active, instance => directions(instance, step))
      descend(states, velocity, gradient, active, size, learningRate, momentum)
      objective.project?.(states, active)
      objective.values(states, values, active)
    }
  }
}

/** Estimates gradients of the active ones where values are known. @param into [count, size] */
export type Estimator = (
  states: Float64Array, known: Float64Array, into: Float64Array, active: Uint8Array, open: (instance: number) => RandomStream
) => void

/** Makes the estimator: mean over `samples` directions u of (f(theta + h u) - f(theta)) / h u. */
export function createEstimator (objective: BatchObjective, samples: number, h: number): Estimator {
  const { count, size } = objective
  const u = new Float64Array(count * size)
  const probes = new Float64Array(count * size)
  const values = new Float64Array(count)
  return (states, known, into, active, open) => {
    const streams = Array.from(active, (isActive, i) => isActive === 0 ? undefined : open(i))
    into.fill(0)
    for (let sample = 0; sample < samples; sample++) {
      streams.forEach((stream, i) => {
        if (stream === undefined) return
        for (let k = i * size; k < (i + 1) * size; k++) {
          u[k] = stream.normal()
          probes[k] = states[k]! + h * u[k]!
        }
      })
      objective.values(probes, values, active)
      for (let i = 0; i < count; i++) {
        if (active[i] === 0) continue
        const slope = (values[i]! - known[i]!) / h / samples
        for (let k = i * size; k < (i + 1) * size; k++) into[k]! += slope * u[k]!
      }
    }
  }
}
