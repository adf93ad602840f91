/** Rows of Float64, one behind the other. */
import { addRows, dotAt } from '../../math/vectors.js'
import type { StoredRows } from '../rows.js'

/** Rows from their numbers. @param values [count, dimensions]; kept */
export function denseRows (values: Float64Array, dimensions: number): StoredRows {
  const count = values.length / dimensions
  return {
    count,
    dimensions,
    storage: { form: 'dense', values },
    multiply (w, into) {
      for (let i = 0; i < count; i++) into[i] = dotAt(values, i * dimensions, w, 0, dimensions)
    },
    addWeighted: (weights, into) => { addRows(into, weights, values) },
    copyRow (row, into) {
      for (let k = 0, at = row * dimensions; k < dimensions; k++, at++) into[k] = values[at]!
    }
  }
}
