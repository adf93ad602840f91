/**
 * Decimal numerals in bytes become Float64 without a string between: the very number that Number() makes of them.
 * Up to 2^53 with powers of ten that Float64 has exactly (10^22), one division or multiplication rounds once (Clinger, "How
 * to read floating point numbers accurately", 1990). Beyond, up to 27 digits, the same is done with pairs of Float64 whose
 * sum is exact (Dekker, "A floating-point technique for extending the available precision", 1971); where the rest is too
 * near to the middle of two numbers to tell, and for all other numerals, Number() decides.
 */

export const POINT = 0x2e
export const COMMA = 0x2c

const powers = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`))
const MAX_POWER = 22
/** Every integer below is a Float64, and what is rounded to one below was one. */
const EXACT_BELOW = 2 ** 53
/** Splits 53 bits into 26 and 26 (Veltkamp). */
const SPLITTER = 2 ** 27 + 1
/** How much of the second part of a pair may be wrong: a few roundings of 2^-53 of it. */
const DOUBT = 2 ** -48
/** Nine digits are an integer of 32 bits, which is quick. */
const NINE = 9

/**
 * Reads the numeral that begins at a byte: sign, digits with or without decimals, exponent. After the bytes of it there
 * must be one that is none of its characters.
 * @param point  the byte before the decimals
 * @param values  where the number goes, at `index`; NaN if none begins here or it is not finite
 * @returns where it ends
 */
export function readNumeral (bytes: Uint8Array, begin: number, point: number, values: Float64Array, index: number): number {
  let at = begin
  let byte = bytes[at]!
  const isNegative = byte === 0x2d
  if (isNegative || byte === 0x2b) byte = bytes[++at]!
  const first = at
  let whole = 0
  while (byte >= 0x30 && byte <= 0x39 && at < first + NINE) {
    whole = (whole * 10 + byte - 0x30) | 0
    byte = bytes[++at]!
  }
  if (byte >= 0x30 && byte <= 0x39) return readLongNumeral(bytes, begin, point, values, index)
  let digits = at - first
  let decimals = 0
  let part = 0
  let rest = 0
  if (byte === point) {
    const start = ++at
    byte = bytes[at]!
    while (byte >= 0x30 && byte <= 0x39 && at < start + NINE) {
      part = (part * 10 + byte - 0x30) | 0
      byte = bytes[++at]!
    }
    while (byte >= 0x30 && byte <= 0x39 && at < start + 2 * NINE) {
      rest = (rest * 10 + byte - 0x30) | 0
      byte = bytes[++at]!
    }
    if (byte >= 0x30 && byte <= 0x39) return readLongNumeral(bytes, begin, point, values, index)
    decimals = at - start
    digits += decimals
  }
  if (digits === 0) {
    values[index] = NaN
    return begin
  }
  let power = -decimals
  if (byte === 0x65 || byte === 0x45) {
    const exponent = at
    byte = bytes[++at]!
    const isSmall = byte === 0x2d
    if (isSmall || byte === 0x2b) byte = bytes[++at]!
    const start = at
    let by = 0
    while (byte >= 0x30 && byte <= 0x39) {
      if (by < 10_000) by = by * 10 + byte - 0x30
      byte = bytes[++at]!
    }
    if (at === start) { // an e without digits is none of a number
      values[index] = NaN
      return exponent
    }
    power += isSmall ? -by : by
  }
  const scale = powers[decimals]!
  let value
  if (power < -MAX_POWER || power > MAX_POWER) return convert(bytes, begin, at, point, values, index)
  if (decimals <= NINE) {
    const digitsValue = whole * scale + part
    value = digitsValue < EXACT_BELOW ? shift(digitsValue, power) : shiftPair(whole, scale, part, power)
  } else {
    const few = powers[decimals - NINE]!
    const fraction = part * few + rest
    const digitsValue = whole * scale + fraction
    // Each product and sum is exact as long as the last one is.
    value = digitsValue < EXACT_BELOW ? shift(digitsValue, power) : shiftLongPair(whole, scale, part, few, rest, power)
  }
  if (Number.isNaN(value)) return convert(bytes, begin, at, point, values, index)
  values[index] = isNegative ? -value : value
  return at
}

/** An exact integer times a power of ten: rounded once. */
function shift (value: number, power: number): number {
  return power < 0 ? value / powers[-power]! : value * powers[power]!
}

/** (whole scale + part) 10^power, NaN where it is too near to the middle of two numbers. */
function shiftPair (whole: number, scale: number, part: number, power: number): number {
  const high = whole * scale
  return roundPair(high, productError(whole, scale, high), part, 0, power)
}

/** (whole scale + part few + rest) 10^power */
function shiftLongPair (whole: number, scale: number, part: number, few: number, rest: number, power: number): number {
  const high = whole * scale
  const second = part * few
  const low = productError(part, few, second)
  return roundPair(high, productError(whole, scale, high), second, low + rest, power)
}

/** (a + aLow + b + bLow) 10^power, rounded once; the sums of the pairs are exact. */
function roundPair (a: number, aLow: number, b: number, bLow: number, power: number): number {
  const sum = a + b
  const back = sum - a
  const lost = (a - (sum - back)) + (b - back)
  const high = sum + (lost + (aLow + bLow))
  const low = (sum - high) + (lost + (aLow + bLow))
  let value
  let error
  if (power < 0) {
    const by = powers[-power]!
    value = high / by
    const product = value * by
    error = ((high - product) - productError(value, by, product) + low) / by
  } else {
    const by = powers[power]!
    value = high * by
    error = productError(high, by, value) + low * by
  }
  const result = value + error
  const doubt = Math.abs(error) * DOUBT
  return value + (error - doubt) === result && value + (error + doubt) === result ? result : NaN
}

/** What a product of two numbers lost by rounding (Dekker). */
function productError (a: number, b: number, product: number): number {
  const scaledA = SPLITTER * a
  const highA = scaledA - (scaledA - a)
  const lowA = a - highA
  const scaledB = SPLITTER * b
  const highB = scaledB - (scaledB - b)
  const lowB = b - highB
  return lowA * lowB - (((product - highA * highB) - lowA * highB) - highA * lowB)
}

/** More digits than the quick way holds: finds the end. */
function readLongNumeral (bytes: Uint8Array, begin: number, point: number, values: Float64Array, index: number): number {
  let at = begin
  const skipDigits = (): number => {
    const start = at
    while (bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++
    return at - start
  }
  if (bytes[at] === 0x2d || bytes[at] === 0x2b) at++
  const first = at
  const whole = skipDigits()
  if (bytes[at] === point) {
    at++
    skipDigits()
  } else if (whole <= 15 && bytes[at] !== 0x65 && bytes[at] !== 0x45) {
    // Times in milliseconds and numbers of accounts: whole and exact.
    let value = 0
    for (let i = first; i < at; i++) value = value * 10 + bytes[i]! - 0x30
    values[index] = bytes[begin] === 0x2d ? -value : value
    return at
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++
    if (bytes[at] === 0x2d || bytes[at] === 0x2b) at++
    skipDigits() // Number() says what an e without digits is
  }
  return convert(bytes, begin, at, point, values, index)
}

function convert (bytes: Uint8Array, begin: number, end: number, point: number, values: Float64Array, index: number): number {
  let text = ''
  for (let at = begin; at < end; at++) text += String.fromCharCode(bytes[at]!)
  const value = Number(point === POINT ? text : text.replace(',', '.'))
  values[index] = Number.isFinite(value) ? value : NaN
  return end
}
