/** Whether a column says the same as the target: each of its values goes with one class, and each class with one value. */

export interface Twin {
  targetOf: Map<number | string, number>
  valueOf: Map<number, number | string>
}

/** A column of more different values is no twin of classes; one of numbers to predict is found by then. */
const MAX_VALUES = 1000

/** Begins to compare. */
export function openTwin (): Twin {
  return { targetOf: new Map(), valueOf: new Map() }
}

/** Compares a row. @returns whether the column may still be the target's twin */
export function isTwin ({ targetOf, valueOf }: Twin, value: number | string, target: number): boolean {
  const known = targetOf.get(value)
  if (known !== undefined) return known === target
  if (valueOf.has(target)) return false
  if (valueOf.size === MAX_VALUES) return value === target
  targetOf.set(typeof value === 'string' ? Buffer.from(value).toString() : value, target)
  valueOf.set(target, value)
  return true
}
