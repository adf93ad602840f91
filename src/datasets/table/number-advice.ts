/** Why a cell that looks like a number is none, and how to go on: for messages and warnings about columns that are text. */

/** 1,234.5 and 1.234,5 and 1'234, and what has two groups of thousands or more. */
const GROUPED = /^[-+]?\d{1,3}(?:([,.' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$/
const COMMA_DECIMALS = /^[-+]?\d*,\d+(?:[eE][-+]?\d+)?$/
const POINT_DECIMALS = /^[-+]?\d*\.\d+(?:[eE][-+]?\d+)?$/

/**
 * Gives advice about a cell that is no number as the file is read.
 * @returns what to say after the cell, undefined where it looks like no number
 */
export function adviseNumber (cell: string): string | undefined {
  if (COMMA_DECIMALS.test(cell)) return 'say decimal=comma if a comma is before decimals; thousands separators must be left out'
  if (GROUPED.test(cell) && !POINT_DECIMALS.test(cell)) return 'thousands separators must be left out'
  if (POINT_DECIMALS.test(cell)) return 'say decimal=point if a point is before decimals'
  return undefined
}
