/**
 * Rows of points z, and the products of all of them with vectors: what linear classifiers are trained and their margins
 * sought with. A form for each way to store them: rows of Float64 (rows/dense.ts), and sparse rows of bytes with one scale
 * (rows/sparse.ts).
 */

/**
 * Points z of R^d. Every sum runs in the order of the rows, and within a row four sums run side by side, of the numbers k
 * modulo 4: so numbers depend on the form only in as far as a scale is rounded once for a sum, and not for every term.
 */
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

/** Rows whose numbers kernels can read. */
export interface StoredRows extends Rows { readonly storage: Storage }

/** How the numbers of rows lie. */
export type Storage = DenseStorage | SparseStorage

export interface DenseStorage {
  form: 'dense'
  /** [count, dimensions] */
  values: Float64Array
}

/** Blocks of four numbers that are not all 0. */
export interface SparseStorage {
  form: 'sparse'
  /** [count + 1]: the first block of each row, and the end */
  starts: Uint32Array
  /** [blocks]: where each lies in its row, in blocks */
  places: Uint16Array
  /** [blocks, 4] */
  values: Uint8Array
  /** [count]: what a byte of 1 stands for in the row, with the row's sign */
  factors: Float64Array
}
