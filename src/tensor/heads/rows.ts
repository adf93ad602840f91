/** What rows of logits say, one row per example or pixel. */
import { argMax, softmax } from '../../math/softmax.js'

/** The most probable class of every row, the lowest of equals. */
export function maxProbable (logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, i) => argMax(logits.subarray(i * classes, (i + 1) * classes)))
}

/** exp(z) / sum exp(z) of every row, computed in Float64. */
export function softmaxRows (logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length)
  for (let from = 0; from < logits.length; from += classes) {
    probabilities.set(softmax(logits.subarray(from, from + classes)), from)
  }
  return probabilities
}
