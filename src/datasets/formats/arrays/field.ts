/** What an array becomes: a field of the description and the bytes of every example, by rules that the test split keeps. */
import { sizeOf } from '../../../math/arrays.js'
import type { ReadContext } from '../../dataset-file.js'
import type { Pieces } from '../../files.js'
import type { Field } from '../../description.js'
import { broken } from '../../limits.js'
import type { Warning } from '../../report.js'
import { nameArray } from './array-file.js'
import type { NumberArray } from './numbers.js'
import type { ArraysOptions } from './options.js'

export interface FieldReader {
  field: Field
  /** of the training array */
  pieces: Pieces
  /** Reads the array of the test split as the training array was read. @throws AppError invalid_dataset where it does not fit */
  readTest (array: NumberArray): Promise<Pieces>
}

export interface ArraysContext extends ReadContext {
  options: ArraysOptions
  /** Says what may be wrong, or was found and not told. */
  warn (warning: Warning): void
}

/** Checks that a test array's examples have the shape of the training array's. */
export function checkShape (array: NumberArray, train: NumberArray): void {
  const [, ...shape] = array.shape
  const [, ...wanted] = train.shape
  if (String(shape) !== String(wanted)) {
    throw broken(array.file, `an example of ${nameArray(array)} must have the shape [${wanted.join(', ')}] of the training examples, got [${shape.join(', ')}]`)
  }
}

/** An array without axes of one element at the end: [n, 1] as [n]. */
export function withAxes (array: NumberArray, axes: number): NumberArray {
  const { shape } = array
  return shape.length > axes && sizeOf(shape.slice(axes)) === 1 ? { ...array, shape: shape.slice(0, axes) } : array
}
