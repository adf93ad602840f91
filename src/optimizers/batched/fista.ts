/** FISTA: solver.ts says which. The value at x_t is of another point than the gradient of the step, so a step takes two evaluations. */
import type { Bench, Method } from './method.js'
import type { FistaSolver } from './solver.js'

export function createFista ({ objective, state }: Bench, { learningRate, threshold, decay, steps }: FistaSolver): Method {
  const { size } = objective
  const { states, motion: point } = state // x and y
  const gradient = new Float64Array(states.length)
  const before = new Float64Array(states.length)

  /** f(x) + threshold |x|_1 */
  function look (values: Float64Array, active: Uint8Array): void {
    objective.values(states, values, active)
    if (threshold > 0) addNorms(states, values, active, threshold)
  }

  return {
    queriesOfStep: 2,
    queriesOfBegin: 1,
    begin (step, values, active) {
      if (step === 0) point.set(states)
      look(values, active)
    },
    move (step, values, active) {
      const rate = decay === 'root' ? learningRate * Math.sqrt(1 - (step - 1) / steps) : learningRate
      const momentum = step / (step + 3)
      before.set(states)
      objective.gradients!(point, gradient, values, active)
      eachNumber(active, size, k => { states[k] = shrink(point[k]! - rate * gradient[k]!, rate * threshold) })
      objective.project?.(states, active)
      eachNumber(active, size, k => { point[k] = states[k]! + momentum * (states[k]! - before[k]!) })
      look(values, active)
    }
  }
}

function eachNumber (active: Uint8Array, size: number, act: (k: number) => void): void {
  for (let i = 0; i < active.length; i++) if (active[i] !== 0) for (let k = i * size; k < (i + 1) * size; k++) act(k)
}

/** The proximal map of by |x|; NaN stays. */
function shrink (x: number, by: number): number {
  return x > by ? x - by : x < -by ? x + by : x - x
}

function addNorms (states: Float64Array, values: Float64Array, active: Uint8Array, weight: number): void {
  const size = states.length / values.length
  for (let i = 0; i < active.length; i++) {
    if (active[i] === 0) continue
    let norm = 0
    for (let k = i * size; k < (i + 1) * size; k++) norm += Math.abs(states[k]!)
    values[i]! += weight * norm
  }
}
