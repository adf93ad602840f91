/** Numbers of a CSV file: decimal, finite, and not other ones once they are float32. */
import { broken, show, type UploadedFile } from '../../limits.js'

/** Beyond 2^24 float32 has not every integer: times and ids would become equal that are not. */
const EXACT_BELOW = 2 ** 24
/** Number() reads also 0x1f, Infinity and blanks of every kind. */
const DECIMAL = /^[-+.\deE]+$/
/** Digits alone mean the very number; with an exponent or decimals it is a measurement, which float32 rounds like any other. */
const INTEGER = /^([-+]?\d+)(?:\.0*)?$/

/**
 * Reads a cell as float32.
 * @param where "line 3, column 1", made when it is needed
 * @throws AppError invalid_dataset
 */
export function readNumber (file: UploadedFile, cell: string, where: () => string): number {
  const value = DECIMAL.test(cell) ? Math.fround(Number(cell)) : NaN
  if (!Number.isFinite(value)) throw broken(file, `${where()} must be a finite number, got ${show(cell)}`)
  if (Math.abs(value) >= EXACT_BELOW && isOther(cell, value)) {
    throw broken(file, `${where()} must be an integer that float32 holds (all are up to ${EXACT_BELOW}), got ${show(cell)}, which would become ${BigInt(value)}; subtract an offset or divide`)
  }
  return value
}

function isOther (cell: string, value: number): boolean {
  const digits = INTEGER.exec(cell)?.[1]
  return digits !== undefined && BigInt(digits.replace('+', '')) !== BigInt(value)
}
