/**
 * Logarithms of two numbers at once (AssemblyScript), of products of many whose exponents are counted apart. No fused
 * multiply-add and no approximate instruction is used, so the bits are the same on every machine.
 */

const FRACTION: i64 = 0x000fffffffffffff
const BITS_OF_ONE: i64 = 0x3ff0000000000000
/** 1.5 * 2^52: an integer that is added to its bits is added to the number. */
const ROUNDER: f64 = 6755399441055744
const SQRT2: f64 = 1.41421356237309504880
const LOG2_E: f64 = 1.44269504088896340736
// log (1 + f) = f - s (f - R), s = f / (2 + f), R = s² (L1 + s² (L2 + ...)): the coefficients of fdlibm's e_log.c
const L1: f64 = 6.666666666666735130e-01
const L2: f64 = 3.999999999940941908e-01
const L3: f64 = 2.857142874366239149e-01
const L4: f64 = 2.222219843214978396e-01
const L5: f64 = 1.818357216161805012e-01
const L6: f64 = 1.531383769920937332e-01
const L7: f64 = 1.479819860511658591e-01

/** What exponents are added to. */
// @ts-ignore: decorator
@inline
export function noExponent (): v128 {
  return f64x2.splat(ROUNDER)
}

/** The exponent of positive, finite, normal numbers, to be added as integers. */
// @ts-ignore: decorator
@inline
export function exponentOf (x: v128): v128 {
  return i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023))
}

/** What is left of such numbers without their exponents: 1 .. 2. */
// @ts-ignore: decorator
@inline
export function fractionOf (x: v128): v128 {
  return v128.or(v128.and(x, i64x2.splat(FRACTION)), i64x2.splat(BITS_OF_ONE))
}

/** log2 of fractions, 1 .. 2, with so much in their exponents; within 2e-16 of the largest of its terms. */
// @ts-ignore: decorator
@inline
export function log2 (fraction: v128, exponent: v128): v128 {
  const isUpper = f64x2.gt(fraction, f64x2.splat(SQRT2))
  const m = v128.bitselect(f64x2.mul(fraction, f64x2.splat(0.5)), fraction, isUpper)
  const whole = f64x2.sub(f64x2.sub(exponent, f64x2.splat(ROUNDER)), v128.and(isUpper, f64x2.splat(-1)))
  const f = f64x2.sub(m, f64x2.splat(1))
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f))
  const z = f64x2.mul(s, s)
  let r = f64x2.add(f64x2.splat(L6), f64x2.mul(z, f64x2.splat(L7)))
  r = f64x2.add(f64x2.splat(L5), f64x2.mul(z, r))
  r = f64x2.add(f64x2.splat(L4), f64x2.mul(z, r))
  r = f64x2.add(f64x2.splat(L3), f64x2.mul(z, r))
  r = f64x2.add(f64x2.splat(L2), f64x2.mul(z, r))
  r = f64x2.add(f64x2.splat(L1), f64x2.mul(z, r))
  const log = f64x2.sub(f, f64x2.mul(s, f64x2.sub(f, f64x2.mul(z, r))))
  return f64x2.add(whole, f64x2.mul(log, f64x2.splat(LOG2_E)))
}
