/**
 * How many instances of a problem are solved at once: what a solver is told, and what it gives. Every instance stops by
 * itself, and ends with a reason and the best state that it has seen, never with nothing. Next hop: open.ts.
 */
import type { NamedArrays } from '../../math/arrays.js'

/** Gradient descent, theta <- P(theta - rate v), v <- momentum v + g; P is the projection onto the feasible set. */
export interface GradientSolver {
  type: 'gradient'
  learningRate: number
  /** 0 .. 1, 1 excluded */
  momentum: number
  steps: number
  /** an instance has converged when its largest number moves by no more than this in a step; 0: never */
  tolerance: number
}

/**
 * FISTA (Beck, Teboulle 2009) as the code of contrastive explanations has it (Dhurandhar et al. 2018): a gradient step on the
 * smooth part, soft threshold around 0, projection, then momentum t / (t + 3) at step t = 1, 2, ... We differ in two places: the
 * threshold is rate x threshold, as that of a proximal step is (there: threshold alone, whatever the rate), and the point with
 * momentum is not projected again.
 */
export interface FistaSolver {
  type: 'fista'
  learningRate: number
  /** weight of |theta|_1; the values of the objective are the smooth part alone, those of the solver have it */
  threshold: number
  /** rate in force at step t of T: constant, or rate (1 - t / T)^0.5 */
  decay: 'constant' | 'root'
  steps: number
  tolerance: number
}

/**
 * Gradient descent on estimates of the gradient from queries: mean over directions u of (f(theta + h u) - f(theta)) / h u, u
 * standard normal (Nesterov, Spokoiny 2017, "Random gradient-free minimization of convex functions"). The mean of the estimate
 * is the gradient of f smoothed by a Gaussian of width h: that of f itself where f is quadratic. Queries may lie outside of the
 * feasible set by what h u is long.
 */
export interface ZerothOrderSolver {
  type: 'zeroth-order'
  learningRate: number
  momentum: number
  /** directions of one estimate */
  samples: number
  /** h */
  smoothing: number
  steps: number
  /** queries that an instance may take in all */
  budget: number
  tolerance: number
}

export type BatchSolver = GradientSolver | FistaSolver | ZerothOrderSolver

/**
 * Why an instance stopped: it goes on; its steps are made; it has converged; its queries are used up; its values or gradient
 * are no numbers any more (its best state from before stands).
 */
export const stopReasons = ['running', 'steps', 'converged', 'budget', 'non-finite'] as const
export type StopReason = typeof stopReasons[number]

/** Instances that are being solved. Views are the run's own memory. */
export interface BatchRun {
  /** steps that were made of all that are still running */
  readonly step: number
  /** whether no instance is running */
  readonly done: boolean
  /** where they are, [count, size], and the values there, [count] */
  readonly states: Float64Array
  readonly values: Float64Array
  /** the best of each so far, its start included */
  readonly best: { readonly states: Float64Array, readonly values: Float64Array }
  /** positions in stopReasons, [count] */
  readonly reasons: Uint8Array
  /** steps that each has made, [count] */
  readonly steps: Int32Array
  /** evaluations of each, [count]: of a gradient with its value, or of a value, one each */
  readonly queries: Int32Array
  /** Makes steps, fewer when all have stopped before. */
  advance (steps: number): void
  /**
   * All that going on takes, to the bit; with the objective and the solver. Every array has a row for each instance, and no row
   * knows of others: rows of several runs of as many steps may stand one behind the other, and be parted again.
   */
  save (): NamedArrays
}
