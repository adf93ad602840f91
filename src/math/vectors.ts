/** The few operations on Float64 vectors that optimizers and spectra are written in. None allocates. */

/**
 * sum_k a[from + k] b[other + k] over `length` numbers: rows of matrices. Four sums side by side: one alone waits for each
 * addition to end.
 */
export function dotAt (a: Float64Array, from: number, b: Float64Array, other: number, length: number): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    sum0 += a[from + k]! * b[other + k]!
    sum1 += a[from + k + 1]! * b[other + k + 1]!
    sum2 += a[from + k + 2]! * b[other + k + 2]!
    sum3 += a[from + k + 3]! * b[other + k + 3]!
  }
  for (; k < length; k++) sum0 += a[from + k]! * b[other + k]!
  return (sum0 + sum1) + (sum2 + sum3)
}

/** sum_k (a[from + k] - a[other + k])² over `length` numbers, in the same way. */
export function squaredDistanceAt (a: Float64Array, from: number, other: number, length: number): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    const difference0 = a[from + k]! - a[other + k]!
    const difference1 = a[from + k + 1]! - a[other + k + 1]!
    const difference2 = a[from + k + 2]! - a[other + k + 2]!
    const difference3 = a[from + k + 3]! - a[other + k + 3]!
    sum0 += difference0 * difference0
    sum1 += difference1 * difference1
    sum2 += difference2 * difference2
    sum3 += difference3 * difference3
  }
  for (; k < length; k++) sum0 += (a[from + k]! - a[other + k]!) ** 2
  return (sum0 + sum1) + (sum2 + sum3)
}

/** Inner product. @param a, b [n] */
export function dot (a: Float64Array, b: Float64Array): number {
  return dotAt(a, 0, b, 0, a.length)
}

/** Euclidean length. */
export function norm (a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}

/** Whether no component differs. */
export function isSame (a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Largest absolute component; NaN when one is NaN. */
export function largest (a: Float64Array): number {
  let max = 0
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i]!)
    if (Number.isNaN(size)) return NaN
    if (size > max) max = size
  }
  return max
}

/** into = a + t b */
export function addScaled (into: Float64Array, a: Float64Array, t: number, b: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = a[i]! + t * b[i]!
}

/** into = t a */
export function scale (into: Float64Array, t: number, a: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = t * a[i]!
}

/**
 * into += sum_i weights[i] rows[i], in the order of the rows: four of them in one pass, whose numbers of `into` are read and written
 * once. Fours of weight 0 are left out.
 * @param into [length] @param weights [count] @param rows [count, length]
 */
export function addRows (into: Float64Array, weights: Float64Array, rows: Float64Array): void {
  const { length } = into
  let i = 0
  for (; i + 3 < weights.length; i += 4) {
    const [a, b, c, d] = [weights[i]!, weights[i + 1]!, weights[i + 2]!, weights[i + 3]!]
    if (a === 0 && b === 0 && c === 0 && d === 0) continue
    for (let k = 0, at = i * length; k < length; k++, at++) {
      into[k] = into[k]! + a * rows[at]! + b * rows[at + length]! + c * rows[at + 2 * length]! + d * rows[at + 3 * length]!
    }
  }
  for (; i < weights.length; i++) {
    for (let k = 0, at = i * length; k < length; k++, at++) into[k]! += weights[i]! * rows[at]!
  }
}

/** |a - b| */
export function distance (a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!
    sum += difference * difference
  }
  return Math.sqrt(sum)
}
