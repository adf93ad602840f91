/**
 * e^x of four float32 at once (AssemblyScript), -87 <= x <= 0, within two units of the last place. No fused multiply-add and no
 * approximate instruction is used, so the bits are the same on every machine.
 */

// Constants are read, not named: a loop that names more than there are registers builds some anew in every turn (V8).

/** Adding it leaves a number's nearest integer in the low bits: 1.5 * 2^23. */
const ROUNDER = memory.data<f32>([12582912])
const ONE_OVER_LN2 = memory.data<f32>([1.44269504088896340736])
// ln 2 in two parts; the first has 9 bits, so that its product with an exponent is exact.
const LN2_HIGH = memory.data<f32>([0.693359375])
const LN2_LOW = memory.data<f32>([-2.12194440e-4])
// e^r = 1 + r + r² (P0 + r (P1 + ...)), |r| <= ln 2 / 2: the coefficients of Cephes' expf.c
const P0 = memory.data<f32>([5.0000001201e-1])
const P1 = memory.data<f32>([1.6666665459e-1])
const P2 = memory.data<f32>([4.1665795894e-2])
const P3 = memory.data<f32>([8.3334519073e-3])
const P4 = memory.data<f32>([1.3981999507e-3])
const P5 = memory.data<f32>([1.9875691500e-4])
const ONE = memory.data<f32>([1])
const EXPONENT_BIAS = memory.data<i32>([127])

// @ts-ignore: decorator
@inline
function all (constant: usize): v128 {
  return v128.load32_splat(constant)
}

/** e^x = 2^k e^r */
// @ts-ignore: decorator
@inline
export function exponential (x: v128): v128 {
  const t = f32x4.add(f32x4.mul(x, all(ONE_OVER_LN2)), all(ROUNDER)) // k in the low bits
  const k = f32x4.sub(t, all(ROUNDER))
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, all(LN2_HIGH))), f32x4.mul(k, all(LN2_LOW)))
  let p = f32x4.add(all(P4), f32x4.mul(r, all(P5)))
  p = f32x4.add(all(P3), f32x4.mul(r, p))
  p = f32x4.add(all(P2), f32x4.mul(r, p))
  p = f32x4.add(all(P1), f32x4.mul(r, p))
  p = f32x4.add(all(P0), f32x4.mul(r, p))
  const e = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), all(ONE))
  return f32x4.mul(e, i32x4.shl(i32x4.add(t, all(EXPONENT_BIAS)), 23))
}
