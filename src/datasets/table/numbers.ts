/** Whether a number of a table is the same one once it is float32. */

/** Beyond 2^24 float32 has not every integer: times and ids would become equal that are not. */
export const EXACT_BELOW = 2 ** 24
/** Digits alone mean the very number; with an exponent or decimals it is a measurement, which float32 rounds like any other. */
const INTEGER = /^([-+]?\d+)(?:\.0*)?$/

/** Whether a cell has an integer that float32 does not hold. @param value of the cell, in Float64 */
export function isRounded (cell: string, value: number): boolean {
  const digits = INTEGER.exec(cell)?.[1]
  return digits !== undefined && BigInt(digits.replace('+', '')) !== BigInt(Math.fround(value))
}
