/**
 * Minus the sum rate of instances, and its gradient (AssemblyScript, compiled to kernels.wasm by scripts/setup/build.mjs). Two
 * instances are computed at once, one in each half of a vector: what one of them gets does not depend on the other. All
 * pointers are bytes of the exported memory, which JavaScript lays out and grows; ../kernels.ts has the contracts.
 */
import { sigmoid } from '../../../../../math/assembly/exponential'
import { exponentOf, fractionOf, log2, noExponent } from '../../../../../math/assembly/logarithm'

/** Written by the JavaScript side (../objective.ts). */
// @ts-ignore: decorator
@unmanaged
class Problem {
  noise: f64
  power: f64
  count: i32
  /** K */
  users: i32
  /** whether states are logits; they are powers otherwise */
  isLogit: i32
  /** [pairs, K + 1, K, 2]: gains by receivers, 0 on the diagonal, which lies behind; the last of an odd number is its own partner */
  gains: usize
  /** [4, K, 2]: p, dp / dstate, and of each receiver the interference, then 1 / total - 1 / interference, and 1 / total */
  room: usize
}

/** The first free byte. */
export function heapBase (): usize {
  return (__heap_base + 15) & ~15
}

/** Of every pair of which one is active. @param active [count] bytes; 0: all are @param into 0: only values */
export function evaluate (problem: Problem, states: usize, values: usize, into: usize, active: usize): void {
  const count = problem.count
  const bytes: usize = problem.users * 8
  const bytesOfPair: usize = problem.users * (problem.users + 1) * 16
  let gains = problem.gains
  for (let n = 0; n < count; n += 2) {
    const other = n + 1 < count ? n + 1 : n
    if (active == 0 || load<u8>(active + n) != 0 || load<u8>(active + other) != 0) {
      setPowers(problem, states + n * bytes, states + other * bytes)
      const value = look(problem, gains)
      v128.store64_lane(values + n * 8, value, 0)
      v128.store64_lane(values + other * 8, value, 1)
      if (into != 0) gather(problem, gains, into + n * bytes, into + other * bytes)
    }
    gains += bytesOfPair
  }
}

/** p and dp / dstate. @param first, second states of the two, [K] */
// @ts-ignore: decorator
@inline
function setPowers (problem: Problem, first: usize, second: usize): void {
  const bytes: usize = problem.users * 8
  const power = f64x2.splat(problem.power)
  const p = problem.room
  const slopes = p + 2 * bytes
  for (let k: usize = 0; k < bytes; k += 8) {
    const state = v128.load64_lane(second + k, v128.load64_zero(first + k), 1)
    if (problem.isLogit) {
      const part = sigmoid(state)
      v128.store(p + 2 * k, f64x2.mul(power, part))
      v128.store(slopes + 2 * k, f64x2.mul(f64x2.mul(power, part), f64x2.sub(f64x2.splat(1), part)))
    } else {
      v128.store(p + 2 * k, state)
      v128.store(slopes + 2 * k, f64x2.splat(1))
    }
  }
}

/**
 * Minus the sum of log2(total / interference), as one logarithm of their product, whose exponent is counted apart. Leaves
 * 1 / total and 1 / total - 1 / interference = -own / (total interference) of each receiver, which gather() needs.
 */
// @ts-ignore: decorator
@inline
function look (problem: Problem, gains: usize): v128 {
  const bytes: usize = problem.users * 16
  const p = problem.room
  const costs = p + 2 * bytes
  const totals = costs + bytes
  const diagonal = gains + <usize>problem.users * bytes
  interfere(gains, p, problem.noise, bytes, costs)
  let fraction = f64x2.splat(1)
  let exponent = noExponent()
  let isNumber = i64x2.splat(-1)
  for (let i: usize = 0; i < bytes; i += 16) {
    const interference = v128.load(costs + i)
    const own = f64x2.mul(v128.load(diagonal + i), v128.load(p + i))
    const total = f64x2.add(interference, own)
    const a = f64x2.div(f64x2.splat(1), total)
    const b = f64x2.div(f64x2.splat(1), interference)
    v128.store(totals + i, a)
    v128.store(costs + i, f64x2.neg(f64x2.mul(f64x2.mul(own, a), b)))
    const ratio = f64x2.mul(total, b)
    isNumber = v128.and(isNumber, v128.and(f64x2.gt(ratio, f64x2.splat(0)), f64x2.lt(ratio, f64x2.splat(Infinity))))
    fraction = f64x2.mul(fraction, ratio)
    exponent = i64x2.add(exponent, exponentOf(fraction))
    fraction = fractionOf(fraction)
  }
  return v128.bitselect(f64x2.neg(log2(fraction, exponent)), f64x2.splat(NaN), isNumber)
}

/** into = noise + gains p, four receivers at once, for what they share is loaded once. */
// @ts-ignore: decorator
@inline
function interfere (gains: usize, p: usize, noise: f64, bytes: usize, into: usize): void {
  let row = gains
  let i: usize = 0
  for (; i + 48 < bytes; i += 64, row += 4 * bytes) {
    let a = f64x2.splat(noise)
    let b = a
    let c = a
    let d = a
    let at = row
    for (let j: usize = 0; j < bytes; j += 16, at += 16) {
      const power = v128.load(p + j)
      a = f64x2.add(a, f64x2.mul(v128.load(at), power))
      b = f64x2.add(b, f64x2.mul(v128.load(at + bytes), power))
      c = f64x2.add(c, f64x2.mul(v128.load(at + 2 * bytes), power))
      d = f64x2.add(d, f64x2.mul(v128.load(at + 3 * bytes), power))
    }
    v128.store(into + i, a)
    v128.store(into + i, b, 16)
    v128.store(into + i, c, 32)
    v128.store(into + i, d, 48)
  }
  for (; i < bytes; i += 16, row += bytes) {
    let a = f64x2.splat(noise)
    for (let j: usize = 0; j < bytes; j += 16) a = f64x2.add(a, f64x2.mul(v128.load(row + j), v128.load(p + j)))
    v128.store(into + i, a)
  }
}

/** Writes minus the gradient: dR/dp_j = (g_jj / total_j + sum_(i != j) g_ij (1 / total_i - 1 / interference_i)) / ln 2. */
// @ts-ignore: decorator
@inline
function gather (problem: Problem, gains: usize, first: usize, second: usize): void {
  const bytes: usize = problem.users * 16
  const slopes = problem.room + bytes
  const costs = slopes + bytes
  const totals = costs + bytes
  const diagonal = gains + <usize>problem.users * bytes
  // p is needed no more
  const sums = problem.room
  suffer(gains, costs, bytes, sums)
  for (let j: usize = 0; j < bytes; j += 16) {
    const sum = f64x2.add(v128.load(sums + j), f64x2.mul(v128.load(diagonal + j), v128.load(totals + j)))
    const slope = f64x2.mul(f64x2.mul(sum, f64x2.splat(-1 / Math.LN2)), v128.load(slopes + j))
    v128.store64_lane(first + (j >> 1), slope, 0)
    v128.store64_lane(second + (j >> 1), slope, 1)
  }
}

/** into = the transpose of gains, times costs; four senders at once. */
// @ts-ignore: decorator
@inline
function suffer (gains: usize, costs: usize, bytes: usize, into: usize): void {
  let j: usize = 0
  for (; j + 48 < bytes; j += 64) {
    let a = f64x2.splat(0)
    let b = a
    let c = a
    let d = a
    let at = gains + j
    for (let i: usize = 0; i < bytes; i += 16, at += bytes) {
      const cost = v128.load(costs + i)
      a = f64x2.add(a, f64x2.mul(v128.load(at), cost))
      b = f64x2.add(b, f64x2.mul(v128.load(at, 16), cost))
      c = f64x2.add(c, f64x2.mul(v128.load(at, 32), cost))
      d = f64x2.add(d, f64x2.mul(v128.load(at, 48), cost))
    }
    v128.store(into + j, a)
    v128.store(into + j, b, 16)
    v128.store(into + j, c, 32)
    v128.store(into + j, d, 48)
  }
  for (; j < bytes; j += 16) {
    let a = f64x2.splat(0)
    let at = gains + j
    for (let i: usize = 0; i < bytes; i += 16, at += bytes) a = f64x2.add(a, f64x2.mul(v128.load(at), v128.load(costs + i)))
    v128.store(into + j, a)
  }
}
