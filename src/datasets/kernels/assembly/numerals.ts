/**
 * Decimal numerals in bytes become Float64 without a string between (AssemblyScript): the very number that Number() makes
 * of them. Digits are read eight at a time. Up to 2^53 with powers of ten that Float64 has exactly (10^22) one division or
 * multiplication rounds once (Clinger, "How to read floating point numbers accurately", 1990). Up to 19 digits the product
 * with a power of five of 128 bits tells the number (Lemire, "Number parsing at a gigabyte per second", 2021,
 * arXiv:2101.11408); for all other numerals Number() decides.
 */

/** Asks Number(). @param begin and end are bytes of the memory @param point  the byte before the decimals @returns NaN unless it is finite */
// @ts-ignore: decorator
@external('env', 'convert')
declare function convert (begin: usize, end: usize, point: i32): f64

/** Digits that fit into 64 bits whatever they are. */
const MOST_DIGITS: i32 = 19
const EXACT_BELOW: u64 = 1 << 53
const EXACT_POWER: i32 = 22
/** 5^q for |q| up to here are in the table; so far from the ends of Float64 nothing is subnormal or infinite. */
const MOST_POWER: i32 = 120
/** High and low 64 bits of each, from -MOST_POWER on; ../powers.ts writes them. */
export const powersOfFive = memory.data(16 * (2 * MOST_POWER + 1), 16)
/** 10^0 to 10^8, and 10^0 to 10^22 */
const integerPowers = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000])
const exactPowers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
])

/**
 * Reads the numeral that begins at a byte: sign, digits with or without decimals, exponent. Behind the text there must be
 * a byte that is none of its characters, and eight more that may be read.
 * @param point  the byte before the decimals
 * @param into  where the number goes; NaN if none begins here or it is not finite
 * @returns where it ends
 */
// @ts-ignore: decorator
@inline
export function readNumeral (begin: usize, point: i32, into: usize): usize {
  const sign: i32 = load<u8>(begin)
  let at: usize = begin + <usize>(i32(sign == 0x2d) | i32(sign == 0x2b))
  const first = at
  let digits: u64 = 0
  for (;;) {
    const eight = load<u64>(at) ^ ZEROS
    const count = countDigits(eight)
    digits = addDigits(digits, eight, count)
    at += count
    if (count < 8) break
  }
  let figures = <i32>(at - first)
  let power: i32 = 0
  let byte: i32 = load<u8>(at)
  if (byte == point) {
    const start = ++at
    for (;;) {
      const eight = load<u64>(at) ^ ZEROS
      const count = countDigits(eight)
      digits = addDigits(digits, eight, count)
      at += count
      if (count < 8) break
    }
    power = <i32>(start - at)
    figures -= power
    byte = load<u8>(at)
  }
  if (figures == 0) {
    store<f64>(into, NaN)
    return begin
  }
  if ((byte | 0x20) == 0x65 || figures > MOST_DIGITS) return readLong(begin, first, at, point, into)
  let value: f64
  if (digits < EXACT_BELOW && power >= -EXACT_POWER) {
    value = <f64>digits / load<f64>(exactPowers - (power << 3))
  } else {
    value = multiply(digits, power)
    if (isNaN(value)) value = abs(convert(begin, at, point))
  }
  store<f64>(into, reinterpret<f64>(reinterpret<u64>(value) | (<u64>(sign == 0x2d) << 63)))
  return at
}

/** Numerals with an exponent, or with more digits; leading zeros are none. @param at  where its digits end */
function readLong (begin: usize, first: usize, at: usize, point: i32, into: usize): usize {
  const isNegative = load<u8>(begin) == 0x2d
  let digits: u64 = 0
  let figures: i32 = 0
  let power: i32 = 0
  let hasPoint = false
  for (let p = first; p < at; p++) {
    const byte: i32 = load<u8>(p)
    if (byte == point) {
      hasPoint = true
      continue
    }
    if (hasPoint) power--
    if (figures == 0 && byte == 0x30) continue
    figures++
    if (figures <= MOST_DIGITS) digits = digits * 10 + <u64>(byte - 0x30)
  }
  let end = at
  let byte: i32 = load<u8>(at)
  if ((byte | 0x20) == 0x65) {
    byte = load<u8>(++end)
    const isSmall = byte == 0x2d
    if (isSmall || byte == 0x2b) byte = load<u8>(++end)
    const start = end
    let by: i32 = 0
    while (byte >= 0x30 && byte <= 0x39) {
      if (by < 10000) by = by * 10 + byte - 0x30
      byte = load<u8>(++end)
    }
    if (end == start) { // an e without digits is none of a number
      store<f64>(into, NaN)
      return at
    }
    power += isSmall ? -by : by
  }
  let value: f64 = NaN
  if (figures == 0) {
    value = 0
  } else if (figures <= MOST_DIGITS) {
    if (digits < EXACT_BELOW && power >= -EXACT_POWER && power <= EXACT_POWER) {
      value = power < 0 ? <f64>digits / load<f64>(exactPowers - (power << 3)) : <f64>digits * load<f64>(exactPowers + (power << 3))
    } else {
      value = multiply(digits, power)
    }
  }
  store<f64>(into, isNaN(value) ? convert(begin, end, point) : isNegative ? -value : value)
  return end
}

const ZEROS: u64 = 0x3030303030303030

/** How many of eight bytes, xor '0', are digits before the first that is none. */
// @ts-ignore: decorator
@inline
function countDigits (eight: u64): u32 {
  // A carry comes out of bytes that are no digits only.
  return <u32>ctz((eight + 0x0606060606060606 | eight) & 0xf0f0f0f0f0f0f0f0) >>> 3
}

/** digits 10^count + the first count digits of eight */
// @ts-ignore: decorator
@inline
function addDigits (digits: u64, eight: u64, count: u32): u64 {
  // The digits that count move to the end, zeros come in front; a shift by 64 in two steps, for it is one by 0.
  let t = (eight << (32 - (count << 2))) << (32 - (count << 2))
  t = t * 10 + (t >> 8)
  const value = ((t & 0x000000ff000000ff) * 0x000f424000000064 + ((t >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32
  return digits * load<u64>(integerPowers + (count << 3)) + value
}

/** digits 10^power, rounded once; NaN where 128 bits do not tell, and for powers that are not in the table. @param digits  not 0 */
function multiply (digits: u64, power: i32): f64 {
  if (power < -MOST_POWER || power > MOST_POWER) return NaN
  const zeros = clz(digits)
  const w = digits << zeros
  const five = powersOfFive + ((power + MOST_POWER) << 4)
  const factor = load<u64>(five)
  let low = w * factor
  let high = multiplyHigh(w, factor)
  if ((high & 0x1ff) == 0x1ff) {
    const more = multiplyHigh(w, load<u64>(five, 8))
    low += more
    if (more > low) high++
    if (low == 0xffffffffffffffff) return NaN
  }
  const upper = high >> 63
  const shift = upper + 9
  let mantissa = high >> shift
  let exponent = (((152170 + 65536) * power) >> 16) + 63 + <i32>upper - <i32>zeros + 1023
  // An exact middle is rounded to the even number.
  if (low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) == 1 && (mantissa << shift) == high) mantissa &= ~1
  mantissa = (mantissa + (mantissa & 1)) >> 1
  if (mantissa >= (<u64>1 << 53)) {
    mantissa = <u64>1 << 52
    exponent++
  }
  return reinterpret<f64>((mantissa & ~(<u64>1 << 52)) | (<u64>exponent << 52))
}

/** The upper half of the product of two numbers of 64 bits. */
// @ts-ignore: decorator
@inline
function multiplyHigh (a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff
  const aHigh = a >> 32
  const bLow = b & 0xffffffff
  const bHigh = b >> 32
  const middle = aHigh * bLow + ((aLow * bLow) >> 32)
  const other = aLow * bHigh + (middle & 0xffffffff)
  return aHigh * bHigh + (middle >> 32) + (other >> 32)
}
