/** What colours cost by mixtures of Gaussians, and what they add to these (AssemblyScript): ../colours/mixture.ts has the equations. */
import { first, four, high, low, second, third } from './planes'

/** Bytes of a Gaussian: f64[10] */
const SIZE: usize = 80
const UNLABELLED: u8 = 255

// @ts-ignore: decorator
@inline
function number (gaussian: usize, i: usize): v128 {
  return v128.load64_splat(gaussian + (i << 3))
}

/** D of two colours by one Gaussian. */
// @ts-ignore: decorator
@inline
function costOf (gaussian: usize, red: v128, green: v128, blue: v128): v128 {
  const x = f64x2.sub(red, number(gaussian, 1))
  const y = f64x2.sub(green, number(gaussian, 2))
  const z = f64x2.sub(blue, number(gaussian, 3))
  const own = f64x2.add(f64x2.mul(f64x2.mul(x, x), number(gaussian, 4)),
    f64x2.add(f64x2.mul(f64x2.mul(y, y), number(gaussian, 5)), f64x2.mul(f64x2.mul(z, z), number(gaussian, 6))))
  const mixed = f64x2.add(f64x2.mul(f64x2.mul(x, y), number(gaussian, 7)),
    f64x2.add(f64x2.mul(f64x2.mul(x, z), number(gaussian, 8)), f64x2.mul(f64x2.mul(y, z), number(gaussian, 9))))
  return f64x2.add(number(gaussian, 0), f64x2.add(f64x2.mul(f64x2.splat(0.5), own), mixed))
}

/**
 * Writes D of every pixel, and which Gaussian gives it.
 * @param gaussians f64[components, 10]
 * @param into      f64[pixels, rounded up to four]
 * @param likeliest u8[pixels, rounded up to four]
 */
export function costs (pixels: usize, gaussians: usize, components: i32, into: usize, likeliest: usize): void {
  for (let p: usize = 0; p < pixels; p += 4) {
    const red = four(first + p)
    const green = four(second + p)
    const blue = four(third + p)
    twoCosts(low(red), low(green), low(blue), gaussians, components, into + (p << 3), likeliest + p)
    twoCosts(high(red), high(green), high(blue), gaussians, components, into + (p << 3) + 16, likeliest + p + 2)
  }
}

// @ts-ignore: decorator
@inline
function twoCosts (red: v128, green: v128, blue: v128, gaussians: usize, components: i32, into: usize, likeliest: usize): void {
  let least = f64x2.splat(Infinity)
  let best = i64x2.splat(0)
  for (let k = 0; k < components; k++) {
    const cost = costOf(gaussians + <usize>k * SIZE, red, green, blue)
    const isLess = f64x2.lt(cost, least)
    least = v128.bitselect(cost, least, isLess)
    best = v128.bitselect(i64x2.splat(k), best, isLess)
  }
  v128.store(into, least)
  store<u8>(likeliest, <u8>i64x2.extract_lane(best, 0))
  store<u8>(likeliest, <u8>i64x2.extract_lane(best, 1), 1)
}

/**
 * Adds the colours of the pixels of a label to the moments of the Gaussians that they take: count, sums, sums of squares and
 * products in the order of a Gaussian.
 * @param seeds u8[pixels]
 * @param own, found f64[components, 10]: of the label's seeds, and of its other pixels
 */
export function addMoments (pixels: usize, label: i32, labelling: usize, seeds: usize, likeliest: usize, own: usize, found: usize): void {
  for (let p: usize = 0; p < pixels; p++) {
    if (<i32>load<u8>(labelling + p) !== label) continue
    const into = (load<u8>(seeds + p) === UNLABELLED ? found : own) + <usize>load<u8>(likeliest + p) * SIZE
    const x = <f64>load<u8>(first + p)
    const y = <f64>load<u8>(second + p)
    const z = <f64>load<u8>(third + p)
    add(into, 0, 1)
    add(into, 1, x)
    add(into, 2, y)
    add(into, 3, z)
    add(into, 4, x * x)
    add(into, 5, y * y)
    add(into, 6, z * z)
    add(into, 7, x * y)
    add(into, 8, x * z)
    add(into, 9, y * z)
  }
}

// @ts-ignore: decorator
@inline
function add (moments: usize, i: usize, value: f64): void {
  const at = moments + (i << 3)
  store<f64>(at, load<f64>(at) + value)
}
