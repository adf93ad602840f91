/**
 * What batched solvers (src/optimizers/batched) minimize: n functions that know nothing of each other, of d numbers each,
 * evaluated all at once. One function of one vector: objective.ts.
 */
export interface BatchObjective {
  /** n, instances */
  readonly count: number
  /** d, numbers of an instance's variable */
  readonly size: number
  /**
   * Evaluates every instance at a state of its own.
   * @param states [count, size], not kept and not changed
   * @param into   [count]
   * @param active [count]: instances with 0 may be left out, and their places hold anything then
   */
  values (states: Float64Array, into: Float64Array, active?: Uint8Array): void
  /**
   * Writes gradients, and values beside. Left out where there are only queries.
   * @param into   [count, size]
   * @param values [count]
   */
  gradients? (states: Float64Array, into: Float64Array, values: Float64Array, active?: Uint8Array): void
  /** Moves every state to the nearest one that is feasible. Left out where all are. */
  project? (states: Float64Array, active?: Uint8Array): void
  /** Gives back what it holds; nothing is asked of it any more. */
  close? (): void
}
