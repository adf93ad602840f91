/**
 * The interior point method for points that fit into memory as they are. Sum of weights 1 instead of a margin of 1: the program
 *
 *   min (l |w|^2 + k t^2) / 2 - rho   such that   s_i = z_i . w - c t - rho >= 0,   |w|_p <= t
 *
 * has a point inside whether or not the data are separable, and so has its dual. l = 1, k = 0: at the optimum w is the shortest
 * vector from c B_q to the points' convex hull, and rho its squared length. l = 0, k = 1, c = 0: rho = gamma_q^2.
 * Its Lagrangian's derivatives vanish, with weights a and the barrier's as norm-cone.ts has it, where
 *
 *   a_i s_i = mu,   l w + mu F_w = Z^T a,   k t + mu F_t + c = 0,   sum a = 1,   mu -> 0
 *
 * Without a norm in play this is Mehrotra's method (1992). With one, the rows are primal-dual and the norm is primal: Newton's
 * direction is one of descent for the barrier function of mu, along which it goes until that function's slope has halved.
 */
import type { NormCone } from './norm-cone.js'
import { linearize, type Equations } from './newton.js'
import { enter, measure, take, type Aim, type Found, type Move, type Point } from './point.js'

const MOST_ITERATIONS = 200
/** After so many iterations that made neither the gap nor the bound a tenth smaller rounding has ended it. */
const MOST_IDLE = 12
/** of the way to the border */
const TO_BORDER = 0.99

/** A program at work: solved to one tolerance, it can go on to a finer one from where it stands. */
export interface Program {
  /**
   * Goes on until (bound - margin) / bound is at most `tolerance`, the bound is at most `zero`, or rounding ends it. Yields once an
   * iteration.
   */
  solve (tolerance: number, zero: number): Generator<void, Found>
  /** Gives the memory back. */
  close (): void
}

/**
 * Opens the program of the m points given.
 * @param points by rows, [m, d], of lengths about 1 at most
 * @param start  w to begin from, [d]
 */
export function openProgram (points: Float64Array, count: number, aim: Aim, start: Float64Array): Program {
  const point = enter(points, count, aim, start)
  let best = measure(point)

  return {
    * solve (tolerance, zero) {
      let idle = 0
      for (let i = 0; i < MOST_ITERATIONS && best.bound - best.margin > tolerance * best.bound && best.bound > zero; i++) {
        const equations = linearize(point)
        if (equations === undefined) break
        if (point.cone === null) correct(point, equations)
        else follow(point, point.cone, equations)
        const now = better(best, measure(point))
        const isSmaller = now.bound - now.margin < 0.9 * (best.bound - best.margin) || now.bound < 0.9 * best.bound
        idle = isSmaller ? 0 : idle + 1
        best = now
        if (idle === MOST_IDLE) break
        yield
      }
      return best
    },
    close: () => { point.matrix.close() }
  }
}

/** Direction and weights prove what they do each by itself: the better of either. @returns the first where neither is */
function better (best: Found, now: Found): Found {
  if (!(now.margin > best.margin || now.bound < best.bound)) return best
  const [primal, dual] = [now.margin > best.margin ? now : best, now.bound < best.bound ? now : best]
  return { w: primal.w, margin: primal.margin, weights: dual.weights, bound: dual.bound }
}

/** Mehrotra's step: how far one to a s = 0 gets says what to aim at, and its second order is allowed for. */
function correct (point: Point, equations: Equations): void {
  const { slacks, weights, count } = point
  const now = slacks.reduce((sum, slack, i) => sum + slack * weights[i]!, 0) / count
  const guess = equations.solve(new Float64Array(count))
  const far = Math.min(1, reach(slacks, guess.slacks), reach(weights, guess.weights))
  const then = slacks.reduce((sum, slack, i) => sum + (slack + far * guess.slacks[i]!) * (weights[i]! + far * guess.weights[i]!), 0) / count
  const aim = now * (then / now) ** 3
  const move = equations.solve(slacks.map((_, i) => aim - guess.slacks[i]! * guess.weights[i]!))
  const step = Math.min(1, Math.max(TO_BORDER, 1 - aim / now) * Math.min(reach(slacks, move.slacks), reach(weights, move.weights)))
  take(point, move, step, step)
}

/** A step towards the centre of mu, which then falls if the step was a long one. */
function follow (point: Point, cone: NormCone, equations: Equations): void {
  const { w, slacks, weights, mu } = point
  const move = equations.solve(new Float64Array(point.count).fill(mu))
  const along = (values: Float64Array, step: number, by: Float64Array) => values.map((value, i) => value + step * by[i]!)
  const isInside = (step: number) => cone.contains(along(w, step, move.w), cone.t + step * move.t, along(cone.r, step, move.r))
  let step = Math.min(1, TO_BORDER * reach(slacks, move.slacks))
  while (!isInside(step)) step /= 2
  const first = slopeOf(point, cone, move, 0)
  while (first < 0 && step > 1e-12 && slopeOf(point, cone, move, step) > -first / 2) step /= 2
  take(point, move, step, Math.min(1, TO_BORDER * reach(weights, move.weights)))
  point.mu = mu * (step > 0.9 ? 0.1 : step > 0.5 ? 0.4 : 1)
}

/** Derivative along a move, at so much of it, of the barrier function. */
function slopeOf ({ aim, w, slacks, mu }: Point, cone: NormCone, move: Move, step: number): number {
  const along = (values: Float64Array, by: Float64Array) => values.map((value, i) => value + step * by[i]!)
  const [at, t] = [along(w, move.w), cone.t + step * move.t]
  const objective = aim.of === 'mixed' ? at.reduce((sum, value, j) => sum + value * move.w[j]!, 0) : t * move.t
  const rows = slacks.reduce((sum, slack, i) => sum + move.slacks[i]! / (slack + step * move.slacks[i]!), 0)
  return objective - move.rho - mu * rows + mu * cone.slope(at, t, along(cone.r, move.r), move.w, move.t, move.r)
}

/** How often a step can be taken before one of the values is 0. */
function reach (values: Float64Array, step: Float64Array): number {
  return values.reduce((least, value, i) => step[i]! < 0 ? Math.min(least, -value / step[i]!) : least, Infinity)
}
