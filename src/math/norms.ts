/** Norms of any order from 1 to infinity. */

/** |values|_p: relative to the largest number, so that no power overflows. */
export function normOf (values: ArrayLike<number>, p: number): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!))
  if (most === 0 || p === Infinity) return most
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (Math.abs(values[i]!) / most) ** p
  return most * sum ** (1 / p)
}

/** p with 1/p + 1/q = 1. */
export function dualOf (q: number): number {
  return q === 1 ? Infinity : q === Infinity ? 1 : q / (q - 1)
}
