/**
 * L(x) = sin(pi r) / (pi r), r = |x|, over the plane. Local minima are the rings where tan(pi r) = pi r: r = 1.4303 with
 * L = -0.21723, the lowest; 3.4709 with -0.09133; 5.4815; … The formula is inferred from the paper's figure: the kind's README.
 */
import type { RandomStream } from '../../../math/random.js'
import type { Objective } from './analytic.js'
import type { ProblemOf } from './spec.js'

/** Makes it. @param repeat which of several trainings from random starts */
export function createSinc (
  { starts }: ProblemOf<'sinc'>, startOf: (worker: number) => number, random: (...keys: number[]) => RandomStream, repeat = 0
): Objective {
  return {
    size: 2,
    cost: 50,
    loss: x => {
      const angle = Math.PI * Math.sqrt(x[0]! * x[0]! + x[1]! * x[1]!)
      return angle < tiny ? 1 : Math.sin(angle) / angle
    },
    gradient (x, into) {
      const r = Math.sqrt(x[0]! * x[0]! + x[1]! * x[1]!)
      const angle = Math.PI * r
      if (angle < tiny) {
        into.fill(0)
        return 1
      }
      const sine = Math.sin(angle)
      const slope = (Math.cos(angle) * angle - sine) / (angle * r * r) // dL/dr / r
      into[0] = slope * x[0]!
      into[1] = slope * x[1]!
      return sine / angle
    },
    begin (worker, x) {
      if (starts.type === 'given') return x.set(starts.points[worker]!)
      const stream = random(repeat, startOf(worker))
      for (const i of [0, 1]) x[i] = starts.range * (2 * stream.uniform() - 1)
    }
  }
}

/** Below it L is 1 to the last bit, and its slope 0. */
const tiny = 1e-12
