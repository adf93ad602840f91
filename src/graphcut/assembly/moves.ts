/**
 * The networks of moves (AssemblyScript): who stays (x = 0) is on the source's side of the cut, who moves (x = 1) on the sink's.
 * What x_p = 1 costs more than x_p = 0 is what the source gives the pixel. ../moves.ts has the formulas.
 */
import { beginOf, columnsOf, endOfColumn, endOfRow, markRows, rowsOf } from './picture'
import { current, degree, distanceOf, first, labelOf, second, weights } from './problem'
import { restartShort } from './short'
import { capacityOf, firstPixel, height, setCapacity, setTerminal, terminalOf, width } from './topology'

// @ts-ignore: decorator
@inline
function add (pixel: i32, cost: f64): void {
  setTerminal(firstPixel + pixel, terminalOf(firstPixel + pixel) + cost)
}

/** What it costs more to move than to stay; a pixel that may do neither may do both. */
// @ts-ignore: decorator
@inline
function begin (pixel: i32, go: f64, stay: f64): void {
  setTerminal(firstPixel + pixel, go == stay ? 0 : go - stay)
}

/** Sets an arc and its way back. */
// @ts-ignore: decorator
@inline
function tie (p: i32, q: i32, way: i32, there: f64, back: f64): void {
  setCapacity((firstPixel + p) * degree + (way << 1), there)
  setCapacity((firstPixel + q) * degree + (way << 1) + 1, back)
}

/**
 * The network in which x_p = 1 gives the pixel a label, with what flew when the label was given last (Kohli, Torr 2007, "Dynamic
 * Graph Cuts for Efficient Inference in Markov Random Fields"): any flow within the capacities is as good a beginning as none.
 * @param flows f32[degree / 2, height, width]: from pixels to their neighbours by way; 0: nothing
 */
export function expandTo (label: i32, flows: usize): void {
  restartShort()
  const count = width * height
  for (let p = 0; p < count; p++) begin(p, load<f64>(first + (<usize>p << 3)), load<f64>(current + (<usize>p << 3)))
  for (let row = 0; row < height; row++) {
    for (let way = 0; way < degree >> 1; way++) {
      if (row >= endOfColumn(way)) continue
      const step = rowsOf(way) * width + columnsOf(way)
      const values = load<usize>(weights + (<usize>way << 4))
      let weight = load<f64>(weights + (<usize>way << 4), 8)
      for (let p = row * width + beginOf(way), last = row * width + endOfRow(way); p < last; p++) {
        const q = p + step
        if (values) weight = load<f64>(values + (<usize>p << 3))
        const here = labelOf(p)
        const there = labelOf(q)
        const both = weight * distanceOf(here, there)
        const stays = weight * distanceOf(label, there)
        const goes = weight * distanceOf(here, label)
        const capacity = max(0, goes + stays - both) / 2
        const flow = flows ? max(-capacity, min(capacity, <f64>load<f32>(flowAt(flows, way, p)))) : 0
        add(p, (stays - goes - both) / 2 - flow)
        add(q, (goes - stays - both) / 2 + flow)
        tie(p, q, way, capacity - flow, capacity + flow)
      }
    }
    markRows(degree, row, row + 1)
  }
}

/** Writes what flows, for the next time the label is given. */
export function keepFlows (flows: usize): void {
  for (let row = 0; row < height; row++) {
    for (let way = 0; way < degree >> 1; way++) {
      if (row >= endOfColumn(way)) continue
      const step = rowsOf(way) * width + columnsOf(way)
      for (let p = row * width + beginOf(way), last = row * width + endOfRow(way); p < last; p++) {
        const there = capacityOf((firstPixel + p) * degree + (way << 1))
        const back = capacityOf((firstPixel + p + step) * degree + (way << 1) + 1)
        store<f32>(flowAt(flows, way, p), <f32>((back - there) / 2))
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function flowAt (flows: usize, way: i32, pixel: i32): usize {
  return flows + (<usize>(way * width * height + pixel) << 2)
}

/** The network in which pixels with a or b take a (x_p = 0) or b (x_p = 1), and all others stay. */
export function swapBetween (a: i32, b: i32): void {
  restartShort()
  const count = width * height
  for (let p = 0; p < count; p++) {
    const takesPart = labelOf(p) == a || labelOf(p) == b
    begin(p, takesPart ? load<f64>(second + (<usize>p << 3)) : 0, takesPart ? load<f64>(first + (<usize>p << 3)) : 0)
  }
  for (let row = 0; row < height; row++) {
    for (let way = 0; way < degree >> 1; way++) {
      if (row >= endOfColumn(way)) continue
      const step = rowsOf(way) * width + columnsOf(way)
      const values = load<usize>(weights + (<usize>way << 4))
      let weight = load<f64>(weights + (<usize>way << 4), 8)
      for (let p = row * width + beginOf(way), last = row * width + endOfRow(way); p < last; p++) {
        const q = p + step
        if (values) weight = load<f64>(values + (<usize>p << 3))
        const isIn = labelOf(p) == a || labelOf(p) == b
        const isOther = labelOf(q) == a || labelOf(q) == b
        const apart = isIn && isOther ? weight * distanceOf(a, b) : 0
        if (isIn != isOther) {
          const fixed = labelOf(isIn ? q : p)
          add(isIn ? p : q, weight * (distanceOf(b, fixed) - distanceOf(a, fixed)))
        }
        tie(p, q, way, apart, apart)
      }
    }
    markRows(degree, row, row + 1)
  }
}
