/**
 * The blur (AssemblyScript): Adams, Baek, Davis 2010, section 3. The blurs of one order of the axes and of the other are averaged:
 * each is the other's transpose, so that the whole is symmetric. Whether rows are wide is known when this is compiled: it is
 * compiled twice.
 */
import { rowOf, shiftOf } from './rows'
import { dimension } from './table'

/** u32[dimension + 1, vertices, 2] */
let neighbours: usize = 0
let vertices: i32 = 0
/** f32[vertices + 1, 4 or 8] each; the first row is that of vertices that do not exist, and stays 0 */
export let splatted: usize = 0
let first: usize = 0
let second: usize = 0
/** that of them which has the sum of both blurs */
export let blurred: usize = 0

export function useRows (links: usize, count: i32, a: usize, b: usize, c: usize): void {
  neighbours = links
  vertices = count
  splatted = a
  first = b
  second = c
}

/** Begins with nothing in any row. */
export function clear (wide: bool): void {
  memory.fill(splatted, 0, <usize>(vertices + 1) << shiftOf(wide))
  memory.fill(first, 0, 32)
  memory.fill(second, 0, 32)
}

/** Blurs in both orders. */
// @ts-ignore: decorator
@inline
export function blurBoth (wide: bool): void {
  const forwards = blurAll(splatted, first, second, false, wide)
  const free = forwards === first ? second : first
  blurred = blurAll(splatted, free, splatted, true, wide)
  const end = <usize>(vertices + 1) << shiftOf(wide)
  for (let row: usize = 0; row < end; row += 16) {
    v128.store(blurred + row, f32x4.add(v128.load(blurred + row), v128.load(forwards + row)))
  }
}

/** Blurs along all axes, out of place, by turns into one array and another. @returns the last */
// @ts-ignore: decorator
@inline
function blurAll (from: usize, into: usize, next: usize, isReverse: bool, wide: bool): usize {
  let source = from
  for (let i = 0; i <= dimension; i++) {
    blurAlong(source, into, isReverse ? dimension - i : i, wide)
    source = into
    into = next
    next = source
  }
  return source
}

/** [1/2, 1, 1/2] along an axis. */
// @ts-ignore: decorator
@inline
function blurAlong (from: usize, into: usize, axis: i32, wide: bool): void {
  const half = f32x4.splat(0.5)
  let link = neighbours + (<usize>axis * <usize>vertices << 3)
  const size = <usize>1 << shiftOf(wide)
  const end = <usize>(vertices + 1) << shiftOf(wide)
  for (let row = size; row < end; row += size, link += 8) {
    const one = rowOf(from, link, wide)
    const other = rowOf(from, link + 4, wide)
    v128.store(into + row, f32x4.add(v128.load(from + row), f32x4.mul(half, f32x4.add(v128.load(one), v128.load(other)))))
    if (!wide) continue
    const sides = f32x4.add(v128.load(one, 16), v128.load(other, 16))
    v128.store(into + row, f32x4.add(v128.load(from + row, 16), f32x4.mul(half, sides)), 16)
  }
}
