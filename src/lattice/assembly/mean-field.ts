/**
 * An update of mean field for all pixels (AssemblyScript): ../mean-field.ts has the equation. Pixels by blocks and two at once, so
 * that what lies together is read together: planes are often a power of two apart, and would share a cache line.
 */
import { exponential } from '../../math/assembly/exponential'

/** A label that costs so much more than the best one has q = 0 (it would be 1e-30): tiny numbers are slow to compute with. */
const FARTHEST: f64 = 69
/** pixels */
const BLOCK: usize = 256
/** bytes of f64[BLOCK] */
const ROW: usize = 2048

/** Of the last update: the largest change of a q, and sums over all q: q U, and -q ln q but for the logarithms of the sums. */
let change: f64 = 0
let unary: f64 = 0
let entropy: f64 = 0

export function changeOf (): f64 {
  return change
}

export function unaryOf (): f64 {
  return unary
}

export function entropyOf (): f64 {
  return entropy
}

// @ts-ignore: decorator
@inline
function two (at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at))
}

/** All of two numbers, or the first alone, where the second is of another plane or of none. */
// @ts-ignore: decorator
@inline
function taken (p: usize, size: usize): v128 {
  return i64x2(-1, p + 1 < size ? -1 : 0)
}

// @ts-ignore: decorator
@inline
function sumOf (two: v128): f64 {
  return f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1)
}

/**
 * q = softmax(-U - messages), and what is summed of it.
 * @param points   f64 and f32 planes are [labels, points], with a number behind them that may be read
 * @param costs    f64: U
 * @param messages f32: what pixels hear
 * @param degrees  f32[points], where a message is what degree - message says; 0 for none
 * @param q        f32
 * @param sums     f64[points + 1]: sum of the powers of the least cost's excess, whose logarithms entropy lacks
 * @param room     (2 labels + 1) rows
 */
export function update (points: usize, labels: i32, costs: usize, messages: usize, degrees: usize, q: usize, sums: usize, room: usize): void {
  change = 0
  unary = 0
  entropy = 0
  const powers = room + <usize>labels * ROW
  const least = powers + <usize>labels * ROW
  for (let from: usize = 0; from < points; from += BLOCK) {
    const size = min(BLOCK, points - from)
    const total = sums + (from << 3)
    for (let p: usize = 0; p < size; p += 2) {
      v128.store(least + (p << 3), f64x2.splat(Infinity))
      v128.store(total + (p << 3), f64x2.splat(0))
    }
    for (let label = 0; label < labels; label++) {
      const at = <usize>label * points + from
      const row = <usize>label * ROW
      addCosts(room + row, least, costs + (at << 3), messages + (at << 2), degrees === 0 ? 0 : degrees + (from << 2), size)
    }
    for (let label = 0; label < labels; label++) takePowers(room + <usize>label * ROW, powers + <usize>label * ROW, least, total, size)
    for (let p: usize = 0; p < size; p += 2) v128.store(least + (p << 3), f64x2.div(f64x2.splat(1), v128.load(total + (p << 3))))
    for (let label = 0; label < labels; label++) {
      const at = <usize>label * points + from
      const row = <usize>label * ROW
      share(room + row, powers + row, least, costs + (at << 3), q + (at << 2), size)
    }
  }
}

function addCosts (into: usize, least: usize, costs: usize, messages: usize, degrees: usize, size: usize): void {
  for (let p: usize = 0; p < size; p += 2) {
    const message = two(messages + (p << 2))
    const heard = degrees === 0 ? message : f64x2.sub(two(degrees + (p << 2)), message)
    const cost = f64x2.add(v128.load(costs + (p << 3)), heard)
    v128.store(into + (p << 3), cost)
    v128.store(least + (p << 3), f64x2.pmin(v128.load(least + (p << 3)), cost))
  }
}

/** Costs become what they are above the least. */
function takePowers (costs: usize, powers: usize, least: usize, total: usize, size: usize): void {
  for (let p: usize = 0; p < size; p += 2) {
    const above = f64x2.sub(v128.load(costs + (p << 3)), v128.load(least + (p << 3)))
    const power = v128.andnot(exponential(f64x2.neg(above)), f64x2.gt(above, f64x2.splat(FARTHEST)))
    v128.store(costs + (p << 3), above)
    v128.store(powers + (p << 3), power)
    v128.store(total + (p << 3), f64x2.add(v128.load(total + (p << 3)), power))
  }
}

/** @param inverse of the sums of powers */
function share (above: usize, powers: usize, inverse: usize, costs: usize, q: usize, size: usize): void {
  let changes = f64x2.splat(0)
  let expected = f64x2.splat(0)
  let lost = f64x2.splat(0)
  for (let p: usize = 0; p < size; p += 2) {
    const power = v128.load(powers + (p << 3))
    const value = f64x2.mul(power, v128.load(inverse + (p << 3)))
    const at = q + (p << 2)
    const isTaken = taken(p, size)
    changes = f64x2.pmax(changes, v128.and(isTaken, f64x2.abs(f64x2.sub(value, two(at)))))
    if (p + 1 < size) v128.store_lane<i64>(at, f32x4.demote_f64x2_zero(value), 0)
    else v128.store_lane<f32>(at, f32x4.demote_f64x2_zero(value), 0)
    const isNone = v128.or(v128.not(isTaken), f64x2.eq(power, f64x2.splat(0))) // Infinity may be its cost
    expected = f64x2.add(expected, v128.andnot(f64x2.mul(value, v128.load(costs + (p << 3))), isNone))
    lost = f64x2.add(lost, v128.andnot(f64x2.mul(value, v128.load(above + (p << 3))), isNone)) // -ln q is this + ln sum
  }
  change = max(change, max(f64x2.extract_lane(changes, 0), f64x2.extract_lane(changes, 1)))
  unary += sumOf(expected)
  entropy += sumOf(lost)
}

/** q . messages, with degrees as above. */
export function product (points: usize, labels: i32, q: usize, messages: usize, degrees: usize): f64 {
  let sum = f64x2.splat(0)
  for (let label = 0; label < labels; label++) {
    const plane = <usize>label * points << 2
    for (let p: usize = 0; p < points; p += 2) {
      const at = plane + (p << 2)
      const message = two(messages + at)
      const heard = degrees === 0 ? message : f64x2.sub(two(degrees + (p << 2)), message)
      sum = f64x2.add(sum, v128.and(taken(p, points), f64x2.mul(two(q + at), heard)))
    }
  }
  return sumOf(sum)
}
