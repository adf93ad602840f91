/**
 * Blocks of float32 mixed in Float64, four numbers in two instructions (AssemblyScript, compiled by scripts/setup/build.mjs;
 * ../index.ts has the contracts). Every number is rounded as JavaScript rounds it that computes the same with typed arrays.
 */

/** Numbers of a block: what lies here and what it is copied from stay in the nearest cache. */
const BLOCK = 2048

const left = memory.data(4 * BLOCK, 16)
const right = memory.data(4 * BLOCK, 16)
const along = memory.data(4 * BLOCK, 16)
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

export function alongBlock (): usize {
  return along
}

/** Two numbers in Float64. Loaded by themselves: of a register of four every second pair would need a shuffle, which takes as long. */
// @ts-ignore: decorator
@inline
function two (at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at))
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
function pulled (p: usize, s: v128): v128 {
  const x = two(left + p)
  return f64x2.sub(x, f64x2.mul(s, f64x2.sub(x, two(right + p))))
}

/** left <- left - strength (left - right) */
export function pull (strength: f64, count: i32): void {
  const s = f64x2.splat(strength)
  const bytes = bytesOf(count)
  for (let p: usize = 0; p < bytes; p += 16) v128.store(left + p, round(pulled(p, s), pulled(p + 8, s)))
}

/** sums <- 0 */
export function clear (count: i32): void {
  memory.fill(sums, 0, bytesOf(count) << 1)
}

/** Four numbers are added to their sums, which take twice the bytes there. */
// @ts-ignore: decorator
@inline
function addTo (p: usize, low: v128, high: v128): void {
  const sum = sums + (p << 1)
  v128.store(sum, f64x2.add(v128.load(sum), low))
  v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16)
}

/** sums <- sums + left */
export function add (count: i32): void {
  const bytes = bytesOf(count)
  for (let p: usize = 0; p < bytes; p += 16) addTo(p, two(left + p), two(left + p + 8))
}

// @ts-ignore: decorator
@inline
function difference (p: usize): v128 {
  return f64x2.sub(two(left + p), two(right + p))
}

/** sums <- sums + (left - right) */
export function addDifference (count: i32): void {
  const bytes = bytesOf(count)
  for (let p: usize = 0; p < bytes; p += 16) addTo(p, difference(p), difference(p + 8))
}

// @ts-ignore: decorator
@inline
function differenceAhead (p: usize, by: v128): v128 {
  return f64x2.sub(f64x2.add(two(left + p), f64x2.mul(by, two(along + p))), two(right + p))
}

/** sums <- sums + (left + by along - right) */
export function addDifferenceAhead (by: f64, count: i32): void {
  const b = f64x2.splat(by)
  const bytes = bytesOf(count)
  for (let p: usize = 0; p < bytes; p += 16) addTo(p, differenceAhead(p, b), differenceAhead(p + 8, b))
}

// @ts-ignore: decorator
@inline
function moved (p: usize, s: v128): v128 {
  return f64x2.add(two(right + p), f64x2.mul(s, v128.load(sums + (p << 1))))
}

/** left <- right + strength sums */
export function move (strength: f64, count: i32): void {
  const s = f64x2.splat(strength)
  const bytes = bytesOf(count)
  for (let p: usize = 0; p < bytes; p += 16) v128.store(left + p, round(moved(p, s), moved(p + 8, s)))
}

/** left <- sums / divisor */
export function divide (divisor: f64, count: i32): void {
  const d = f64x2.splat(divisor)
  const bytes = bytesOf(count)
  for (let p: usize = 0; p < bytes; p += 16) {
    const sum = sums + (p << 1)
    v128.store(left + p, round(f64x2.div(v128.load(sum), d), f64x2.div(v128.load(sum, 16), d)))
  }
}
