/**
 * Splat, blur, slice (AssemblyScript): Adams, Baek, Davis 2010, section 3, for four channels at once. The blurs of one order of
 * the axes and of the other are averaged: each is the other's transpose, so that the whole is symmetric.
 */
import { points, rows, weights } from './embed'
import { dimension } from './table'

/** u32[dimension + 1, vertices, 2] */
let neighbours: usize = 0
let vertices: i32 = 0
/** f32[vertices + 1, 4] each; the first row is that of vertices that do not exist, and stays 0 */
let splatted: usize = 0
let first: usize = 0
let second: usize = 0

const ROW: usize = 16

export function useRows (links: usize, count: i32, a: usize, b: usize, c: usize): void {
  neighbours = links
  vertices = count
  splatted = a
  first = b
  second = c
  for (let i = 0; i < 3; i++) v128.store(i === 0 ? a : i === 1 ? b : c, f32x4.splat(0))
}

/** Multiplies what each point gives and takes by a factor of its own. @param factors f32[points] */
export function scaleWeights (factors: usize): void {
  for (let point = 0; point < points; point++) {
    const factor = load<f32>(factors + (<usize>point << 2))
    for (let i = 0; i <= dimension; i++) {
      const at = weights + (<usize>(point * (dimension + 1) + i) << 2)
      store<f32>(at, load<f32>(at) * factor)
    }
  }
}

/** Filters four planes in place. @param planes f32[4, points] @param scale what the result is multiplied by */
export function filter (planes: usize, scale: f32): void {
  splat(planes)
  const forwards = blurAll(splatted, first, second, false)
  const free = forwards === first ? second : first
  const backwards = blurAll(splatted, free, splatted, true)
  add(forwards, backwards)
  slice(planes, forwards, scale / 2)
}

function splat (planes: usize): void {
  memory.fill(splatted, 0, <usize>(vertices + 1) * ROW)
  const plane = <usize>points << 2
  let at: usize = 0
  for (let point = 0; point < points; point++) {
    const from = planes + (<usize>point << 2)
    let value = v128.load32_zero(from)
    value = v128.load_lane<f32>(from + plane, value, 1)
    value = v128.load_lane<f32>(from + 2 * plane, value, 2)
    value = v128.load_lane<f32>(from + 3 * plane, value, 3)
    for (let i = 0; i <= dimension; i++, at += 4) {
      const row = splatted + <usize>load<u32>(rows + at)
      v128.store(row, f32x4.add(v128.load(row), f32x4.mul(v128.load32_splat(weights + at), value)))
    }
  }
}

/** Blurs along all axes, out of place, by turns into one array and another. @returns the last */
function blurAll (from: usize, into: usize, next: usize, isReverse: bool): usize {
  let source = from
  for (let i = 0; i <= dimension; i++) {
    blur(source, into, isReverse ? dimension - i : i)
    source = into
    into = next
    next = source
  }
  return source
}

/** [1/2, 1, 1/2] along an axis. */
function blur (from: usize, into: usize, axis: i32): void {
  const half = f32x4.splat(0.5)
  let link = neighbours + (<usize>axis * <usize>vertices << 3)
  const end = (<usize>vertices + 1) * ROW
  for (let row = ROW; row < end; row += ROW, link += 8) {
    const sides = f32x4.add(v128.load(from + <usize>load<u32>(link)), v128.load(from + <usize>load<u32>(link, 4)))
    v128.store(into + row, f32x4.add(v128.load(from + row), f32x4.mul(half, sides)))
  }
}

function add (into: usize, other: usize): void {
  const end = (<usize>vertices + 1) * ROW
  for (let row = ROW; row < end; row += ROW) v128.store(into + row, f32x4.add(v128.load(into + row), v128.load(other + row)))
}

function slice (planes: usize, from: usize, scale: f32): void {
  const plane = <usize>points << 2
  const factor = f32x4.splat(scale)
  let at: usize = 0
  for (let point = 0; point < points; point++) {
    let value = f32x4.splat(0)
    for (let i = 0; i <= dimension; i++, at += 4) {
      value = f32x4.add(value, f32x4.mul(v128.load32_splat(weights + at), v128.load(from + <usize>load<u32>(rows + at))))
    }
    value = f32x4.mul(value, factor)
    const into = planes + (<usize>point << 2)
    v128.store_lane<f32>(into, value, 0)
    v128.store_lane<f32>(into + plane, value, 1)
    v128.store_lane<f32>(into + 2 * plane, value, 2)
    v128.store_lane<f32>(into + 3 * plane, value, 3)
  }
}
