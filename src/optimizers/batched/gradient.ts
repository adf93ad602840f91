/** Projected gradient descent with heavy-ball momentum, in the form of PyTorch's SGD (../gd.ts is the same for one vector). */
import type { Bench, Method } from './method.js'
import type { GradientSolver } from './solver.js'

export function createGradient ({ objective, state }: Bench, { learningRate, momentum, steps }: GradientSolver): Method {
  const { size } = objective
  const { states, motion: velocity } = state
  const gradient = new Float64Array(states.length)
  return {
    queriesOfStep: 1,
    queriesOfBegin: 1,
    begin: (_step, values, active) => { objective.gradients!(states, gradient, values, active) },
    move (step, values, active) {
      descend(states, velocity, gradient, active, size, learningRate, momentum)
      objective.project?.(states, active)
      if (step === steps) objective.values(states, values, active)
      else objective.gradients!(states, gradient, values, active)
    }
  }
}

/** v <- momentum v + g, theta <- theta - rate v, of the rows that are active. */
export function descend (
  states: Float64Array, velocity: Float64Array, gradient: Float64Array, active: Uint8Array, size: number, rate: number, momentum: number
): void {
  for (let i = 0, k = 0; i < active.length; i++) {
    const end = k + size
    if (active[i] === 0) k = end
    for (; k < end; k++) {
      const v = momentum * velocity[k]! + gradient[k]!
      velocity[k] = v
      states[k]! -= rate * v
    }
  }
}
