/** Sums over rows of matrices. Four partial sums each: one alone waits for every addition before the next. */

/** sum_k a[from + k] b[other + k] over `length` numbers. */
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
  return sum0 + sum1 + (sum2 + sum3)
}

/** sum_k (a[from + k] - a[other + k])^2 over `length` numbers. */
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
  return sum0 + sum1 + (sum2 + sum3)
}

/** Euclidean norm. */
export function normOf (values: Float64Array): number {
  return Math.sqrt(dotAt(values, 0, values, 0, values.length))
}
