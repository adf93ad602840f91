/**
 * Decimal numerals in bytes become Float64 without a string between (AssemblyScript): the very number that Number() makes
 * of them. A cell's digits are read sixteen at a time, where it has no more than a sign and a point beside them. Up to 2^53 with powers of ten that Float64 has exactly (10^22) one division or
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
/** 10^0 to 10^22 */
const exactPowers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
])

/**
 * Reads a cell that has a sign, digits and a point, and nothing else: up to 19 digits, in any case without a branch that
 * depends on them.
 * @param start and end  of the cell; 33 bytes before its end must be there
 * @param point  a vector of the byte before the decimals
 * @param into  where the number goes
 * @returns false where it has not; then nothing was written
 */
// @ts-ignore: decorator
@inline
export function readPlain (start: usize, end: usize, point: usize, into: usize): bool {
  const sign: i32 = load<u8>(start)
  const length = <i32>(end - start) - i32(((sign - 0x2b) & ~2) == 0) // + or -
  if (<u32>(length - 1) >= 20) return false
  // Byte i of the last 32 is the point: then those before it move by one. -1 where there is none.
  const low = v128.load(end - 16)
  let points: u32 = <u32>i8x16.bitmask(i8x16.eq(low, v128.load(point))) << 16
  if (length > 16) points |= i8x16.bitmask(i8x16.eq(v128.load(end - 32), v128.load(point)))
  points &= <u32>0xffffffff << (32 - length)
  const hasPoint = i32(points != 0)
  const place = select<i32>(ctz(points), -1, hasPoint)
  const count = length - hasPoint
  const after = steps + 47 - place // a vector there has ones behind the point
  const within = steps + count // and here where the digits are
  let lower = v128.bitselect(low, v128.load(end - 17), v128.load(after, 16))
  lower = v128.and(i8x16.sub(lower, v128.load(ZEROS)), v128.load(within, 32))
  let wrong = i8x16.sub_sat_u(lower, v128.load(NINES))
  let digits: u64 = sixteen(lower)
  if (length > 16) {
    let upper = v128.bitselect(v128.load(end - 32), v128.load(end - 33), v128.load(after))
    upper = v128.and(i8x16.sub(upper, v128.load(ZEROS)), v128.load(within, 16))
    wrong = v128.or(wrong, i8x16.sub_sat_u(upper, v128.load(NINES)))
    digits += sixteen(upper) * 10000000000000000
  }
  if (v128.any_true(wrong) || <u32>(count - 1) >= <u32>MOST_DIGITS) return false
  const decimals = (31 - place) & -hasPoint
  let value: f64
  if (digits < EXACT_BELOW) {
    value = <f64><i64>digits / load<f64>(exactPowers + (decimals << 3)) // of u64 the conversion has a branch
  } else {
    value = multiply(digits, -decimals)
    if (isNaN(value)) return false
  }
  store<u64>(into, reinterpret<u64>(value) | (<u64>(sign == 0x2d) << 63))
  return true
}

/**
 * Reads two cells that are as readPlain() reads them and have up to 8 digits, as most do, side by side.
 * @param starts and ends  of both, from the text on; 16 bytes before an end must be there
 * @param point  a vector of the byte before the decimals
 * @param into  where the numbers go
 * @returns false where one of them is not such; then nothing was written
 */
// @ts-ignore: decorator
@inline
export function readTwo (text: usize, starts: usize, ends: usize, point: usize, into: usize): bool {
  const start0 = text + load<i32>(starts)
  const start1 = text + load<i32>(starts, 4)
  const end0 = text + load<i32>(ends)
  const end1 = text + load<i32>(ends, 4)
  const isMinus0 = i32(load<u8>(start0) == 0x2d)
  const isMinus1 = i32(load<u8>(start1) == 0x2d)
  const length0 = <i32>(end0 - start0) - isMinus0
  const length1 = <i32>(end1 - start1) - isMinus1
  if (<u32>((length0 - 1) | (length1 - 1)) >= 16) return false
  const bytes0 = v128.load(end0 - 16)
  const bytes1 = v128.load(end1 - 16)
  const form0 = formOf(length0, bytes0, point)
  const form1 = formOf(length1, bytes1, point)
  const digits0 = i8x16.swizzle(i8x16.sub(bytes0, v128.load(ZEROS)), v128.load(form0))
  const digits1 = i8x16.swizzle(i8x16.sub(bytes1, v128.load(ZEROS)), v128.load(form1))
  const digits = i64x2.shuffle(digits0, digits1, 1, 3)
  const more = i64x2.shuffle(digits0, digits1, 0, 2)
  if (v128.any_true(v128.or(i8x16.sub_sat_u(digits, v128.load(NINES)), more))) return false
  const twos = i16x8.shr_u(i16x8.mul(digits, v128.load(TENS)), 8)
  const fours = i32x4.dot_i16x8_s(twos, v128.load(HUNDREDS))
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), v128.load(MYRIADS))
  const powers = v128.load64_lane(form1 + (isMinus1 << 3), v128.load64_zero(form0 + (isMinus0 << 3), POWER), 1, POWER)
  v128.store(into, f64x2.div(f64x2.convert_low_i32x4_s(eights), powers))
  return true
}

/**
 * Reads the digits of a cell as readPlain() reads it that is longer and has fifteen decimals or more, as numbers have that are
 * written with all their digits. scaleDigits() makes the number of them, later: one after the other
 * takes a processor so long that it cannot begin the next cell meanwhile.
 * @param end  of the cell; 32 bytes before it must be there
 * @param into  where the digits go, as an integer
 * @returns how many of them are decimals, 15 to 19, negative where the number is; 0 where the cell is not such
 */
// @ts-ignore: decorator
@inline
export function readDigits (start: usize, end: usize, point: usize, into: usize): i32 {
  const isMinus = i32(load<u8>(start) == 0x2d)
  const length = <i32>(end - start) - isMinus - 15 // of what is before the last fifteen
  if (<u32>(length - 1) >= 5) return 0
  const before = v128.load(end - 31)
  const form = formOf(length, before, point)
  const upper = i8x16.swizzle(i8x16.sub(before, v128.load(ZEROS)), v128.load(form))
  const lower = v128.and(i8x16.sub(v128.load(end - 16), v128.load(ZEROS)), v128.load(steps, 47))
  const wrong = v128.or(i8x16.sub_sat_u(upper, v128.load(NINES)), i8x16.sub_sat_u(lower, v128.load(NINES)))
  const decimals = load<i32>(form, DECIMALS)
  if (v128.any_true(wrong) || decimals < 0) return 0
  const upperFours = i32x4.dot_i16x8_s(i16x8.shr_u(i16x8.mul(upper, v128.load(TENS)), 8), v128.load(HUNDREDS))
  const lowerFours = i32x4.dot_i16x8_s(i16x8.shr_u(i16x8.mul(lower, v128.load(TENS)), 8), v128.load(HUNDREDS))
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(lowerFours, upperFours), v128.load(MYRIADS))
  const both = i64x2.extract_lane(eights, 0)
  const most = i64x2.extract_lane(eights, 1) >>> 32
  store<u64>(into, (most * 10000000 + (both & 0xffffffff)) * 100000000 + (both >>> 32))
  return (decimals + 15) * (1 - 2 * isMinus)
}

/**
 * Makes the number of what readDigits() has read.
 * @param digits  where they are, and where the number goes
 * @param decimals  what it returned
 * @returns false where that does not tell the number; then nothing was written
 */
// @ts-ignore: decorator
@inline
export function scaleDigits (digits: usize, decimals: i32): bool {
  const integer = load<u64>(digits)
  const value = scale(integer, -abs(decimals))
  if (integer == 0 || isNaN(value)) return false
  store<u64>(digits, reinterpret<u64>(value) | (<u64>(decimals < 0) << 63))
  return true
}

/** How the digits of a cell lie. @param length  without its sign, 1 to 16 @param bytes  the last sixteen up to its end */
// @ts-ignore: decorator
@inline
function formOf (length: i32, bytes: v128, point: usize): usize {
  // of the last point; 32 where there is none
  const behind = clz(<i32>i8x16.bitmask(i8x16.eq(bytes, v128.load(point))))
  return forms + (length * 17 + behind - 16) * FORM
}

/** Bytes of a form, and to what is in it. */
const FORM: usize = 48
const POWER: usize = 16
const DECIMALS: usize = 32

/**
 * By length and by place of the last point, 0 the last byte, 16 none: which of sixteen bytes each digit is, so that the
 * last one is at the end (a vector); the power of ten that divides them, and the negative one (Float64 each); how many of
 * them are decimals, -1 where there is no point.
 */
const forms = memory.data(FORM * 17 * 17, 16)

for (let length = 1; length <= 16; length++) {
  for (let behind = 0; behind <= 16; behind++) {
    const form = forms + (length * 17 + behind) * FORM
    const decimals = behind < length ? behind : 0 // another cell may have that point
    const count = length - i32(behind < length)
    for (let digit = 0; digit < 16; digit++) {
      const from = 15 - digit - i32(behind < length && digit >= decimals)
      store<u8>(form + 15 - digit, <u8>(digit < count ? from : 0xff))
    }
    if (count == 0) store<u8>(form, 15, 15) // a point alone is no number: taken as a digit it is a wrong one
    const power = load<f64>(exactPowers + (decimals << 3))
    store<f64>(form, power, POWER)
    store<f64>(form, -power, POWER + 8)
    store<i32>(form, behind < length ? behind : -1, DECIMALS)
  }
}

/** The number of sixteen digits, the first byte counts most. */
// @ts-ignore: decorator
@inline
function sixteen (digits: v128): u64 {
  const twos = i16x8.shr_u(i16x8.mul(digits, v128.load(TENS)), 8)
  const fours = i32x4.dot_i16x8_s(twos, v128.load(HUNDREDS))
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), v128.load(MYRIADS))
  const both = i64x2.extract_lane(eights, 0)
  return (both & 0xffffffff) * 100000000 + (both >>> 32)
}

// In memory: V8 makes a vector that is named anew, by three instructions, each time.
const ZEROS = memory.data<u64>([0x3030303030303030, 0x3030303030303030], 16)
const NINES = memory.data<u64>([0x0909090909090909, 0x0909090909090909], 16)
const TENS = memory.data<u64>([0x0a010a010a010a01, 0x0a010a010a010a01], 16) // the upper byte becomes ten times the lower one and itself
const HUNDREDS = memory.data<u64>([0x0001006400010064, 0x0001006400010064], 16)
const MYRIADS = memory.data<u64>([0x0001271000012710, 0x0001271000012710], 16)
/** Zeros, then ones from byte 48 on: a vector at 47 - t has ones in the bytes behind t. */
const steps = memory.data<u64>([0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1], 16)

/**
 * Reads the numeral that begins at a byte: sign, digits with or without decimals, exponent. Behind the text there must be
 * a byte that is none of its characters.
 * @param point  the byte before the decimals
 * @param into  where the number goes; NaN if none begins here or it is not finite
 * @returns where it ends
 */
export function readNumeral (begin: usize, point: i32, into: usize): usize {
  let at = begin
  let byte: i32 = load<u8>(at)
  const isNegative = byte == 0x2d
  if (isNegative || byte == 0x2b) byte = load<u8>(++at)
  let digits: u64 = 0
  let places: i32 = 0 // of digits, leading zeros too
  let figures: i32 = 0
  let power: i32 = 0
  let hasPoint = false
  for (;; byte = load<u8>(++at)) {
    if (byte == point && !hasPoint) {
      hasPoint = true
    } else {
      const digit: u32 = byte - 0x30
      if (digit > 9) break
      places++
      power -= i32(hasPoint)
      if (figures == 0 && digit == 0) continue
      if (++figures <= MOST_DIGITS) digits = digits * 10 + digit
    }
  }
  if (places == 0) {
    store<f64>(into, NaN)
    return begin
  }
  if ((byte | 0x20) == 0x65) {
    byte = load<u8>(++at)
    const isSmall = byte == 0x2d
    if (isSmall || byte == 0x2b) byte = load<u8>(++at)
    const start = at
    let by: i32 = 0
    while (byte >= 0x30 && byte <= 0x39) {
      if (by < 10000) by = by * 10 + byte - 0x30
      byte = load<u8>(++at)
    }
    if (at == start) { // an e without digits is none of a number
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
  store<f64>(into, isNaN(value) ? convert(begin, at, point) : isNegative ? -value : value)
  return at
}

/** digits 10^power, rounded once; NaN where 128 bits do not tell, and for powers that are not in the table. @param digits  not 0 */
function multiply (digits: u64, power: i32): f64 {
  return power < -MOST_POWER || power > MOST_POWER ? NaN : scale(digits, power)
}

/** The same for powers that are there. */
// @ts-ignore: decorator
@inline
function scale (digits: u64, power: i32): f64 {
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
