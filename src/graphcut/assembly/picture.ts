/** Builds the network of a picture (AssemblyScript) from numbers by pixel. Ways to neighbours are those of ../grid.ts. */
import { capacities, firstPixel, height, markOpen, nodes, offsets, opens, setTerminal, width } from './topology'

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

/** Marks which arcs of some rows are open, once all are written that lead to them and from them. */
export function markRows (degree: i32, from: i32, until: i32): void {
  markOpen(degree, firstPixel + from * width, firstPixel + until * width)
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
  for (let row = from, last = min(until, endOfColumn(way)); row < last; row++) {
    const pixel = row * width
    let at = capacities + (<usize>((firstPixel + pixel + begin + shift) * degree + arc) << 3)
    for (let column = begin; column < end; column++) {
      if (values) value = load<f64>(values + (<usize>((row - from) * width + column) << 3))
      if (!(value >= 0 && value < Infinity)) {
        wrong = pixel + column
        return false
      }
      store<f64>(at, value)
      at += <usize>degree << 3
    }
  }
  return true
}
