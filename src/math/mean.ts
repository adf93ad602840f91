/** The mean of numbers, summed in their order; NaN of none. */
export function meanOf (values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}
