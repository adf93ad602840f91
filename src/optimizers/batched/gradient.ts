/** Projected gradient descent with heavy-ball momentum, in the form of PyTorch's SGD (../gd.ts is the same for one vector). */
import type { Bench, Method } from './method.js'
import type { GradientSolver } from './solver.js'

export function createGradient ({ objective, memory }: Bench, { learningRate, momentum, steps }: GradientSolver): Method {
  const { gradient, state: { states } } = memory
  return {
    queriesOfStep: 1,
    queriesOfBegin: 1,
    begin (_step, values, active) { objective.gradients!(states, gradient, values, active) },
    move (step, values, active) {
      memory.descend(learningRate, momentum)
      objective.project?.(states, active)
      if (step === steps) objective.values(states, values, active)
      else objective.gradients!(states, gradient, values, active)
    }
  }
}
