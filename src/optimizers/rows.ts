/**
 * Rows of points z, and the products of all of them with vectors: what linear classifiers are trained and their margins
 * sought with. A form for each way to store them: rows of Float64, and sparse rows of bytes with one scale.
 */

/** Points z of R^d. Every sum runs in the order of the rows, so that numbers do not depend on the form. */
export interface Rows {
  readonly count: number
  readonly dimensions: number
  /** into[i] = z_i . w @param into [count] */
  multiply (w: Float64Array, into: Float64Array): void
  /** into += sum_i weights[i] z_i, rows of weight 0 left out @param weights [count] @param into [dimensions] */
  addWeighted (weights: Float64Array, into: Float64Array): void
  /** Copies one point. @param into [dimensions] */
  copyRow (row: number, into: Float64Array): void
}
