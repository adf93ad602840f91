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

/** Squares are whole numbers, and of neighbours in photographs 89 to 98 % are below it (three of them): their weights are looked up. */
const TABULATED: i32 = 4096
const table = memory.data(8 * TABULATED)
let exponentOfTable: f64 = NaN

/** Writes exp(exponent square) of the first squares. */
function tabulate (exponent: f64): void {
  exponentOfTable = exponent
  const scale = f64x2.splat(exponent)
  for (let square = 0; square < TABULATED; square += 2) {
    v128.store(table + (<usize>square << 3), exponential(f64x2.mul(scale, f64x2(<f64>square, <f64>(square + 1)))))
  }
}

// @ts-ignore: decorator
@inline
function lookUp (one: i32, other: i32): v128 {
  return v128.load64_lane(table + (<usize>other << 3), v128.load64_zero(table + (<usize>one << 3)), 1)
}

/** Writes most exp(exponent |I_p - I_q|^2) of pixels from one on. @param into f64[pixels] */
export function weigh (from: usize, until: usize, way: usize, most: f64, exponent: f64, into: usize): void {
  if (exponent !== exponentOfTable) tabulate(exponent)
  const factor = f64x2.splat(most)
  const scale = f64x2.splat(exponent)
  let p = from
  for (; p + 4 <= until; p += 4) {
    const all = squares(p, way)
    let one: v128
    let other: v128
    if (i32x4.all_true(i32x4.lt_s(all, i32x4.splat(TABULATED)))) {
      one = lookUp(i32x4.extract_lane(all, 0), i32x4.extract_lane(all, 1))
      other = lookUp(i32x4.extract_lane(all, 2), i32x4.extract_lane(all, 3))
    } else {
      one = exponential(f64x2.mul(scale, low(all)))
      other = exponential(f64x2.mul(scale, high(all)))
    }
    v128.store(into + (p << 3), f64x2.mul(factor, one))
    v128.store(into + (p << 3), f64x2.mul(factor, other), 16)
  }
  for (; p < until; p++) {
    const weights = f64x2.mul(factor, exponential(f64x2.mul(scale, low(squares(p, way)))))
    store<f64>(into + (p << 3), f64x2.extract_lane(weights, 0))
  }
}
