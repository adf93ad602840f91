/** The few operations on Float64 vectors that the optimizers are written in. None allocates. */

/** Inner product. Four sums side by side: one alone waits for each addition to end. @param a, b [n] */
export function dot (a: Float64Array, b: Float64Array): number {
  const n = a.length
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let i = 0
  for (; i + 3 < n; i += 4) {
    sum0 += a[i]! * b[i]!
    sum1 += a[i + 1]! * b[i + 1]!
    sum2 += a[i + 2]! * b[i + 2]!
    sum3 += a[i + 3]! * b[i + 3]!
  }
  for (; i < n; i++) sum0 += a[i]! * b[i]!
  return (sum0 + sum1) + (sum2 + sum3)
}

/** Euclidean length. */
export function norm (a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}

/** Largest absolute component; NaN when one is NaN. */
export function largest (a: Float64Array): number {
  let most = 0
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i]!)
    if (Number.isNaN(size)) return NaN
    if (size > most) most = size
  }
  return most
}

/** into = a + t b */
export function addScaled (into: Float64Array, a: Float64Array, t: number, b: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = a[i]! + t * b[i]!
}

/** into = t a */
export function scale (into: Float64Array, t: number, a: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = t * a[i]!
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
