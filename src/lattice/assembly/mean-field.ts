/**
 * An update of mean field for all pixels (AssemblyScript): ../mean-field.ts has the equation. Pixels by blocks and four at once, so
 * that what lies together is read together: planes are often a power of two apart, and would share a cache line. Numbers are
 * float32, as messages are; sums over blocks are float64.
 */
import { exponentOf, fractionOf, log2, noExponent } from '../../math/assembly/logarithm'
import { exponential } from './exponential'

/** A label that costs so much more than the best one has q = 0 (it would be 1e-30): tiny numbers are slow to compute with. */
const FARTHEST: f32 = 69
const LN2: f64 = 0.69314718055994530942
/** pixels; the product of so many sums of labels is finite */
const BLOCK: usize = 128
/** bytes of f32[BLOCK] */
const ROW: usize = 512

/** Of the last update: the largest change of a q, and sums over all q: q U, -q ln q. */
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

/** Of four numbers those that are of this plane: the rest is of another, or of none. */
// @ts-ignore: decorator
@inline
function taken (p: usize, size: usize): v128 {
  return i32x4.lt_u(i32x4.add(i32x4.splat(<i32>p), i32x4(0, 1, 2, 3)), i32x4.splat(<i32>size))
}

// @ts-ignore: decorator
@inline
function firstTwo (four: v128): v128 {
  return f64x2.promote_low_f32x4(four)
}

// @ts-ignore: decorator
@inline
function lastTwo (four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 1))
}

// @ts-ignore: decorator
@inline
function sumOf (four: v128): f64 {
  const two = f64x2.add(firstTwo(four), lastTwo(four))
  return f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1)
}

/**
 * q = softmax(-U - messages), and what is summed of it.
 * @param points   planes are f32[labels, points], with three numbers behind them that may be read
 * @param costs    U
 * @param messages what pixels hear
 * @param degrees  f32[points], where a message is what degree - message says; 0 for none
 * @param room     2 labels + 2 rows
 */
export function update (points: usize, labels: i32, costs: usize, messages: usize, degrees: usize, q: usize, room: usize): void {
  change = 0
  unary = 0
  entropy = 0
  const powers = room + <usize>labels * ROW
  const least = powers + <usize>labels * ROW
  const total = least + ROW
  for (let from: usize = 0; from < points; from += BLOCK) {
    const size = min(BLOCK, points - from)
    for (let p: usize = 0; p < size; p += 4) {
      v128.store(least + (p << 2), f32x4.splat(Infinity))
      v128.store(total + (p << 2), f32x4.splat(0))
    }
    for (let label = 0; label < labels; label++) {
      const at = (<usize>label * points + from) << 2
      addCosts(room + <usize>label * ROW, least, costs + at, messages + at, degrees === 0 ? 0 : degrees + (from << 2), size)
    }
    for (let label = 0; label < labels; label++) takePowers(room + <usize>label * ROW, powers + <usize>label * ROW, least, total, size)
    invert(total, size)
    for (let label = 0; label < labels; label++) {
      const at = (<usize>label * points + from) << 2
      share(room + <usize>label * ROW, powers + <usize>label * ROW, total, costs + at, q + at, size)
    }
  }
}

function addCosts (into: usize, least: usize, costs: usize, messages: usize, degrees: usize, size: usize): void {
  for (let at: usize = 0; at < size << 2; at += 16) {
    const message = v128.load(messages + at)
    const heard = degrees === 0 ? message : f32x4.sub(v128.load(degrees + at), message)
    const cost = f32x4.add(v128.load(costs + at), heard)
    v128.store(into + at, cost)
    v128.store(least + at, f32x4.pmin(v128.load(least + at), cost))
  }
}

/** Costs become what they are above the least. */
function takePowers (costs: usize, powers: usize, least: usize, total: usize, size: usize): void {
  for (let at: usize = 0; at < size << 2; at += 16) {
    const above = f32x4.sub(v128.load(costs + at), v128.load(least + at))
    const power = v128.andnot(exponential(f32x4.neg(above)), f32x4.gt(above, f32x4.splat(FARTHEST)))
    v128.store(costs + at, above)
    v128.store(powers + at, power)
    v128.store(total + at, f32x4.add(v128.load(total + at), power))
  }
}

/** Puts 1 / total in place of sums of powers, whose logarithms are the part of the entropy that all labels share. */
function invert (total: usize, size: usize): void {
  let product = f64x2.splat(1)
  for (let p: usize = 0; p < size; p += 4) {
    const at = total + (p << 2)
    const sum = v128.bitselect(v128.load(at), f32x4.splat(1), taken(p, size))
    product = f64x2.mul(product, f64x2.mul(firstTwo(sum), lastTwo(sum)))
    v128.store(at, f32x4.div(f32x4.splat(1), sum))
  }
  const logs = log2(fractionOf(product), i64x2.add(noExponent(), exponentOf(product)))
  entropy += LN2 * (f64x2.extract_lane(logs, 0) + f64x2.extract_lane(logs, 1))
}

/** @param inverse of the sums of powers */
function share (above: usize, powers: usize, inverse: usize, costs: usize, q: usize, size: usize): void {
  let changes = f32x4.splat(0)
  let expected = f32x4.splat(0)
  let lost = f32x4.splat(0)
  for (let p: usize = 0; p < size; p += 4) {
    const at = p << 2
    const isTaken = taken(p, size)
    const power = v128.load(powers + at)
    const value = f32x4.mul(power, v128.load(inverse + at))
    changes = f32x4.pmax(changes, v128.and(isTaken, f32x4.abs(f32x4.sub(value, v128.load(q + at)))))
    if (p + 4 <= size) v128.store(q + at, value)
    else storeFirst(q + at, value, size - p)
    const isNone = v128.or(v128.not(isTaken), f32x4.eq(power, f32x4.splat(0))) // Infinity may be its cost
    expected = f32x4.add(expected, v128.andnot(f32x4.mul(value, v128.load(costs + at)), isNone))
    lost = f32x4.add(lost, v128.andnot(f32x4.mul(value, v128.load(above + at)), isNone)) // -ln q is this + ln total
  }
  changes = f32x4.pmax(changes, v128.shuffle<i64>(changes, changes, 1, 1))
  change = max(change, max(<f64>f32x4.extract_lane(changes, 0), <f64>f32x4.extract_lane(changes, 1)))
  unary += sumOf(expected)
  entropy += sumOf(lost)
}

/** Stores the first one to three numbers. */
function storeFirst (at: usize, values: v128, count: usize): void {
  v128.store_lane<f32>(at, values, 0)
  if (count > 1) v128.store_lane<f32>(at, values, 1, 4)
  if (count > 2) v128.store_lane<f32>(at, values, 2, 8)
}

/** q . messages, with degrees as above. */
export function product (points: usize, labels: i32, q: usize, messages: usize, degrees: usize): f64 {
  let first = f64x2.splat(0)
  let last = f64x2.splat(0)
  for (let label = 0; label < labels; label++) {
    const plane = <usize>label * points << 2
    for (let p: usize = 0; p < points; p += 4) {
      const at = plane + (p << 2)
      const message = v128.load(messages + at)
      const heard = degrees === 0 ? message : f32x4.sub(v128.load(degrees + (p << 2)), message)
      const part = v128.and(taken(p, points), f32x4.mul(v128.load(q + at), heard))
      first = f64x2.add(first, firstTwo(part))
      last = f64x2.add(last, lastTwo(part))
    }
  }
  const sums = f64x2.add(first, last)
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
}
