/** f(x) = sum_i (x_i^2 - 1)^2 / 4 + tilt x_1: a basin for every choice of signs, those with x_1 near -1 the lower ones. */
import type { RandomStream } from '../../../math/random.js'
import type { Objective } from './analytic.js'
import type { ProblemOf } from './spec.js'

/** Makes it; first x ~ N(0, 1). */
export function createDoubleWell (
  { dimensions, tilt }: ProblemOf<'double-well'>, startOf: (worker: number) => number, random: (...keys: number[]) => RandomStream
): Objective {
  function loss (x: Float64Array): number {
    let sum = tilt * x[0]!
    for (let i = 0; i < dimensions; i++) sum += (x[i]! * x[i]! - 1) ** 2 / 4
    return sum
  }
  return {
    size: dimensions,
    cost: 10 * dimensions,
    loss,
    gradient (x, into) {
      for (let i = 0; i < dimensions; i++) into[i] = x[i]! * (x[i]! * x[i]! - 1)
      into[0]! += tilt
      return loss(x)
    },
    begin (worker, x) {
      const stream = random(0, startOf(worker))
      for (let i = 0; i < dimensions; i++) x[i] = stream.normal()
    }
  }
}
