/** How sure a mean of few numbers is: Student's t, for seeds and for differences paired by seed. Pure. */
import { meanOf } from './mean.js'

/** A mean and where the true one lies, with the confidence that was asked for. */
export interface Interval {
  mean: number
  low: number
  high: number
  /** numbers behind it, 2 or more */
  count: number
}

/**
 * Interval of a mean by Student's t: mean +- t s / sqrt(n), s with n - 1 in its denominator. Of differences paired by seed
 * it is that of the paired t test.
 * @param values      independent, and near enough to normal that few of them say something
 * @param confidence  0 .. 1, 0.95 when left out
 * @returns undefined for fewer than two values, which say nothing of how they scatter
 */
export function meanInterval (values: readonly number[], confidence = 0.95): Interval | undefined {
  const { length: count } = values
  if (count < 2) return undefined
  const mean = meanOf(values)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const reach = studentQuantile((1 + confidence) / 2, count - 1) * Math.sqrt(variance / count)
  return { mean, low: mean - reach, high: mean + reach, count }
}

/**
 * The t below which a Student variable stays with a probability.
 * @param probability  0 .. 1, both excluded
 * @param freedom      degrees of freedom, an integer of at least 1
 */
export function studentQuantile (probability: number, freedom: number): number {
  if (probability === 0.5) return 0
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom)
  // Over theta = atan(t / sqrt(freedom)) the search is bounded: 60 halvings leave nothing of it.
  let [low, high] = [0, Math.PI / 2]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2
    if (0.5 + withinAngle(middle, freedom) / 2 < probability) low = middle
    else high = middle
  }
  return Math.sqrt(freedom) * Math.tan((low + high) / 2)
}

/** Probability of |t| <= sqrt(freedom) tan(theta), as a finite sum (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
function withinAngle (theta: number, freedom: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)]
  const isOdd = freedom % 2 === 1
  if (freedom === 1) return 2 * theta / Math.PI
  let term = isOdd ? cosine : 1
  let sum = term
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= cosine ** 2 * (k - 1) / k
    sum += term
  }
  return isOdd ? 2 / Math.PI * (theta + sine * sum) : sine * sum
}
