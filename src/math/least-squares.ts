/** Lines through points. */
import { meanOf } from './mean.js'

/**
 * Slope of the line with the least squares of its errors in y.
 * @param x, y [n] each, at least two different x
 */
export function slope (x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [meanOf(x), meanOf(y)]
  return x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0) /
    x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
}
