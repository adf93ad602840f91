/** Numbers as the cells of tables and charts have them. */

/** Rounds to so many significant digits. */
export function toDigits (digits: number): (value: number) => number {
  return value => Number(value.toPrecision(digits))
}

/** Rounds to so many digits behind the point. */
export function toDecimals (decimals: number): (value: number) => number {
  const unit = 10 ** decimals
  return value => Math.round(value * unit) / unit
}
