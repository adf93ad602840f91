/** What colours cost by mixtures of Gaussians, and what they add to these (AssemblyScript): ../colours/mixture.ts has the equations. */
import { channels, first, four, high, low, second, third } from './planes'

/** Bytes of a Gaussian: f64[10] */
const SIZE: usize = 80
const UNLABELLED: u8 = 255

/** A number of a Gaussian, twice. */
// @ts-ignore: decorator
@inline
function number (gaussian: usize, i: usize): v128 {
  return v128.load64_splat(gaussian + (i << 3))
}

/** The squares and products of two colours less the mean, weighed. */
// @ts-ignore: decorator
@inline
function distance (x: v128, y: v128, z: v128, xx: v128, yy: v128, zz: v128, xy: v128, xz: v128, yz: v128): v128 {
  const own = f64x2.add(f64x2.mul(f64x2.mul(x, x), xx), f64x2.add(f64x2.mul(f64x2.mul(y, y), yy), f64x2.mul(f64x2.mul(z, z), zz)))
  const mixed = f64x2.add(f64x2.mul(f64x2.mul(x, y), xy), f64x2.add(f64x2.mul(f64x2.mul(x, z), xz), f64x2.mul(f64x2.mul(y, z), yz)))
  return f64x2.add(f64x2.mul(f64x2.splat(0.5), own), mixed)
}

/**
 * Writes D of every pixel, and which Gaussian gives it. Four pixels share what is read of a Gaussian.
 * @param gaussians f64[components, 10]
 * @param into      f64[pixels, rounded up to four]
 * @param likeliest u8[pixels, rounded up to four]
 */
export function costs (pixels: usize, gaussians: usize, components: i32, into: usize, likeliest: usize): void {
  for (let p: usize = 0; p < pixels; p += 4) {
    const reds = four(first + p)
    const greens = four(second + p)
    const blues = four(third + p)
    let least = f64x2.splat(Infinity)
    let leastOfHigh = least
    let best = i32x4.splat(0)
    for (let k = 0; k < components; k++) {
      const gaussian = gaussians + <usize>k * SIZE
      const constant = number(gaussian, 0)
      const red = number(gaussian, 1)
      const green = number(gaussian, 2)
      const blue = number(gaussian, 3)
      const xx = number(gaussian, 4)
      const yy = number(gaussian, 5)
      const zz = number(gaussian, 6)
      const xy = number(gaussian, 7)
      const xz = number(gaussian, 8)
      const yz = number(gaussian, 9)
      const ofLow = f64x2.add(constant, distance(
        f64x2.sub(low(reds), red), f64x2.sub(low(greens), green), f64x2.sub(low(blues), blue), xx, yy, zz, xy, xz, yz))
      const ofHigh = f64x2.add(constant, distance(
        f64x2.sub(high(reds), red), f64x2.sub(high(greens), green), f64x2.sub(high(blues), blue), xx, yy, zz, xy, xz, yz))
      const isLess = v128.shuffle<i32>(f64x2.lt(ofLow, least), f64x2.lt(ofHigh, leastOfHigh), 0, 2, 4, 6)
      least = f64x2.pmin(least, ofLow)
      leastOfHigh = f64x2.pmin(leastOfHigh, ofHigh)
      best = i32x4.max_s(best, v128.and(isLess, i32x4.splat(k))) // later ones have higher numbers
    }
    v128.store(into + (p << 3), least)
    v128.store(into + (p << 3), leastOfHigh, 16)
    const narrow = i16x8.narrow_i32x4_u(best, best)
    v128.store32_lane(likeliest + p, i8x16.narrow_i16x8_u(narrow, narrow), 0)
  }
}

/**
 * Writes the colours of the pixels of a label, one behind the other.
 * @param into u8[count, channels]
 * @returns count
 */
export function gather (pixels: usize, label: i32, labelling: usize, into: usize): i32 {
  const wanted = i8x16.splat(<i8>label)
  let at = into
  for (let p: usize = 0; p < pixels; p += 16) {
    let found = i8x16.bitmask(i8x16.eq(v128.load(labelling + p), wanted))
    if (pixels - p < 16) found &= (1 << <i32>(pixels - p)) - 1
    for (; found !== 0; found &= found - 1) {
      const q = p + <usize>ctz(found)
      store<u8>(at, load<u8>(first + q))
      if (channels > 1) {
        store<u8>(at, load<u8>(second + q), 1)
        store<u8>(at, load<u8>(third + q), 2)
      }
      at += channels
    }
  }
  return <i32>(at - into) / channels
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
