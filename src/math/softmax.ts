/** Logits as probabilities, in Float64 and safe against overflow. */

/** exp(z) / sum exp(z). @param z logits of one example @returns a new array */
export function softmax (z: Float32Array | Float64Array): Float64Array {
  const largest = z[argMax(z)]!
  const powers = Float64Array.from(z, value => Math.exp(value - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map(power => power / sum)
}

/** -log softmax(z)[label]: keeps its digits also where the probability is a rounding from 1. */
export function crossEntropy (z: Float32Array | Float64Array, label: number): number {
  const largest = z[argMax(z)]!
  let others = 0
  for (let c = 0; c < z.length; c++) if (c !== label) others += Math.exp(z[c]! - largest)
  const below = z[label]! - largest
  return Math.log1p(others + Math.expm1(below)) - below // log of the sum of all powers is log1p(others) where below is 0
}

/** Where the largest value is, the first of equals. */
export function argMax (values: Float32Array | Float64Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}
