/**
 * e^x of two numbers at once (AssemblyScript), within two units of the last place, for the kernels of several folders. No fused
 * multiply-add and no approximate instruction is used, so the bits are the same on every machine.
 */

/** Adding it leaves a number's nearest integer in the low bits: 1.5 * 2^52. */
const ROUNDER: f64 = 6755399441055744
/** Below it e^x is 0 here: 2^-1022, the least normal number, is near e^-708.4. */
const LEAST: f64 = -708
/** Above it e^x is infinite. */
const MOST: f64 = 709
const ONE_OVER_LN2: f64 = 1.44269504088896340736
// ln 2 / 2 in two parts; the first has 33 bits, so that its product with an exponent is exact.
const HALF_LN2_HIGH: f64 = 6.93147180369123816490e-01 / 2
const HALF_LN2_LOW: f64 = 1.90821492927058770002e-10 / 2
// h coth h = 1 + z (Q1 + z (Q2 + ...)), z = h², |h| <= ln 2 / 4: the coefficients of fdlibm's e_exp.c, scaled
const Q1: f64 = 1.66666666666666019037e-01 * 2
const Q2: f64 = -2.77777777770155933842e-03 * 8
const Q3: f64 = 6.61375632143793436117e-05 * 32
const Q4: f64 = -1.65339022054652515390e-06 * 128
const Q5: f64 = 4.13813679705723846039e-08 * 512

// x = k ln 2 + 2 h, g = h coth h: e^x = 2^k (g + h) / (g - h)

/** NaN stays. */
// @ts-ignore: decorator
@inline
export function exponential (x: v128): v128 {
  const a = clamped(x)
  const t = rounded(a)
  const h = remainder(a, t)
  const g = hCothH(h)
  const e = f64x2.mul(powerOfTwo(t), f64x2.div(f64x2.add(g, h), f64x2.sub(g, h)))
  const above = v128.bitselect(f64x2.splat(Infinity), e, f64x2.gt(x, f64x2.splat(MOST)))
  return v128.andnot(above, f64x2.lt(x, f64x2.splat(LEAST)))
}

/** 1 / (1 + e^-x), with one division; NaN stays. */
// @ts-ignore: decorator
@inline
export function sigmoid (x: v128): v128 {
  const a = clamped(x)
  const t = rounded(a)
  const h = remainder(a, t)
  const g = hCothH(h)
  const above = f64x2.mul(powerOfTwo(t), f64x2.add(g, h))
  return f64x2.div(above, f64x2.add(above, f64x2.sub(g, h)))
}

// @ts-ignore: decorator
@inline
function clamped (x: v128): v128 {
  return f64x2.pmax(f64x2.pmin(x, f64x2.splat(MOST)), f64x2.splat(LEAST)) // in this order NaN stays
}

/** k in the low bits. */
// @ts-ignore: decorator
@inline
function rounded (a: v128): v128 {
  return f64x2.add(f64x2.mul(a, f64x2.splat(ONE_OVER_LN2)), f64x2.splat(ROUNDER))
}

/** h */
// @ts-ignore: decorator
@inline
function remainder (a: v128, t: v128): v128 {
  const k = f64x2.sub(t, f64x2.splat(ROUNDER))
  const half = f64x2.mul(a, f64x2.splat(0.5))
  return f64x2.sub(f64x2.sub(half, f64x2.mul(k, f64x2.splat(HALF_LN2_HIGH))), f64x2.mul(k, f64x2.splat(HALF_LN2_LOW)))
}

/** g */
// @ts-ignore: decorator
@inline
function hCothH (h: v128): v128 {
  const z = f64x2.mul(h, h)
  let g = f64x2.add(f64x2.splat(Q4), f64x2.mul(z, f64x2.splat(Q5)))
  g = f64x2.add(f64x2.splat(Q3), f64x2.mul(z, g))
  g = f64x2.add(f64x2.splat(Q2), f64x2.mul(z, g))
  g = f64x2.add(f64x2.splat(Q1), f64x2.mul(z, g))
  return f64x2.add(f64x2.splat(1), f64x2.mul(z, g))
}

/** 2^k */
// @ts-ignore: decorator
@inline
function powerOfTwo (t: v128): v128 {
  return i64x2.shl(i64x2.add(t, i64x2.splat(1023)), 52)
}
