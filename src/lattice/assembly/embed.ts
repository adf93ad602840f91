/**
 * Where points lie in the lattice (AssemblyScript): Adams, Baek, Davis 2010, section 3. A point is lifted to the plane of d + 1
 * numbers whose sum is 0; the simplex around it has as vertices the whole numbers that are equal modulo d + 1, and the
 * point's barycentric coordinates are what it gives to each.
 */
import { dimension, findOrAdd, hasRoom } from './table'

/** bytes of a row of values (filter.ts), by which vertices are named outside the table */
const ROW: i32 = 4

export let points: i32 = 0
/** f64[points, dimension] */
let features: usize = 0
/** u32[points, dimension + 1]: the rows of the simplex' vertices, and f32 likewise: how much each counts */
export let rows: usize = 0
export let weights: usize = 0
/** Of one point, [dimension + 2] each: lifted, the nearest point of remainder 0, order of what remains, coordinates; and a key. */
let lifted: usize = 0
let nearest: usize = 0
let ranks: usize = 0
let barycentric: usize = 0
let key: usize = 0
/** f64[dimension]: so that a step of the blur is as wide as the Gaussian */
let scales: usize = 0

// @ts-ignore: decorator
@inline
function real (array: usize, i: i32): f64 {
  return load<f64>(array + (<usize>i << 3))
}

// @ts-ignore: decorator
@inline
function setReal (array: usize, i: i32, value: f64): void {
  store<f64>(array + (<usize>i << 3), value)
}

// @ts-ignore: decorator
@inline
function whole (array: usize, i: i32): i32 {
  return load<i32>(array + (<usize>i << 2))
}

// @ts-ignore: decorator
@inline
function setWhole (array: usize, i: i32, value: i32): void {
  store<i32>(array + (<usize>i << 2), value)
}

/** @param room 512 bytes, for the numbers of one point */
export function usePoints (count: i32, d: i32, feature: usize, row: usize, weight: usize, room: usize): void {
  points = count
  features = feature
  rows = row
  weights = weight
  lifted = room
  barycentric = room + 80
  scales = room + 160
  nearest = room + 240
  ranks = room + 280
  key = room + 320
  for (let i = 0; i < d; i++) setReal(scales, i, (d + 1) * Math.sqrt(2 / (3.0 * (i + 1) * (i + 2))))
}

/** Embeds points from one on. @returns the first that is not embedded: the table has no room for it, or it is none */
export function embed (first: i32): i32 {
  for (let point = first; point < points; point++) {
    if (!hasRoom(dimension + 1)) return point
    lift(features + (<usize>(point * dimension) << 3))
    findSimplex()
    weigh()
    const at = <usize>(point * (dimension + 1)) << 2
    for (let remainder = 0; remainder <= dimension; remainder++) {
      setWhole(rows + at, remainder, findOrAdd(keyOf(remainder)) << ROW)
      store<f32>(weights + at + (<usize>remainder << 2), <f32>real(barycentric, remainder))
    }
  }
  return points
}

function lift (feature: usize): void {
  let sum: f64 = 0
  for (let i = dimension; i > 0; i--) {
    const scaled = real(feature, i - 1) * real(scales, i - 1)
    setReal(lifted, i, sum - i * scaled)
    sum += scaled
  }
  setReal(lifted, 0, sum)
}

/** The nearest point of remainder 0, and the order of the numbers by how much they lie above it. */
function findSimplex (): void {
  let sum = 0
  for (let i = 0; i <= dimension; i++) {
    const value = real(lifted, i)
    const step = <i32>Math.floor(value / (dimension + 1) + 0.5)
    setWhole(nearest, i, step * (dimension + 1))
    setWhole(ranks, i, 0)
    sum += step
  }
  for (let i = 0; i < dimension; i++) {
    const above = real(lifted, i) - whole(nearest, i)
    for (let j = i + 1; j <= dimension; j++) {
      const lower = above < real(lifted, j) - whole(nearest, j) ? i : j
      setWhole(ranks, lower, whole(ranks, lower) + 1)
    }
  }
  // The sum must be 0: those that were rounded the farthest go the other way.
  for (let i = 0; i <= dimension; i++) {
    const rank = whole(ranks, i) + sum
    const turn = rank < 0 ? dimension + 1 : rank > dimension ? -(dimension + 1) : 0
    setWhole(ranks, i, rank + turn)
    setWhole(nearest, i, whole(nearest, i) + turn)
  }
}

function weigh (): void {
  for (let i = 0; i <= dimension + 1; i++) setReal(barycentric, i, 0)
  for (let i = 0; i <= dimension; i++) {
    const part = (real(lifted, i) - whole(nearest, i)) / (dimension + 1)
    const at = dimension - whole(ranks, i)
    setReal(barycentric, at, real(barycentric, at) + part)
    setReal(barycentric, at + 1, real(barycentric, at + 1) - part)
  }
  setReal(barycentric, 0, real(barycentric, 0) + 1 + real(barycentric, dimension + 1))
}

/** The key of the simplex' vertex of a remainder. */
function keyOf (remainder: i32): usize {
  for (let i = 0; i < dimension; i++) {
    const step = whole(ranks, i) <= dimension - remainder ? remainder : remainder - (dimension + 1)
    setWhole(key, i, whole(nearest, i) + step)
  }
  return key
}
