/**
 * Splat, blur, slice (AssemblyScript): Adams, Baek, Davis 2010, section 3, for four channels at once, or for eight, so that it is
 * read once for them where vertices are. Next hop: blur.ts.
 */
import { blurBoth, blurred, clear, splatted } from './blur'
import { points, rows, weights } from './embed'
import { rowOf } from './rows'
import { dimension } from './table'

/** whether rows have eight channels */
let isWide: bool = false
/** Planes of values pass by in tiles, f32[4 or 8, stride bytes]. */
let tile: usize = 0
let stride: usize = 0
/** f32[points] that results are multiplied by; 0 for none */
let factors: usize = 0

export function useTile (planes: usize, bytes: usize): void {
  tile = planes
  stride = bytes
}

export function useFactors (factor: usize): void {
  factors = factor
}

/** Divides what each point gives and takes by the square root of its degree, which the tile's first plane has. */
export function scaleWeights (from: i32, count: i32): void {
  for (let i = 0; i < count; i++) {
    const factor: f32 = 1 / Mathf.sqrt(load<f32>(tile + (<usize>i << 2)))
    const at = weights + (<usize>((from + i) * (dimension + 1)) << 2)
    for (let j: usize = 0; j <= <usize>dimension; j++) store<f32>(at + (j << 2), load<f32>(at + (j << 2)) * factor)
  }
}

/** Begins to filter four planes, or eight. */
export function open (wide: bool): void {
  isWide = wide
  clear(wide)
}

/** Adds what the tile's points give to their vertices. @param from the first of them, of `count` */
export function splat (from: i32, count: i32): void {
  if (isWide) splatAll(from, count, true)
  else splatAll(from, count, false)
}

/** Takes what the tile's points have of their vertices, times `scale`. @param isAdded to what is in the tile, or in its place */
export function slice (from: i32, count: i32, scale: f32, isAdded: bool): void {
  if (isWide) sliceAll(from, count, scale / 2, isAdded, true)
  else sliceAll(from, count, scale / 2, isAdded, false)
}

/** Blurs what is splatted. */
export function blur (): void {
  if (isWide) blurBoth(true)
  else blurBoth(false)
}

// What follows is compiled twice, for rows of one vector and of two.

/** Four planes' values of a point. */
// @ts-ignore: decorator
@inline
function gather (at: usize): v128 {
  let values = v128.load32_zero(at)
  values = v128.load_lane<f32>(at + stride, values, 1)
  values = v128.load_lane<f32>(at + 2 * stride, values, 2)
  return v128.load_lane<f32>(at + 3 * stride, values, 3)
}

// @ts-ignore: decorator
@inline
function scatter (at: usize, values: v128): void {
  v128.store_lane<f32>(at, values, 0)
  v128.store_lane<f32>(at + stride, values, 1)
  v128.store_lane<f32>(at + 2 * stride, values, 2)
  v128.store_lane<f32>(at + 3 * stride, values, 3)
}

// @ts-ignore: decorator
@inline
function splatAll (from: i32, count: i32, wide: bool): void {
  const size = <usize>(dimension + 1) << 2
  let corner = <usize>from * size
  for (let at = tile, end = tile + (<usize>count << 2); at < end; at += 4) {
    const low = gather(at)
    const high = wide ? gather(at + 4 * stride) : low
    for (const last = corner + size; corner < last; corner += 4) {
      const weight = v128.load32_splat(weights + corner)
      const row = rowOf(splatted, rows + corner, wide)
      v128.store(row, f32x4.add(v128.load(row), f32x4.mul(weight, low)))
      if (wide) v128.store(row, f32x4.add(v128.load(row, 16), f32x4.mul(weight, high)), 16)
    }
  }
}

// @ts-ignore: decorator
@inline
function sliceAll (from: i32, count: i32, scale: f32, isAdded: bool, wide: bool): void {
  const size = <usize>(dimension + 1) << 2
  let corner = <usize>from * size
  let factor = factors + (<usize>from << 2)
  for (let at = tile, end = tile + (<usize>count << 2); at < end; at += 4, factor += 4) {
    let low = f32x4.splat(0)
    let high = f32x4.splat(0)
    for (const last = corner + size; corner < last; corner += 4) {
      const weight = v128.load32_splat(weights + corner)
      const row = rowOf(blurred, rows + corner, wide)
      low = f32x4.add(low, f32x4.mul(weight, v128.load(row)))
      if (wide) high = f32x4.add(high, f32x4.mul(weight, v128.load(row, 16)))
    }
    const scales = f32x4.splat(factors === 0 ? scale : scale * load<f32>(factor))
    low = f32x4.mul(low, scales)
    scatter(at, isAdded ? f32x4.add(gather(at), low) : low)
    if (!wide) continue
    high = f32x4.mul(high, scales)
    scatter(at + 4 * stride, isAdded ? f32x4.add(gather(at + 4 * stride), high) : high)
  }
}
