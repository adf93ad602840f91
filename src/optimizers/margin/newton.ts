/**
 * Newton's equations of the program in interior-point.ts at a point, factorised. With W the second derivatives by w, which are
 * diagonal, F = [c + Z W^-1 p, Z W^-1 q, 1] and y = (dt, eta, drho), p, q and eta as in norm-cone.ts, new weights a solve
 *
 *   (Z W^-1 Z^T + diag(s / a_old)) a - F y = target / a_old + Z W^-1 g,    F^T a + E y = e
 *
 * g being the primal gradient by w, without Z^T a. Where there is no norm in play, y is drho alone.
 */
import { solveSmall } from '../../math/small-system.js'
import { dot } from '../../math/vectors.js'
import { multiply, sumOf, type Move, type Point } from './point.js'

/**
 * What is added to the second derivatives where the program has none by w but the barrier's, as a proximal point method does
 * around where it stands: gamma_q is a linear program for q = 1 and infinity, and its unknowns cancel to nothing without
 * (gap of 1e-8 with 0, 1e-10 with anything from 1e-4 to 0.1 on the forty points of paper 4; more makes steps small).
 */
const PROXIMAL = 1e-3

export interface Equations {
  /** The move after which a s is, to first order, what is aimed at: [m] */
  solve (target: Float64Array): Move
}

/** @returns undefined where rounding has left the matrix without a Cholesky factor */
export function linearize (point: Point): Equations | undefined {
  const { points, count, dimensions, aim, w, cone, slacks, weights, mu, matrix } = point
  const none = new Float64Array(dimensions)
  const length = aim.of === 'mixed' || cone === null ? 1 : 0
  const barrier = cone?.reduce(w)
  const curvature = barrier === undefined ? none.map(() => length) : barrier.diagonal.map(value => Math.max(length, PROXIMAL) + mu * value)
  const gradient = w.map((value, j) => length * value + mu * (barrier?.gradient[j] ?? 0))
  const over = (a: Float64Array) => a.map((value, j) => value / curvature[j]!)

  if (cone !== null) matrix.setProducts(curvature.map(value => 1 / value))
  if (!matrix.factorize(slacks.map((slack, i) => slack / weights[i]!))) return undefined
  const inverse = (side: Float64Array) => {
    matrix.solve(side)
    return side
  }

  // the borders: columns of F, as rows; what E and e are made of
  const ones = new Float64Array(count).fill(1)
  const [p, q] = [barrier?.toT.map(value => mu * value) ?? none, barrier?.toEta ?? none]
  const borders = barrier === undefined
    ? [ones]
    : [multiply(points, count, over(p)).map(value => aim.radius + value), multiply(points, count, over(q)), ones]
  const k = 1 - length
  const corner = barrier === undefined || cone === null
    ? [[0]]
    : [
        [k + mu * barrier.tt - dot(p, over(p)), barrier.tEta - dot(p, over(q)), 0],
        [barrier.tEta - dot(q, over(p)), -barrier.etaEta / mu - dot(q, over(q)), 0],
        [0, 0, 0]
      ]
  const right = barrier === undefined || cone === null
    ? [1]
    : [-k * cone.t - mu * barrier.gradientT + dot(p, over(gradient)), -barrier.gradientEta + dot(q, over(gradient)), 1]
  const solved = borders.map(border => inverse(border.slice()))
  const small = borders.map((border, i) => solved.map((other, j) => dot(border, other) + corner[i]![j]!))
  const pull = multiply(points, count, over(gradient))

  return {
    solve (target) {
      const first = inverse(target.map((value, i) => value / weights[i]! + pull[i]!))
      const y = solveSmall(small, borders.map((border, i) => right[i]! - dot(border, first)))
      const a = first.map((value, i) => solved.reduce((sum, column, k) => sum + y[k]! * column[i]!, value))
      const [dt, eta] = barrier === undefined ? [0, 0] : [y[0]!, y[1]!]
      const dw = over(sumOf(points, a).map((value, j) => value - gradient[j]! - p[j]! * dt - q[j]! * eta))
      const r = new Float64Array(cone === null ? 0 : dimensions)
      cone?.stepOfR(dw, dt, eta, mu, r)
      return {
        w: dw,
        t: dt,
        r,
        rho: y.at(-1)!,
        slacks: a.map((value, i) => (target[i]! - slacks[i]! * value) / weights[i]!),
        weights: a.map((value, i) => value - weights[i]!)
      }
    }
  }
}
