/**
 * Blocks of float32 mixed in Float64, four numbers in two instructions (AssemblyScript, compiled by scripts/setup/build.mjs;
 * ../index.ts has the contracts). Every number is rounded as JavaScript rounds it that computes the same with typed arrays.
 */

/** Numbers of a block: what lies here and what it is copied from stay in the nearest cache. */
const BLOCK = 2048

const left = memory.data(4 * BLOCK, 16)
const right = memory.data(4 * BLOCK, 16)
const sums = memory.data(8 * BLOCK, 16)

export function block (): i32 {
  return BLOCK
}

export function leftBlock (): usize {
  return left
}

export function rightBlock (): usize {
  return right
}

// @ts-ignore: decorator
@inline
function low (four: v128): v128 {
  return f64x2.promote_low_f32x4(four)
}

// @ts-ignore: decorator
@inline
function high (four: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))
}

// @ts-ignore: decorator
@inline
function round (low: v128, high: v128): v128 {
  return i8x16.shuffle(
    f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
  )
}

/** Bytes of `count` numbers; those after the last up to four are computed too, and nobody reads them. */
// @ts-ignore: decorator
@inline
function bytesOf (count: i32): usize {
  return <usize>((count + 3) & ~3) << 2
}

// @ts-ignore: decorator
@inline
function pulled (x: v128, target: v128, s: v128): v128 {
  return f64x2.sub(x, f64x2.mul(s, f64x2.sub(x, target)))
}

/** left <- left - strength (left - right) */
export function pull (strength: f64, count: i32): void {
  const s = f64x2.splat(strength)
  for (let p: usize = 0; p < bytesOf(count); p += 16) {
    const x = v128.load(left + p)
    const y = v128.load(right + p)
    v128.store(left + p, round(pulled(low(x), low(y), s), pulled(high(x), high(y), s)))
  }
}

/** sums <- 0 */
export function clear (count: i32): void {
  memory.fill(sums, 0, bytesOf(count) << 1)
}

// @ts-ignore: decorator
@inline
function addTo (sum: usize, low: v128, high: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), low))
  v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16)
}

/** sums <- sums + left */
export function add (count: i32): void {
  for (let p: usize = 0; p < bytesOf(count); p += 16) {
    const x = v128.load(left + p)
    addTo(sums + (p << 1), low(x), high(x))
  }
}

/** sums <- sums + (left - right) */
export function addDifference (count: i32): void {
  for (let p: usize = 0; p < bytesOf(count); p += 16) {
    const x = v128.load(left + p)
    const y = v128.load(right + p)
    addTo(sums + (p << 1), f64x2.sub(low(x), low(y)), f64x2.sub(high(x), high(y)))
  }
}

/** left <- right + strength sums */
export function move (strength: f64, count: i32): void {
  const s = f64x2.splat(strength)
  for (let p: usize = 0; p < bytesOf(count); p += 16) {
    const y = v128.load(right + p)
    const sum = sums + (p << 1)
    v128.store(left + p, round(
      f64x2.add(low(y), f64x2.mul(s, v128.load(sum))), f64x2.add(high(y), f64x2.mul(s, v128.load(sum, 16)))
    ))
  }
}

/** left <- sums / divisor */
export function divide (divisor: f64, count: i32): void {
  const d = f64x2.splat(divisor)
  for (let p: usize = 0; p < bytesOf(count); p += 16) {
    const sum = sums + (p << 1)
    v128.store(left + p, round(f64x2.div(v128.load(sum), d), f64x2.div(v128.load(sum, 16), d)))
  }
}
