/** Lines through points. */
import { meanOf } from './mean.js'

/** A line y = slope x + intercept, and the root of the mean square of its errors in y. */
export interface Line { slope: number, intercept: number, residual: number }

/**
 * The line with the least squares of its errors in y.
 * @param x, y [n] each, at least two different x
 */
export function fitLine (x: readonly number[], y: readonly number[]): Line {
  const a = slope(x, y)
  const intercept = meanOf(y) - a * meanOf(x)
  return { slope: a, intercept, residual: Math.sqrt(meanOf(x.map((value, i) => (y[i]! - a * value - intercept) ** 2))) }
}

/**
 * Slope of the line with the least squares of its errors in y.
 * @param x, y [n] each, at least two different x
 */
export function slope (x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [meanOf(x), meanOf(y)]
  return x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0) /
    x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
}
