/**
 * f(X) = |M - X X'|^2 / 4, M = U U'; X and U of size x rank, their numbers ~ N(0, 1). Its gradient is (X X' - M) X. The
 * residual X X' - M is formed as it is: by products of size rank x rank it would end at rounding of |M|^2, where the runs of
 * the paper's figure are only half way down.
 */
import type { RandomStream } from '../../../math/random.js'
import { dotAt } from '../../../math/vectors.js'
import type { Objective } from './analytic.js'
import type { ProblemOf } from './spec.js'

/** The objective, and sigma_1(M): learning rates are in units of 1 / sigma_1. */
export interface MatrixCompletion extends Objective { readonly sigma: number }

/** Makes it. */
export function createMatrixCompletion (
  { size, rank }: ProblemOf<'matrix-completion'>, startOf: (worker: number) => number,
  random: { start: (...keys: number[]) => RandomStream, matrix: RandomStream }
): MatrixCompletion {
  const u = Float64Array.from({ length: size * rank }, () => random.matrix.normal())
  const m = new Float64Array(size * size)
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) m[i * size + j] = dotAt(u, i * rank, u, j * rank, rank)
  const residual = new Float64Array(size * size)

  /** Forms the lower half of X X' - M. @returns f */
  function loss (x: Float64Array): number {
    let sum = 0
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        const r = dotAt(x, i * rank, x, j * rank, rank) - m[i * size + j]!
        residual[i * size + j] = r
        sum += i === j ? r * r : 2 * r * r
      }
    }
    return sum / 4
  }

  return {
    size: size * rank,
    cost: 3 * size * size * rank,
    sigma: largestEigenvalue(u, size, rank),
    loss,
    gradient (x, into) {
      const f = loss(x)
      into.fill(0, 0, size * rank)
      for (let i = 0; i < size; i++) {
        for (let j = 0; j <= i; j++) {
          const r = residual[i * size + j]!
          for (let k = 0; k < rank; k++) into[i * rank + k]! += r * x[j * rank + k]!
          if (i !== j) for (let k = 0; k < rank; k++) into[j * rank + k]! += r * x[i * rank + k]!
        }
      }
      return f
    },
    begin (worker, x) {
      const stream = random.start(0, startOf(worker))
      for (let i = 0; i < size * rank; i++) x[i] = stream.normal()
    }
  }
}

/** Of U U', which is that of U' U: by powers, to rounding. */
function largestEigenvalue (u: Float64Array, size: number, rank: number): number {
  let x = new Float64Array(rank).fill(1)
  let value = 0
  for (let round = 0; round < powerRounds; round++) {
    const image = Float64Array.from({ length: size }, (_, i) => dotAt(u, i * rank, x, 0, rank))
    const next = new Float64Array(rank)
    for (let i = 0; i < size; i++) for (let k = 0; k < rank; k++) next[k]! += u[i * rank + k]! * image[i]!
    const length = Math.sqrt(dotAt(next, 0, next, 0, rank))
    x = next.map(number => number / length)
    if (Math.abs(length - value) <= Number.EPSILON * length) return length
    value = length
  }
  return value
}

/** Rounds of powers: the value is then exact to far less than a learning rate can tell. */
const powerRounds = 300
