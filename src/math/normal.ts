/** The standard normal distribution, and intervals of parts of a whole by it. Pure. */

/** Beyond this nothing is left in Float64 next to 1. */
const REACH = 8.5

/**
 * Probability that a standard normal variable is below z: 1/2 + phi(z) (z + z^3 / 3 + z^5 / (3 5) + ...), phi being the density
 * (Marsaglia 2004, "Evaluating the normal distribution"). The absolute error is about 1e-16.
 */
export function normalBelow (z: number): number {
  if (z < -REACH) return 0
  if (z > REACH) return 1
  let term = z
  let sum = z
  for (let k = 3, before = NaN; sum !== before; k += 2) {
    before = sum
    term *= z * z / k
    sum += term
  }
  return Math.min(1, Math.max(0, 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI)))
}

/** The z below which a standard normal variable stays with a probability. @param probability  0 .. 1, both excluded */
export function normalQuantile (probability: number): number {
  let [low, high] = [-REACH, REACH]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2
    if (normalBelow(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * Interval of a probability by what part of independent trials had it (Wilson 1927): all p that are within z deviations of
 * sqrt(p (1 - p) / count) of the part. Of no use only where there are no trials.
 * @param part        0 .. 1
 * @param count       trials, 1 or more
 * @param confidence  0 .. 1, 0.95 when left out
 */
export function partInterval (part: number, count: number, confidence = 0.95): { low: number, high: number } {
  const z = normalQuantile((1 + confidence) / 2)
  const share = z * z / count
  const centre = (part + share / 2) / (1 + share)
  const reach = z * Math.sqrt(part * (1 - part) / count + share / (4 * count)) / (1 + share)
  return { low: part === 0 ? 0 : centre - reach, high: part === 1 ? 1 : centre + reach }
}
