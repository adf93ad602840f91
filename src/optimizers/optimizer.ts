/**
 * What every optimizer of this folder offers: one iteration at a time, with counts, the best so far, a stop that says
 * why, and a state from which the run goes on to the bit. The helpers that the methods share are in progress.ts.
 */
import type { NamedArrays } from '../math/arrays.js'
import type { RandomStream } from '../math/random.js'

/**
 * gradient     largest gradient component <= gradientTolerance
 * value        value <= targetValue
 * steps        budget of iterations used up
 * evaluations  budget of evaluations used up
 * line-search  no acceptable step along the line, and the gradient is not small
 * stalled      steps or gains have fallen to rounding (Powell: to its tolerances): nothing more to gain
 * unbounded    the value falls without end, as far as a line or numbers reach
 * not-finite   value or gradient is NaN or infinite at the start, at each step tried, or (gd, adam, PSO) at the new point
 */
export type StopReason = 'gradient' | 'value' | 'steps' | 'evaluations' | 'line-search' | 'stalled' | 'unbounded' | 'not-finite'

/** Why it ended, in words, and what one can do about it. */
export interface Stop { reason: StopReason, text: string, advice: string }

/** A call of `gradient` returns the value too and counts as one evaluation of each. */
export interface Counts { steps: number, functionEvaluations: number, gradientEvaluations: number }

/**
 * Looked at between line searches, and within one that is longer than most: `evaluations` is exceeded by 50 at most, by gd,
 * adam and PSO never. A line that it cut short counts as not searched, but for its evaluations and its best point.
 */
export interface Budget {
  /** iterations, >= 0 */
  steps?: number
  /** function plus gradient evaluations, >= 1 */
  evaluations?: number
}

export interface Optimizer {
  /** where it is, [size]; for PSO the best position of the swarm. The same array at each step: copy what you keep. */
  readonly theta: Float64Array
  /** value at theta */
  readonly value: number
  /** largest absolute component of the gradient at theta, NaN where the method has none */
  readonly gradientNorm: number
  /** length of the last step along its direction, |theta_new - theta_old|; 0 before the first */
  readonly stepLength: number
  /**
   * the least finite value that the objective has returned, where that was, [size], and the iteration that came there: also
   * a point that a line search only passed; `theta` is there when the run has ended by itself, but for gd and adam
   */
  readonly best: { theta: Float64Array, value: number, step: number }
  readonly counts: Counts
  /** set when it has ended */
  readonly stop: Stop | undefined
  /** One iteration (Powell: one sweep; PSO: one move of the swarm). Does nothing when it has stopped. */
  step (): void
  /** Everything needed to go on to the bit; copies. */
  save (): OptimizerState
}

export interface OptimizerState {
  /** Float64Array data */
  arrays: NamedArrays
  /** JSON */
  values: Record<string, unknown>
}

/** Settings that all methods have. */
export interface CommonSettings {
  /**
   * Stop when the largest gradient component is at most this, in units of the objective over theta; 1e-5. Nothing else
   * depends on the scale of the objective. Where it computes in float32 take 1e-3: its rounding keeps the line search from
   * going lower. Methods without gradient ignore it.
   */
  gradientTolerance?: number
  /** Stop when the value is at most this; never when absent. */
  targetValue?: number
}

export interface OptimizerOptions {
  /** [size], copied; PSO scatters its swarm around it */
  start: Float64Array
  /** Streams of the run's seed by purpose and keys (RunContext.random fits); PSO needs it. */
  random?: (purpose: string, ...keys: number[]) => RandomStream
  budget?: Budget
  /** What `save` gave under the same settings and objective. The budget may be another. */
  state?: OptimizerState
}
