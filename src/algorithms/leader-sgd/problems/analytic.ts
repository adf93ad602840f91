/** Learning of what has a closed form, in Float64: steps of SGD with exact gradients, or with noise that is added to them. */
import type { RandomStream } from '../../../math/random.js'
import { dotAt, norm } from '../../../math/vectors.js'
import type { Learning, Measuring } from '../learning.js'
import type { Descent } from './descent.js'

/** A function of some numbers. */
export interface Objective {
  /** how many they are */
  readonly size: number
  /** f(x) */
  loss (x: Float64Array): number
  /** f(x), and its gradient. @param into is written */
  gradient (x: Float64Array, into: Float64Array): number
  /** Writes a worker's first x. */
  begin (worker: number, x: Float64Array): void
  /** operations of a gradient: what paces boundaries */
  readonly cost: number
}

/** What is not exact. */
export interface Noise {
  random: (purpose: string, ...keys: number[]) => RandomStream
  /** deviation of what is added to every number of a gradient */
  gradient?: number
  /** deviation of what is added to a loss before the leader is chosen */
  leader?: number
}

/** Operations between boundaries: about a quarter of a second. */
const paceOperations = 1e8
/** What a step and what comes with it costs at least. */
const leastOperations = 5000

/** Makes the learning of an objective. */
export function createAnalyticLearning (
  objective: Objective, { rate, momentum, nesterov, weightDecay, trust }: Descent, noise: Noise
): Learning<Float64Array> {
  const weights = objective.size
  const hasMomentum = momentum > 0
  const g = new Float64Array(weights)

  /** g <- g + decay x, by layers' trust where there is one: You, Gitman, Ginsburg 2017. */
  function decay (x: Float64Array): void {
    const length = Math.sqrt(dotAt(x, 0, x, 0, weights))
    const scale = trust === undefined ? 1 : trust * length / (norm(g) + weightDecay * length)
    for (let i = 0; i < weights; i++) g[i] = scale * (g[i]! + weightDecay * x[i]!)
  }

  function disturb (worker: number, step: number, deviation: number): void {
    const stream = noise.random('gradient noise', worker, step)
    for (let i = 0; i < weights; i++) g[i]! += deviation * stream.normal()
  }

  return {
    weights,
    size: hasMomentum ? 2 * weights : weights,
    velocities: hasMomentum ? weights : undefined,
    pace: Math.max(1, Math.floor(paceOperations / (objective.cost + leastOperations))),
    room: (length, shared) => shared ? new Float64Array(new SharedArrayBuffer(8 * length)) : new Float64Array(length),
    begin (worker, state) {
      state.fill(0)
      objective.begin(worker, state.subarray(0, weights))
    },
    advance (x, { worker, from, count }, pulls, losses) {
      for (let k = 0; k < count; k++) {
        losses[k] = objective.gradient(x, g)
        if (noise.gradient) disturb(worker, from + k, noise.gradient)
        if (weightDecay > 0 || trust !== undefined) decay(x)
        const eta = rate(worker, from + k)
        for (let i = 0; i < weights; i++) {
          const a = hasMomentum ? x[weights + i] = momentum * x[weights + i]! + g[i]! : g[i]!
          x[i]! -= eta * (hasMomentum && nesterov ? g[i]! + momentum * a : a)
        }
        for (const { target, strength } of pulls) for (let i = 0; i < weights; i++) x[i]! -= strength * (x[i]! - target[i]!)
      }
    },
    rate,
    criterion (x, { worker, step }) {
      const loss = objective.loss(x)
      return noise.leader ? loss + noise.leader * noise.random('leader noise', worker, step).normal() : loss
    },
    dispose () {}
  }
}

/** Looks at an objective. */
export function createAnalyticMeasuring (objective: Objective): Measuring<Float64Array> {
  const g = new Float64Array(objective.size)
  return {
    * measure (state) { return { loss: objective.loss(state), error: null } },
    gradientNorm (state) {
      objective.gradient(state, g)
      return norm(g)
    },
    dispose () {}
  }
}
