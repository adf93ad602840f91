/** Eigenvalues and eigenvectors of a small symmetric matrix by rotations; principal-components.ts uses it. A leaf. */
import { AppError } from '../errors.js'

export interface Eigen {
  /** [n], descending */
  values: Float64Array
  /** [n, n] by rows: row i is the unit eigenvector of values[i]; its component of largest magnitude is positive */
  vectors: Float64Array
}

/** Each sweep squares what is left off the diagonal: 6 to 10 are enough for any size that fits in a second. */
const maxSweeps = 60

/**
 * Cyclic Jacobi: rotates every pair of axes in turn until nothing is left off the diagonal. Accurate to rounding of the
 * norm, and its vectors are orthogonal to rounding; about 10 sweeps of 6 n^3 operations: for n up to some hundreds.
 * Source: Golub, Van Loan, Matrix Computations, section 8.5 (algorithms 8.5.1, 8.5.3, by rows and without a threshold).
 * @param matrix [n, n], symmetric (its upper half is read); not changed
 * @throws AppError invalid_input when it is not square or not finite
 */
export function symmetricEigen (matrix: Float64Array): Eigen {
  const n = Math.sqrt(matrix.length)
  if (!Number.isInteger(n) || n === 0) throw new AppError('invalid_input', `matrix must be square, got ${matrix.length} numbers`)
  if (!matrix.every(Number.isFinite)) throw new AppError('invalid_input', 'matrix must be finite, got NaN or infinity')
  const a = Float64Array.from(matrix, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return matrix[Math.min(i, j) * n + Math.max(i, j)]!
  })
  const v = new Float64Array(n * n)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  const size = Math.sqrt(a.reduce((sum, value) => sum + value ** 2, 0))
  for (let sweep = 0; sweep < maxSweeps && offDiagonal(a, n) > Number.EPSILON * size; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q)
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]! || i - j)
  const vectors = new Float64Array(n * n)
  order.forEach((from, to) => vectors.set(upright(v.subarray(from * n, (from + 1) * n)), to * n))
  return { values: Float64Array.from(order, i => a[i * n + i]!), vectors }
}

/** Root of the sum of squares off the diagonal. */
function offDiagonal (a: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) sum += a[i * n + j]! ** 2
  return Math.sqrt(sum)
}

/** a = J' a J and v = J' v with the rotation J of the axes p and q that makes a[p, q] 0; tan of its angle is the smaller root. */
function rotate (a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!
  if (apq === 0) return
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * apq)
  const t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.hypot(1, tau))
  const c = 1 / Math.hypot(1, t)
  const s = t * c
  for (let k = 0; k < n; k++) {
    const [kp, kq] = [a[k * n + p]!, a[k * n + q]!]
    a[k * n + p] = c * kp - s * kq
    a[k * n + q] = s * kp + c * kq
  }
  for (const rows of [a, v]) {
    for (let k = 0; k < n; k++) {
      const [pk, qk] = [rows[p * n + k]!, rows[q * n + k]!]
      rows[p * n + k] = c * pk - s * qk
      rows[q * n + k] = s * pk + c * qk
    }
  }
  a[p * n + q] = 0
  a[q * n + p] = 0
}

/** The vector or its opposite, so that its component of largest magnitude is positive: of several the first counts. */
export function upright (vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, value) => Math.abs(value) > Math.abs(best) * (1 + 1e-9) ? value : best, 0)
  return largest < 0 ? vector.map(value => -value) : vector
}
