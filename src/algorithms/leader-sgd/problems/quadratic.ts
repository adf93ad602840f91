/**
 * f(x) = x' A x / 2, A = Q diag(l) Q': eigenvalues l from 1 to `condition`, evenly on a logarithmic axis, in directions drawn
 * at random. The minimum is 0, at 0; m = 1 and M = condition are its strong convexity and smoothness.
 */
import type { RandomStream } from '../../../math/random.js'
import { dot, dotAt } from '../../../math/vectors.js'
import type { Objective } from './analytic.js'
import type { ProblemOf } from './spec.js'

/** Makes it; first x ~ N(0, 1). */
export function createQuadratic (
  { dimensions, condition }: ProblemOf<'quadratic'>, startOf: (worker: number) => number,
  random: { start: (...keys: number[]) => RandomStream, directions: RandomStream }
): Objective {
  const values = eigenvalues(dimensions, condition)
  const reflections = drawReflections(dimensions, random.directions)
  const y = new Float64Array(dimensions)
  const product = new Float64Array(dimensions)

  /** into = A x */
  function multiply (x: Float64Array, into: Float64Array): void {
    y.set(x.length === dimensions ? x : x.subarray(0, dimensions))
    for (const v of reflections) reflect(y, v)
    for (let i = 0; i < dimensions; i++) y[i]! *= values[i]!
    for (let k = reflections.length - 1; k >= 0; k--) reflect(y, reflections[k]!)
    into.set(y)
  }

  function gradient (x: Float64Array, into: Float64Array): number {
    multiply(x, into)
    return dotAt(x, 0, into, 0, dimensions) / 2
  }

  return {
    size: dimensions,
    cost: 8 * dimensions ** 2,
    loss: x => gradient(x, product),
    gradient,
    begin (worker, x) {
      const stream = random.start(0, startOf(worker))
      for (let i = 0; i < dimensions; i++) x[i] = stream.normal()
    }
  }
}

/** From 1 to the condition. With one dimension: the condition is that of nothing, and the only one is 1. */
export function eigenvalues (dimensions: number, condition: number): Float64Array {
  return Float64Array.from({ length: dimensions }, (_, i) => dimensions === 1 ? 1 : condition ** (i / (dimensions - 1)))
}

/** Q' as reflections I - 2 v v', v of normal numbers from the k-th on: Q is drawn evenly (Stewart 1980), and never formed. */
function drawReflections (dimensions: number, stream: RandomStream): Float64Array[] {
  return Array.from({ length: dimensions - 1 }, (_, k) => {
    const v = Float64Array.from({ length: dimensions - k }, () => stream.normal())
    const length = Math.sqrt(dot(v, v))
    return v.map(value => value / length)
  })
}

/** y <- y - 2 v (v' y), v over the last numbers of y. */
function reflect (y: Float64Array, v: Float64Array): void {
  const from = y.length - v.length
  const t = 2 * dotAt(y, from, v, 0, v.length)
  for (let i = 0; i < v.length; i++) y[from + i]! -= t * v[i]!
}
