/** Named arrays with a shape: the one form in which tensors leave a thread, a process or the disk. */

export type NumericArray = Float64Array | Float32Array | Int32Array | Uint8Array

export interface NamedArray {
  /** sizes of the axes, [] for a scalar; their product is data.length */
  shape: number[]
  data: NumericArray
}

export type NamedArrays = Record<string, NamedArray>

/** Number of elements of a shape. */
export function sizeOf (shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
