/** What rows of logits say, one row per example or pixel: loops without an array for each, for a map has many of them. */

/** The most probable class of every row, the lowest of equals. */
export function maxProbable (logits: Float32Array, classes: number): Int32Array {
  const best = new Int32Array(logits.length / classes)
  for (let row = 0; row < best.length; row++) best[row] = largestOf(logits, row * classes, classes) - row * classes
  return best
}

/** exp(z) / sum exp(z) of every row, computed in Float64, as softmax() of src/math/softmax.ts does. */
export function softmaxRows (logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length)
  const row = new Float64Array(classes)
  for (let from = 0; from < logits.length; from += classes) {
    setSoftmax(row, logits, from)
    for (let c = 0; c < classes; c++) probabilities[from + c] = row[c]!
  }
  return probabilities
}

/** The same of one row, in Float64, without an array of its own. @param from where the row begins in logits */
export function setSoftmax (into: Float64Array, logits: Float32Array, from: number): void {
  const classes = into.length
  const largest = logits[largestOf(logits, from, classes)]!
  let sum = 0
  for (let c = 0; c < classes; c++) {
    into[c] = Math.exp(logits[from + c]! - largest)
    sum += into[c]!
  }
  for (let c = 0; c < classes; c++) into[c]! /= sum
}

/** Where the largest of some numbers is, the first of equals. */
function largestOf (values: Float32Array, from: number, count: number): number {
  let best = from
  for (let i = from + 1; i < from + count; i++) if (values[i]! > values[best]!) best = i
  return best
}
