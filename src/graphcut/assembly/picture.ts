/** Builds the network of a picture (AssemblyScript) from numbers by pixel. Ways to neighbours are those of ../grid.ts. */
import { pushShort } from './short'
import { capacities, firstPixel, height, markOpen, nodes, offsets, opens, setTerminal, width, Grid4, Grid8 } from './topology'

/** Where a way leads: right, down, down-right, down-left. */
// @ts-ignore: decorator
@inline
export function columnsOf (way: i32): i32 {
  return way == 1 ? 0 : way == 3 ? -1 : 1
}

// @ts-ignore: decorator
@inline
export function rowsOf (way: i32): i32 {
  return i32(way > 0)
}

/** The first and the last column, and the last row, from which a way leads to a pixel; the last ones are not among them. */
// @ts-ignore: decorator
@inline
export function beginOf (way: i32): i32 {
  return way == 3 ? 1 : 0
}

// @ts-ignore: decorator
@inline
export function endOfRow (way: i32): i32 {
  return width - i32(columnsOf(way) > 0)
}

// @ts-ignore: decorator
@inline
export function endOfColumn (way: i32): i32 {
  return height - rowsOf(way)
}

/** Writes where the arcs of a node lead. */
export function writeOffsets (degree: i32): void {
  for (let arc = 0; arc < degree; arc++) {
    const step = rowsOf(arc >> 1) * width + columnsOf(arc >> 1)
    store<i32>(offsets + (<usize>arc << 2), arc & 1 ? -step : step)
  }
}

/** Closes the arcs that lead out of the picture or lie there, for nothing else writes them, and ties nothing there to a terminal. */
export function closeEdges (degree: i32): void {
  const pixels = width * height
  closeNodes(degree, 0, firstPixel + width)
  closeNodes(degree, firstPixel + pixels - width, nodes)
  for (let row = 1; row < height; row++) {
    const first = firstPixel + row * width
    closeNodes(degree, first - 1, first + 1)
  }
  for (let node = 0; node < firstPixel; node++) {
    setTerminal(node, 0)
    setTerminal(firstPixel + pixels + node, 0)
  }
}

function closeNodes (degree: i32, from: i32, until: i32): void {
  memory.fill(capacities + (<usize>(from * degree) << 3), 0, <usize>((until - from) * degree) << 3)
  memory.fill(opens + from, 0, until - from)
}

/**
 * Marks which arcs of some rows are open, once all are written that lead to them and from them, row after row. What goes over a
 * single arc is pushed at once, but for the last row: its neighbours below are not marked.
 */
export function markRows (degree: i32, from: i32, until: i32): void {
  markOpen(degree, firstPixel + from * width, firstPixel + until * width)
  const complete = firstPixel + (until - 1) * width
  if (degree == 4) pushShort<Grid4>(complete)
  else pushShort<Grid8>(complete)
}

/** The pixel whose capacity was none. */
let wrong: i32 = -1

export function wrongArc (): i32 {
  return wrong
}

/**
 * Writes what may flow on an arc of some rows.
 * @param arc    number of it among those of a node: twice the way, one more for those that lead back along it
 * @param values f64[until - from, width] of the rows; 0: `value` for all
 * @returns false where a pixel (`wrongArc`) has a capacity that is none
 */
export function writeArcs (degree: i32, arc: i32, from: i32, until: i32, values: usize, value: f64): bool {
  const way = arc >> 1
  const shift = arc & 1 ? rowsOf(way) * width + columnsOf(way) : 0
  const begin = beginOf(way)
  const end = endOfRow(way)
  const stride = <usize>degree << 3
  for (let row = from, last = min(until, endOfColumn(way)); row < last; row++) {
    const pixel = row * width
    const at = capacities + (<usize>((firstPixel + pixel + begin + shift) * degree + arc) << 3)
    const stop = at + <usize>(end - begin) * stride
    if (values) {
      let next = values + (<usize>((row - from) * width + begin) << 3)
      if (!areCapacities(next, end - begin, pixel + begin)) return false
      for (let to = at; to < stop; to += stride, next += 8) store<f64>(to, load<f64>(next))
    } else {
      if (begin < end && !isCapacity(value)) {
        wrong = pixel + begin
        return false
      }
      for (let to = at; to < stop; to += stride) store<f64>(to, value)
    }
  }
  return true
}

// @ts-ignore: decorator
@inline
function isCapacity (value: f64): bool {
  return value >= 0 && value < Infinity
}

/** Whether numbers are capacities, two at a time; otherwise says which pixel's is none. */
function areCapacities (values: usize, count: i32, first: i32): bool {
  let sound = i64x2.splat(-1)
  for (let i = 0; i + 1 < count; i += 2) {
    const two = v128.load(values + (<usize>i << 3))
    sound = v128.and(sound, v128.and(f64x2.ge(two, f64x2.splat(0)), f64x2.lt(two, f64x2.splat(Infinity))))
  }
  if (i64x2.all_true(sound) && (count < 1 || isCapacity(load<f64>(values + (<usize>(count - 1) << 3))))) return true
  for (let i = 0; i < count; i++) {
    if (isCapacity(load<f64>(values + (<usize>i << 3)))) continue
    wrong = first + i
    break
  }
  return false
}
