/**
 * What the paper proves of a strongly convex function, held against quadratics, where expectations over the gradient's noise
 * have a closed form: f(x) = x' A x / 2, m = 1 and M = condition bound the eigenvalues, f* = 0. The paper writes a pull as
 * rate x lambda; what is meant by lambda here is the pull in units of the rate.
 * Source: Teng et al. 2019, arXiv 1905.10395, theorems 1 to 4.
 */
import { slope } from '../../math/least-squares.js'
import { dot, norm } from '../../math/vectors.js'
import type { RandomStream } from '../../math/random.js'
import type { Objective } from './problems/analytic.js'
import { eigenvalues } from './problems/quadratic.js'
import type { ProblemOf } from './problems/spec.js'
import type { LeaderResult } from './result.js'

/** What was seen on the way; JSON. */
export interface TheoryState {
  checked: number
  broken: number
  /** least of (right - left) / right; null before the first */
  slack: number | null
  /** of f over the last tenth of the steps */
  floor: { sum: number, count: number }
  /** by part of the second half of the logarithmic axis: log(step) and f, summed */
  decay: { logStep: number, value: number, count: number }[]
}

/** Parts of the axis over which f is averaged before its slope is taken. */
const decayParts = 20

/** Nothing yet. */
export function emptyTheory (): TheoryState {
  return {
    checked: 0,
    broken: 0,
    slack: null,
    floor: { sum: 0, count: 0 },
    decay: Array.from({ length: decayParts }, () => ({ logStep: 0, value: 0, count: 0 }))
  }
}

/** The numbers of a theorem at one step: eta, the pull in units of it, and the problem's. */
export interface Pace { rate: number, lambda: number }

/**
 * E f(x+) - f* <= (1 - m eta)(f(x) - f*) - eta lambda (f(x) - f(z)) + eta^2 (M / 2) sigma^2 d for x+ = x - eta (A x + noise) -
 * eta lambda (x - z), z the leader: counts where it does not hold. Left side: f of the mean of x+, and eta^2 sigma^2 tr(A) / 2.
 */
export function checkOneStep (
  state: TheoryState, problem: ProblemOf<'quadratic'>, objective: Objective, { rate, lambda }: Pace, { x, z }: { x: Float64Array, z: Float64Array }
): void {
  const { dimensions, condition, noise } = problem
  const gradient = new Float64Array(dimensions)
  const f = objective.gradient(x, gradient)
  const mean = gradient.map((g, i) => x[i]! - rate * g - rate * lambda * (x[i]! - z[i]!))
  const trace = eigenvalues(dimensions, condition).reduce((sum, value) => sum + value, 0)
  const left = objective.loss(mean) + rate ** 2 * noise ** 2 * trace / 2
  const right = (1 - rate) * f - rate * lambda * (f - objective.loss(z)) + rate ** 2 * condition / 2 * noise ** 2 * dimensions
  state.checked++
  if (left > right + rounding * f) state.broken++
  if (right > 0) state.slack = Math.min(state.slack ?? Infinity, (right - left) / right)
}

/** Of sums of some hundred numbers in Float64. */
const rounding = 1e-12

/** Notes the mean of the workers' f after a step. */
export function noteValue (state: TheoryState, step: number, steps: number, value: number): void {
  if (step > 0.9 * steps) {
    state.floor.sum += value
    state.floor.count++
  }
  const part = Math.floor(decayParts * (2 * Math.log(step) / Math.log(steps) - 1))
  const noted = state.decay[Math.min(part, decayParts - 1)]
  if (noted === undefined) return
  noted.logStep += Math.log(step)
  noted.value += value
  noted.count++
}

/** What the theorems say and what was seen. @param pace  of the last step */
export function concludeTheory (
  state: TheoryState, problem: ProblemOf<'quadratic'>, { rate, lambda }: Pace, { workers, stream }: { workers: number, stream: RandomStream }
): NonNullable<LeaderResult['theory']> {
  const { checked, broken, slack, floor } = state
  const { dimensions, condition, noise, leaderNoise } = problem
  return {
    oneStep: { checked, broken, slack: slack ?? 0 },
    newton: sampleNewton(problem, lambda, stream),
    floor: {
      measured: floor.count === 0 ? 0 : floor.sum / floor.count,
      bound: 4 * lambda * Math.sqrt(workers) * leaderNoise + rate * condition * noise ** 2 * dimensions / 2
    },
    decay: { exponent: slopeOf(state) }
  }
}

/** Least squares of log f over log step. */
function slopeOf ({ decay }: TheoryState): number | null {
  const points = decay.filter(({ count, value }) => count > 0 && value > 0)
    .map(({ logStep, value, count }) => ({ x: logStep / count, y: Math.log(value / count) }))
  if (points.length < 3) return null
  return slope(points.map(({ x }) => x), points.map(({ y }) => y))
}

const newtonPlaces = 200
const newtonCandidates = 20

/**
 * Draws places x ~ N(0, 1) and candidates z evenly from {f(z) <= f(x)}: how often -grad f(x) + lambda (z - x) makes a smaller
 * angle with Newton's step -x than -grad f(x) does. In the directions of the eigenvectors, on which no angle depends.
 */
export function sampleNewton (
  { dimensions, condition }: Pick<ProblemOf<'quadratic'>, 'dimensions' | 'condition'>, lambda: number, stream: RandomStream
): { samples: number, closer: number } {
  const values = eigenvalues(dimensions, condition)
  const normals = () => Float64Array.from({ length: dimensions }, () => stream.normal())
  let closer = 0
  for (let place = 0; place < newtonPlaces; place++) {
    const x = normals()
    const newton = x.map(value => -value)
    const descent = x.map((value, i) => -values[i]! * value)
    const level = Math.sqrt(-dot(descent, x)) // sqrt(2 f(x))
    const before = cosine(descent, newton)
    for (let candidate = 0; candidate < newtonCandidates; candidate++) {
      const direction = normals()
      const radius = level * stream.uniform() ** (1 / dimensions) / norm(direction)
      const pulled = descent.map((d, i) => d + lambda * (direction[i]! * radius / Math.sqrt(values[i]!) - x[i]!))
      if (cosine(pulled, newton) >= before) closer++
    }
  }
  return { samples: newtonPlaces * newtonCandidates, closer }
}

function cosine (a: Float64Array, b: Float64Array): number {
  return dot(a, b) / (norm(a) * norm(b))
}
