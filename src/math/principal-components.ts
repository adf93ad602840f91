/** Principal components of examples, exactly: from their covariance, or from inner products of examples where these are fewer. */
import { AppError } from '../errors.js'
import { symmetricEigen, upright } from './eigen.js'
import { dotAt, norm } from './vectors.js'

export interface PrincipalComponents {
  /** mean of the examples, [d] */
  mean: Float64Array
  /** unit vectors along which the examples vary most, [k, d] by rows; each one's component of largest magnitude is positive */
  directions: Float64Array
  /** mean squared deviation along each, descending, [k] */
  variances: Float64Array
}

/** The larger of both would take n^2 d and some 60 m^3 operations with m the smaller of n and d: two seconds at this m. */
export const maxPrincipalSide = 256

/** Below this part of the largest a variance is rounding, and its direction as good as any. */
const leastVariance = 1e-12

/**
 * Finds the first k principal components: eigenvectors of C = X' X / n with X the examples less their mean, or X' u / |X' u|
 * with u those of X X' / n, which has the same eigenvalues.
 * @param examples [n, d] by rows
 * @throws AppError unmeasurable when the examples vary in fewer than k directions, invalid_input when both n and d are too large
 */
export function principalComponents (examples: Float64Array, count: number, k: number): PrincipalComponents {
  const d = examples.length / count
  const side = Math.min(count, d)
  if (side > maxPrincipalSide) {
    throw new AppError('invalid_input', `examples or their numbers must be at most ${maxPrincipalSide}, got ${count} of ${d} numbers`)
  }
  const mean = new Float64Array(d)
  examples.forEach((value, at) => { mean[at % d]! += value / count })
  const centred = examples.map((value, at) => value - mean[at % d]!)
  const ofExamples = count < d
  const rows = ofExamples ? centred : transpose(centred, count, d)
  const { values, vectors } = symmetricEigen(products(rows, side).map(sum => sum / count))
  const varied = values.filter(value => value > leastVariance * values[0]!).length
  if (k > varied) throw new AppError('unmeasurable', `examples must vary in ${k} directions or more, got ${varied}`)
  const directions = new Float64Array(k * d)
  for (let i = 0; i < k; i++) {
    const vector = vectors.subarray(i * side, (i + 1) * side)
    directions.set(ofExamples ? upright(toUnit(combine(vector, centred, d))) : vector, i * d)
  }
  return { mean, directions, variances: values.slice(0, k) }
}

/** Inner products of rows, [side, side]. */
function products (rows: Float64Array, side: number): Float64Array {
  const length = rows.length / side
  const all = new Float64Array(side * side)
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) all[i * side + j] = all[j * side + i] = dotAt(rows, i * length, rows, j * length, length)
  }
  return all
}

function transpose (matrix: Float64Array, rows: number, columns: number): Float64Array {
  const other = new Float64Array(matrix.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) other[j * rows + i] = matrix[i * columns + j]!
  return other
}

/** sum_i weights[i] rows[i], [d] */
function combine (weights: Float64Array, rows: Float64Array, d: number): Float64Array {
  const sum = new Float64Array(d)
  weights.forEach((weight, i) => { for (let j = 0; j < d; j++) sum[j]! += weight * rows[i * d + j]! })
  return sum
}

function toUnit (vector: Float64Array): Float64Array {
  const length = norm(vector)
  return vector.map(value => value / length)
}
