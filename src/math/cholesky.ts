/**
 * Cholesky factorization A = L L^T of a symmetric positive definite matrix in Float64, row by row, so that whoever has much
 * else to do can stop in between; and the solution of L y = b for many b at once. Matrices lie by rows, [size, size].
 */
import { dotAt } from './vectors.js'

/**
 * Replaces row `row` of the lower triangle of A by that of L (Cholesky-Banachiewicz); the rows before it must be L's already.
 * What lies above the diagonal is neither read nor written.
 * @returns false where A is not positive definite to rounding; the row is then of no use
 */
export function factorRow (matrix: Float64Array, size: number, row: number): boolean {
  const start = row * size
  for (let column = 0; column < row; column++) {
    const other = column * size
    matrix[start + column] = (matrix[start + column]! - dotAt(matrix, start, matrix, other, column)) / matrix[other + column]!
  }
  const square = matrix[start + row]! - dotAt(matrix, start, matrix, start, row)
  if (!(square > 0)) return false
  matrix[start + row] = Math.sqrt(square)
  return true
}

/** Replaces the lower triangle of A by L. @returns false where A is not positive definite */
export function factorize (matrix: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row++) if (!factorRow(matrix, size, row)) return false
  return true
}

/**
 * Solves L y = b in place, so that y.y = b^T A^-1 b.
 * @param lower  as factorize leaves it
 * @param sides  right-hand sides by rows, [count, size]; the y when done. Some 16 at once read L once for all of them
 */
export function solveLower (lower: Float64Array, size: number, sides: Float64Array): void {
  const count = sides.length / size
  for (let row = 0; row < size; row++) {
    const start = row * size
    const diagonal = lower[start + row]!
    for (let side = 0; side < count; side++) {
      const at = side * size
      sides[at + row] = (sides[at + row]! - dotAt(lower, start, sides, at, row)) / diagonal
    }
  }
}

/** Solves L^T x = y in place: after solveLower, A x = b. @param sides  right-hand sides by rows, [count, size]; the x when done */
export function solveUpper (lower: Float64Array, size: number, sides: Float64Array): void {
  for (let at = 0; at < sides.length; at += size) {
    for (let row = size - 1; row >= 0; row--) {
      const start = row * size
      const value = sides[at + row]! / lower[start + row]!
      sides[at + row] = value
      for (let k = 0; k < row; k++) sides[at + k]! -= value * lower[start + k]!
    }
  }
}
