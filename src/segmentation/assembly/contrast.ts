/** Squared differences of colours of neighbours, and what they weigh (AssemblyScript): ../contrast.ts. Four pixels at once. */
import { exponential } from '../../math/assembly/exponential'
import { channels, first, four, high, low, second, third } from './planes'

// @ts-ignore: decorator
@inline
function square (plane: usize, p: usize, way: usize): v128 {
  const difference = i32x4.sub(four(plane + p), four(plane + p + way))
  return i32x4.mul(difference, difference)
}

/** |I_p - I_q|^2 of four pixels and their neighbours, `way` pixels on. */
// @ts-ignore: decorator
@inline
function squares (p: usize, way: usize): v128 {
  const one = square(first, p, way)
  return channels === 1 ? one : i32x4.add(one, i32x4.add(square(second, p, way), square(third, p, way)))
}

/** The sum of the squares of pixels from one on. */
export function sumSquares (from: usize, until: usize, way: usize): f64 {
  let sums = f64x2.splat(0)
  let p = from
  for (; p + 4 <= until; p += 4) {
    const all = squares(p, way)
    sums = f64x2.add(sums, f64x2.add(low(all), high(all)))
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  for (; p < until; p++) sum += i32x4.extract_lane(squares(p, way), 0)
  return sum
}

/** Writes most exp(exponent |I_p - I_q|^2) of pixels from one on. @param into f64[pixels] */
export function weigh (from: usize, until: usize, way: usize, most: f64, exponent: f64, into: usize): void {
  const factor = f64x2.splat(most)
  const scale = f64x2.splat(exponent)
  let p = from
  for (; p + 4 <= until; p += 4) {
    const all = squares(p, way)
    v128.store(into + (p << 3), f64x2.mul(factor, exponential(f64x2.mul(scale, low(all)))))
    v128.store(into + (p << 3), f64x2.mul(factor, exponential(f64x2.mul(scale, high(all)))), 16)
  }
  for (; p < until; p++) {
    const weights = f64x2.mul(factor, exponential(f64x2.mul(scale, low(squares(p, way)))))
    store<f64>(into + (p << 3), f64x2.extract_lane(weights, 0))
  }
}
