/** What rows of logits say, one row per example or pixel. */

/** The most probable class of every row, the lowest of equals. */
export function mostProbable (logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, i) => argMax(logits.subarray(i * classes, (i + 1) * classes)))
}

/** exp(z) / sum exp(z) of every row, in Float64, safe against overflow. */
export function softmaxRows (logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length)
  for (let from = 0; from < logits.length; from += classes) {
    const row = logits.subarray(from, from + classes)
    const largest = row[argMax(row)]!
    const powers = Float64Array.from(row, value => Math.exp(value - largest))
    const sum = powers.reduce((total, power) => total + power, 0)
    probabilities.set(powers.map(power => power / sum), from)
  }
  return probabilities
}

function argMax (row: Float32Array): number {
  let best = 0
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i
  return best
}
