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

/** Puts text before every name, so that arrays of several parts can stand in one file or snapshot. */
export function prefix (text: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [text + name, array]))
}

/** The arrays whose names begin with text, by the rest of their names. */
export function unprefix (text: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(arrays)
    .filter(([name]) => name.startsWith(text))
    .map(([name, array]) => [name.slice(text.length), array]))
}
