/**
 * Activations of two numbers at once (AssemblyScript). No fused multiply-add and no approximate instruction is used,
 * so the bits are the same on every machine.
 */

export const TANH: i32 = 0
export const RELU: i32 = 1
export const SIN: i32 = 2

// A loop that names more constants than there are registers builds some anew in every turn (V8); what it reads is an
// operand. So the constants lie in memory, but for the few of tanh.

/** Adding it leaves a number's nearest integer in the low bits: 1.5 * 2^52. */
const ROUNDER = memory.data<f64>([6755399441055744])
/** The same for the nearest multiple of 1/128: 1.5 * 2^45. */
const TO_128THS: f64 = 52776558133248
const ONE = memory.data<f64>([1])
const HALF = memory.data<f64>([0.5])

/** where tanh is 1 */
const TANH_LIMIT: f64 = 20
const MINUS_TANH_LIMIT: f64 = -20
// tanh d = d + d z (T1 + z T2), z = d²: the next term is below 2e-16 d for |d| <= 1/256
const T1: f64 = -1.0 / 3
const T2: f64 = 2.0 / 15

/** 2^k and its inverse are normal numbers up to here */
const EXP_LIMIT = memory.data<f64>([708])
const MINUS_EXP_LIMIT = memory.data<f64>([-708])
const ONE_OVER_LN2 = memory.data<f64>([1.44269504088896340736])
// ln 2 / 2 in two parts; the first has 33 bits, so that its product with an exponent is exact.
const HALF_LN2_HIGH = memory.data<f64>([6.93147180369123816490e-01 / 2])
const HALF_LN2_LOW = memory.data<f64>([1.90821492927058770002e-10 / 2])
// h coth h = 1 + z (Q1 + z (Q2 + ...)), z = h², |h| <= ln 2 / 4: the coefficients of fdlibm's e_exp.c, scaled
const Q1 = memory.data<f64>([1.66666666666666019037e-01 * 2])
const Q2 = memory.data<f64>([-2.77777777770155933842e-03 * 8])
const Q3 = memory.data<f64>([6.61375632143793436117e-05 * 32])
const Q4 = memory.data<f64>([-1.65339022054652515390e-06 * 128])
const Q5 = memory.data<f64>([4.13813679705723846039e-08 * 512])
const EXPONENT_BIAS = memory.data<i64>([1023])

// pi / 2 in three parts, the first two of 33 bits, and the polynomials of fdlibm's k_sin.c and k_cos.c
const TWO_OVER_PI = memory.data<f64>([0.63661977236758134308])
const HALF_PI_1 = memory.data<f64>([1.57079632673412561417e+00])
const HALF_PI_2 = memory.data<f64>([6.07710050630396597660e-11])
const HALF_PI_3 = memory.data<f64>([2.02226624879595063154e-21])
const S1 = memory.data<f64>([-1.66666666666666324348e-01])
const S2 = memory.data<f64>([8.33333333332248946124e-03])
const S3 = memory.data<f64>([-1.98412698298579493134e-04])
const S4 = memory.data<f64>([2.75573137070700676789e-06])
const S5 = memory.data<f64>([-2.50507602534068634195e-08])
const S6 = memory.data<f64>([1.58969099521155010221e-10])
const C1 = memory.data<f64>([4.16666666666666019037e-02])
const C2 = memory.data<f64>([-1.38888888888741095749e-03])
const C3 = memory.data<f64>([2.48015872894767294178e-05])
const C4 = memory.data<f64>([-2.75573143513906633035e-07])
const C5 = memory.data<f64>([2.08757232129817482790e-09])
const C6 = memory.data<f64>([-1.13596475577881948265e-11])
const ONE_BIT = memory.data<i64>([1])
const TWO_BIT = memory.data<i64>([2])

// @ts-ignore: decorator
@inline
function both (constant: usize): v128 {
  return v128.load_splat<f64>(constant)
}

/** Beyond it the three parts of pi / 2 are not enough: about 2^19 pi / 2. */
const SIN_LIMIT = memory.data<f64>([823000])

// The activations as types: a loop over Activation is compiled once for each, with its constants kept in registers.
export class Tanh {}
export class Relu {}
export class Sin {}
export class Sigmoid {}

// @ts-ignore: decorator
@inline
export function activate<Activation> (z: v128): v128 {
  if (idof<Activation>() == idof<Tanh>()) return tanh(z)
  if (idof<Activation>() == idof<Relu>()) return f64x2.pmax(z, f64x2.splat(0)) // z < 0 ? 0 : z, so NaN stays
  if (idof<Activation>() == idof<Sin>()) return sin(z)
  return sigmoid(z)
}

/** da/dz from a = activate(z); for sin from `cosine`, which the forward pass kept. */
// @ts-ignore: decorator
@inline
export function slope<Activation> (a: v128, cosine: usize): v128 {
  if (idof<Activation>() == idof<Tanh>()) return f64x2.sub(both(ONE), f64x2.mul(a, a))
  if (idof<Activation>() == idof<Relu>()) return v128.and(f64x2.gt(a, f64x2.splat(0)), both(ONE))
  if (idof<Activation>() == idof<Sin>()) return v128.load(cosine)
  return f64x2.mul(a, f64x2.sub(both(ONE), a))
}

/**
 * x = c + d with c a multiple of 1/128: tanh x = (T + t) / (1 + T t), T = tanh c from a table and t = tanh d of |d| <= 1/256
 * by its series. Beyond 20 it is 1. The result of -0 is 0.
 */
// @ts-ignore: decorator
@inline
function tanh (x: v128): v128 {
  const a = f64x2.pmax(f64x2.pmin(x, f64x2.splat(TANH_LIMIT)), f64x2.splat(MINUS_TANH_LIMIT)) // in this order NaN stays
  const k = f64x2.add(a, f64x2.splat(TO_128THS)) // 128 c in the low bits
  const d = f64x2.sub(a, f64x2.sub(k, f64x2.splat(TO_128THS)))
  const z = f64x2.mul(d, d)
  const t = f64x2.add(d, f64x2.mul(f64x2.mul(d, z), f64x2.add(f64x2.splat(T1), f64x2.mul(z, f64x2.splat(T2)))))
  const c = tanhOf128ths(i32x4.extract_lane(k, 0), i32x4.extract_lane(k, 2))
  return f64x2.div(f64x2.add(c, t), f64x2.add(f64x2.splat(1), f64x2.mul(c, t)))
}

/** tanh(i / 128), tanh(j / 128); any other bits, as NaN has them, give a number too. */
// @ts-ignore: decorator
@inline
function tanhOf128ths (i: i32, j: i32): v128 {
  const first = v128.load64_zero(TABLE + ((<usize>i << 3) & TABLE_MASK))
  return v128.load64_lane(TABLE + ((<usize>j << 3) & TABLE_MASK), first, 1)
}

/** tanh(i / 128) at i modulo 8192, i from -4096 to 4095; what is near 0 is near in memory */
const TABLE: usize = memory.data(8192 * 8, 64)
const TABLE_MASK: usize = 8191 * 8

/** Must be called once, before anything else. */
export function fillTable (): void {
  for (let i = -4096; i < 4096; i++) store<f64>(TABLE + ((<usize>i << 3) & TABLE_MASK), NativeMath.tanh(<f64>i / 128))
}

/** x = k ln 2 + 2 h, s = 2^k, g = h coth h: e^x = s (g + h) / (g - h), and the sigmoid is s (g + h) / (s (g + h) + (g - h)). */
// @ts-ignore: decorator
@inline
function sigmoid (x: v128): v128 {
  const a = f64x2.pmax(f64x2.pmin(x, both(EXP_LIMIT)), both(MINUS_EXP_LIMIT))
  const t = f64x2.add(f64x2.mul(a, both(ONE_OVER_LN2)), both(ROUNDER))
  const h = reduce(f64x2.mul(a, both(HALF)), f64x2.sub(t, both(ROUNDER)))
  const g = f64x2.add(both(ONE), hCothHLessOne(h))
  const above = f64x2.mul(powerOfTwo(t), f64x2.add(g, h))
  return f64x2.div(above, f64x2.add(above, f64x2.sub(g, h)))
}

/** a - k ln 2 / 2 */
// @ts-ignore: decorator
@inline
function reduce (a: v128, k: v128): v128 {
  return f64x2.sub(f64x2.sub(a, f64x2.mul(k, both(HALF_LN2_HIGH))), f64x2.mul(k, both(HALF_LN2_LOW)))
}

// @ts-ignore: decorator
@inline
function hCothHLessOne (h: v128): v128 {
  const z = f64x2.mul(h, h)
  const zz = f64x2.mul(z, z)
  const low = f64x2.add(both(Q1), f64x2.mul(z, both(Q2)))
  const middle = f64x2.add(both(Q3), f64x2.mul(z, both(Q4)))
  const high = f64x2.add(middle, f64x2.mul(zz, both(Q5)))
  return f64x2.mul(z, f64x2.add(low, f64x2.mul(zz, high)))
}

/** 2^k as bits, from k + ROUNDER. */
// @ts-ignore: decorator
@inline
function powerOfTwo (t: v128): v128 {
  return i64x2.shl(i64x2.add(t, both(EXPONENT_BIAS)), 52)
}

// @ts-ignore: decorator
@inline
function sin (x: v128): v128 {
  if (isLarge(x)) return sinOfLarge(x)
  const t = turns(x)
  const r = withoutTurns(x, t)
  return rotated(t, sinNearZero(r), cosNearZero(r))
}

/** sin x; writes the cosines to `cosine`. */
// @ts-ignore: decorator
@inline
export function sinAndCos (x: v128, cosine: usize): v128 {
  if (isLarge(x)) {
    v128.store(cosine, cosOfLarge(x))
    return sinOfLarge(x)
  }
  const t = turns(x)
  const r = withoutTurns(x, t)
  const s = sinNearZero(r)
  const c = cosNearZero(r)
  v128.store(cosine, rotated(i64x2.add(t, both(ONE_BIT)), s, c))
  return rotated(t, s, c)
}

// @ts-ignore: decorator
@inline
function isLarge (x: v128): bool {
  return v128.any_true(f64x2.gt(f64x2.abs(x), both(SIN_LIMIT)))
}

/** The nearest number of quarter turns, in the low bits. */
// @ts-ignore: decorator
@inline
function turns (x: v128): v128 {
  return f64x2.add(f64x2.mul(x, both(TWO_OVER_PI)), both(ROUNDER))
}

// @ts-ignore: decorator
@inline
function withoutTurns (x: v128, t: v128): v128 {
  const k = f64x2.sub(t, both(ROUNDER))
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, both(HALF_PI_1))), f64x2.mul(k, both(HALF_PI_2)))
  return f64x2.sub(r, f64x2.mul(k, both(HALF_PI_3)))
}

/** Sine of |r| <= pi / 4. */
// @ts-ignore: decorator
@inline
function sinNearZero (r: v128): v128 {
  const z = f64x2.mul(r, r)
  const zz = f64x2.mul(z, z)
  const low = f64x2.add(both(S1), f64x2.mul(z, both(S2)))
  const middle = f64x2.add(both(S3), f64x2.mul(z, both(S4)))
  const high = f64x2.add(both(S5), f64x2.mul(z, both(S6)))
  const sum = f64x2.add(low, f64x2.mul(zz, f64x2.add(middle, f64x2.mul(zz, high))))
  return f64x2.add(r, f64x2.mul(f64x2.mul(z, r), sum))
}

/** Cosine of |r| <= pi / 4: 1 - z / 2 in two parts, so that what the first rounding lost goes to the small terms. */
// @ts-ignore: decorator
@inline
function cosNearZero (r: v128): v128 {
  const z = f64x2.mul(r, r)
  const zz = f64x2.mul(z, z)
  const low = f64x2.add(both(C1), f64x2.mul(z, both(C2)))
  const middle = f64x2.add(both(C3), f64x2.mul(z, both(C4)))
  const high = f64x2.add(both(C5), f64x2.mul(z, both(C6)))
  const sum = f64x2.add(low, f64x2.mul(zz, f64x2.add(middle, f64x2.mul(zz, high))))
  const half = f64x2.mul(z, both(HALF))
  const head = f64x2.sub(both(ONE), half)
  const lost = f64x2.sub(f64x2.sub(both(ONE), head), half)
  return f64x2.add(head, f64x2.add(lost, f64x2.mul(zz, sum)))
}

/** Sine after the quarter turns in t of an angle with sine s and cosine c. */
// @ts-ignore: decorator
@inline
function rotated (t: v128, s: v128, c: v128): v128 {
  const isOdd = i64x2.eq(v128.and(t, both(ONE_BIT)), both(ONE_BIT))
  const flip = i64x2.shl(v128.and(t, both(TWO_BIT)), 62)
  return v128.xor(v128.bitselect(c, s, isOdd), flip)
}

function sinOfLarge (x: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(NativeMath.sin(f64x2.extract_lane(x, 0))), 1, NativeMath.sin(f64x2.extract_lane(x, 1)))
}

function cosOfLarge (x: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(NativeMath.cos(f64x2.extract_lane(x, 0))), 1, NativeMath.cos(f64x2.extract_lane(x, 1)))
}
