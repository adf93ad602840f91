/**
 * Where points lie in the lattice (AssemblyScript): Adams, Baek, Davis 2010, section 3. A point is lifted to the plane of d + 1
 * numbers whose sum is 0; the simplex around it has as vertices the whole numbers that are equal modulo d + 1, and the
 * point's barycentric coordinates are what it gives to each. Numbers of a point are four to a vector, three vectors at most, 0
 * where there are none.
 */
import { dimension, findOrAdd, hasRoom, isLong } from './table'

export let points: i32 = 0
/** u32[points, dimension + 1]: the simplex' vertices, and f32 likewise: how much each counts */
export let rows: usize = 0
export let weights: usize = 0

// Of one point, twelve each: lifted, f64; how far above the nearest point of remainder 0, f32; that point and the order of what
// is above, i32. What is above in that order, f32, the last of it also in front.
let lifted: usize = 0
let above: usize = 0
let nearest: usize = 0
let ranks: usize = 0
let ordered: usize = 0
/** f64[dimension]: so that a step of the blur is as wide as the Gaussian */
let scales: usize = 0
/** i32[12]: all bits where there is a number */
let taken: usize = 0

// @ts-ignore: decorator
@inline
function inLane (i: i32): usize {
  return <usize>i << 2
}

/** @param room 512 bytes, for the numbers of one point */
export function usePoints (count: i32, d: i32, row: usize, weight: usize, room: usize): void {
  points = count
  rows = row
  weights = weight
  memory.fill(room, 0, 512)
  lifted = room
  above = room + 96
  nearest = room + 144
  ranks = room + 192
  taken = room + 240
  scales = room + 288
  ordered = room + 368 // with 16 bytes in front
  for (let i = 0; i < d; i++) store<f64>(scales + (<usize>i << 3), (d + 1) * Math.sqrt(2 / (3.0 * (i + 1) * (i + 2))))
  for (let i = 0; i <= d; i++) store<i32>(taken + inLane(i), -1)
}

/**
 * Embeds points from one on. What is written of the weights may reach 12 bytes beyond their end.
 * @param features f64[count, dimension], of points from `first` on
 * @returns the first that is not embedded: the table has no room for it, or it is not among them
 */
export function embed (first: i32, count: i32, features: usize): i32 {
  for (let i = 0; i < count; i++) {
    const point = first + i
    if (!hasRoom(dimension + 1)) return point
    lift(features + (<usize>(i * dimension) << 3))
    order(roundAll())
    turn()
    const at = <usize>(point * (dimension + 1)) << 2
    weigh(weights + at)
    for (let remainder = 0; remainder <= dimension; remainder++) {
      const vertex = findOrAdd(keyOf(0, remainder), isLong ? keyOf(16, remainder) : i32x4.splat(0))
      store<i32>(rows + at + inLane(remainder), vertex)
    }
  }
  return first + count
}

function lift (feature: usize): void {
  let sum: f64 = 0
  for (let i = dimension; i > 0; i--) {
    const at = <usize>(i - 1) << 3
    const scaled = load<f64>(feature + at) * load<f64>(scales + at)
    store<f64>(lifted + at, sum - i * scaled, 8)
    sum += scaled
  }
  store<f64>(lifted, sum)
}

/** The nearest point of remainder 0, and what lies above it. @returns the sum of that point, in steps of d + 1 */
function roundAll (): i32 {
  const size = f64x2.splat(dimension + 1)
  const inverse = f64x2.splat(1 / <f64>(dimension + 1))
  const half = f64x2.splat(0.5)
  let sum = f64x2.splat(0)
  for (let at: usize = 0; at <= inLane(dimension); at += 16) {
    const low = v128.load(lifted + 2 * at)
    const high = v128.load(lifted + 2 * at, 16)
    const lowSteps = f64x2.floor(f64x2.add(f64x2.mul(low, inverse), half))
    const highSteps = f64x2.floor(f64x2.add(f64x2.mul(high, inverse), half))
    const lowPoint = f64x2.mul(lowSteps, size)
    const highPoint = f64x2.mul(highSteps, size)
    sum = f64x2.add(sum, f64x2.add(lowSteps, highSteps))
    v128.store(above + at, joined(f32x4.demote_f64x2_zero(f64x2.sub(low, lowPoint)), f32x4.demote_f64x2_zero(f64x2.sub(high, highPoint))))
    v128.store(nearest + at, joined(i32x4.trunc_sat_f64x2_s_zero(lowPoint), i32x4.trunc_sat_f64x2_s_zero(highPoint)))
  }
  return <i32>(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))
}

/** The first two lanes of both. */
// @ts-ignore: decorator
@inline
function joined (low: v128, high: v128): v128 {
  return v128.shuffle<i64>(low, high, 0, 2)
}

/** The order of the numbers by how much they lie above the nearest point, the highest first, each `sum` later. */
function order (sum: i32): void {
  let lanes = i32x4(0, 1, 2, 3)
  for (let at: usize = 0; at <= inLane(dimension); at += 16) {
    const own = v128.load(above + at)
    let rank = i32x4.splat(sum)
    for (let j = 0; j <= dimension; j++) {
      const other = v128.load32_splat(above + inLane(j))
      const isBehind = v128.and(f32x4.eq(own, other), i32x4.gt_s(lanes, i32x4.splat(j)))
      rank = i32x4.sub(rank, v128.or(f32x4.lt(own, other), isBehind)) // all bits are -1
    }
    v128.store(ranks + at, rank)
    lanes = i32x4.add(lanes, i32x4.splat(4))
  }
}

/** The sum of the nearest point must be 0: those that were rounded the farthest go the other way. */
function turn (): void {
  const size = i32x4.splat(dimension + 1)
  for (let at: usize = 0; at <= inLane(dimension); at += 16) {
    const rank = v128.load(ranks + at)
    const up = v128.and(size, i32x4.lt_s(rank, i32x4.splat(0)))
    const down = v128.and(size, i32x4.gt_s(rank, i32x4.splat(dimension)))
    const step = i32x4.sub(up, down)
    v128.store(ranks + at, i32x4.add(rank, step))
    v128.store(nearest + at, i32x4.add(v128.load(nearest + at), step))
    v128.store(above + at, f32x4.sub(v128.load(above + at), f32x4.convert_i32x4_s(step)))
  }
}

/** Barycentric coordinates: the differences of what lies above, in its order. */
function weigh (into: usize): void {
  const part: f32 = 1 / <f32>(dimension + 1)
  for (let i = 0; i <= dimension; i++) {
    store<f32>(ordered + inLane(dimension - load<i32>(ranks + inLane(i))), part * load<f32>(above + inLane(i)))
  }
  store<f32>(ordered - 4, load<f32>(ordered + inLane(dimension)) - 1)
  for (let at: usize = 0; at <= inLane(dimension); at += 16) {
    v128.store(into + at, f32x4.sub(v128.load(ordered + at), v128.load(ordered + at - 4)))
  }
}

/** Of the simplex' vertex of a remainder four numbers of the key. @param at bytes: 0, 16 */
// @ts-ignore: decorator
@inline
function keyOf (at: usize, remainder: i32): v128 {
  const isLow = i32x4.le_s(v128.load(ranks + at), i32x4.splat(dimension - remainder))
  const step = v128.bitselect(i32x4.splat(remainder), i32x4.splat(remainder - (dimension + 1)), isLow)
  return v128.and(v128.load(taken + at), i32x4.add(v128.load(nearest + at), step))
}
