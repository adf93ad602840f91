/**
 * What an optimizer minimizes: a real function of a flat Float64 vector. Optimizers (src/optimizers) know nothing of
 * networks; whoever has a cheaper way than `value` for a line or for many vectors at once offers it here.
 */

/** A real function of a vector, and cheaper ways to parts of it. */
export interface Objective {
  /** number of parameters, 1 or more */
  readonly size: number
  /** @param theta [size], not kept and not changed */
  value (theta: Float64Array): number
  /**
   * Writes the gradient.
   * @param theta [size]
   * @param into  [size]
   * @returns the value at theta
   */
  gradient? (theta: Float64Array, into: Float64Array): number
  /**
   * t -> value(theta + t * direction), recomputing only what changes. `direction` is often a coordinate axis.
   * Neither array may be changed while the function is in use. It may differ from `value` by rounding.
   */
  alongLine? (theta: Float64Array, direction: Float64Array): (t: number) => number
  /** Values of `count` vectors, which lie by rows in points [count, size], into [count]. */
  values? (points: Float64Array, count: number, into: Float64Array): void
}
