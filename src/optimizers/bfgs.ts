/**
 * BFGS (Nocedal and Wright 2006, algorithm 6.1), with the inverse Hessian H as a matrix:
 *   p = -H g;  s = alpha p  (strong Wolfe, c1 = 1e-4, c2 = 0.9);  y = g_new - g;  rho = 1 / y . s
 *   H = (I - rho s y') H (I - rho y s') + rho s s'                        (equation 6.17), H_0 = 100 (s . s / y . s) I
 * s and y of H_0 are the first step's, made along -g: so H_0 goes with the scale of the objective, as with equation 6.20,
 * y . s / y . y. That is about the inverse of the largest eigenvalue of the Hessian, and H loses too large eigenvalues in
 * fewer steps than it raises too small ones: eigenvalues 1 .. 10^4 took 591 iterations with 6.20, 573 with s . s / y . s,
 * 279, 132 and 93 with 10, 100 and 1000 times that, 97 with I; a 1-30-1 network was after 200 at a loss of 0.2, 0.18, 0.002,
 * 0.0001, 0.00002 and 0.001. Rosenbrock's and other small functions take as many steps with each, or one in ten more.
 * H is symmetric: only its lower triangle is kept, 4 size² bytes; an iteration takes about 6 size² operations
 * (a full matrix took a third longer at size 601). Use L-BFGS where that is too much.
 */
import { named, readArray } from './checks.js'
import { createDescent, parabolaStep, type Method, type Move } from './descent.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { dot } from '../math/vectors.js'

/** H_0 in units of s . s / y . s. Less is slow where the Hessian is far from a multiple of I; more costs a line search a trial. */
const firstScale = 100

export type BfgsSettings = CommonSettings

export function createBfgs (settings: BfgsSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  const method = (move: Move) => createInverse(move, options)
  return createDescent('bfgs', settings, objective, options, { c1: 1e-4, c2: 0.9, firstLength: 1.01 }, method)
}

/** H and what is done with it. */
function createInverse ({ gradient, direction, shift, change }: Move, { state }: OptimizerOptions): Method {
  const size = gradient.length
  const product = new Float64Array(size) // H y
  const inverse = new Float64Array(size * (size + 1) / 2) // row i of the triangle has i + 1 entries
  const rows = Array.from({ length: size }, (_, i) => inverse.subarray(i * (i + 1) / 2, (i + 1) * (i + 2) / 2))
  if (state !== undefined) readArray(state, 'inverse', inverse)

  return {
    firstStep (lately) {
      const step = parabolaStep(lately)
      return step > 0 ? Math.min(1, step) : 1
    },
    turn (isFirst) {
      const curvature = dot(change, shift)
      if (!(curvature > 0)) return false // the Wolfe conditions make it positive; rounding, or a line that only falls, may not
      if (isFirst) setDiagonal(firstScale * dot(shift, shift) / curvature)
      update(1 / curvature)
      return true
    },
    forget () {}, // the first step afterwards sets H anew
    save: () => ({ arrays: { inverse: named(inverse) } })
  }

  function setDiagonal (entry: number): void {
    inverse.fill(0)
    for (let i = 0; i < size; i++) rows[i]![i] = entry
  }

  /**
   * H of equation 6.17 and the direction -H g in one pass over the matrix. Two rows at a time, here and in multiply():
   * one alone waits for its sum and reads each vector twice as often.
   */
  function update (rho: number): void {
    multiply()
    const weight = rho * (1 + rho * dot(change, product))
    for (let i = 0; i < size; i += 2) {
      const isPair = i + 1 < size
      const row0 = rows[i]!
      const row1 = rows[isPair ? i + 1 : i]!
      const [a0, b0, g0] = [weight * shift[i]! - rho * product[i]!, rho * shift[i]!, gradient[i]!]
      const [a1, b1, g1] = isPair ? [weight * shift[i + 1]! - rho * product[i + 1]!, rho * shift[i + 1]!, gradient[i + 1]!] : [0, 0, 0]
      let sum0 = 0
      let sum1 = 0
      for (let j = 0; j < i; j++) {
        const s = shift[j]!
        const p = product[j]!
        const g = gradient[j]!
        const entry0 = row0[j]! + a0 * s - b0 * p
        const entry1 = row1[j]! + a1 * s - b1 * p
        row1[j] = entry1
        row0[j] = entry0 // after row1, which it may be
        sum0 += entry0 * g
        sum1 += entry1 * g
        direction[j]! -= entry0 * g0 + entry1 * g1
      }
      row0[i]! += a0 * shift[i]! - b0 * product[i]!
      sum0 += row0[i]! * g0
      if (isPair) {
        row1[i]! += a1 * shift[i]! - b1 * product[i]!
        row1[i + 1]! += a1 * shift[i + 1]! - b1 * product[i + 1]!
        sum0 += row1[i]! * g1
        direction[i + 1] = -(sum1 + row1[i]! * g0 + row1[i + 1]! * g1)
      }
      direction[i] = -sum0
    }
  }

  /** product = H y. The column above the diagonal is the row beside it. */
  function multiply (): void {
    for (let i = 0; i < size; i += 2) {
      const isPair = i + 1 < size
      const row0 = rows[i]!
      const row1 = rows[isPair ? i + 1 : i]!
      const y0 = change[i]!
      const y1 = isPair ? change[i + 1]! : 0
      let sum0 = 0
      let sum1 = 0
      for (let j = 0; j < i; j++) {
        const y = change[j]!
        const entry0 = row0[j]!
        const entry1 = row1[j]!
        sum0 += entry0 * y
        sum1 += entry1 * y
        product[j]! += entry0 * y0 + entry1 * y1
      }
      product[i] = sum0 + row0[i]! * y0
      if (isPair) {
        product[i]! += row1[i]! * y1
        product[i + 1] = sum1 + row1[i]! * y0 + row1[i + 1]! * y1
      }
    }
  }
}
