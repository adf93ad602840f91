/**
 * The networks of moves (AssemblyScript): who stays (x = 0) is on the source's side of the cut, who moves (x = 1) on the sink's.
 * What x_p = 1 costs more than x_p = 0 is what the source gives the pixel. ../moves.ts has the formulas.
 */
import { beginOf, columnsOf, endOfColumn, endOfRow, markRows, rowsOf } from './picture'
import { labels as sides } from './room'
import { capacities, firstPixel, height, terminals, width } from './topology'

/** u8[height, width]: the labelling, and the one that a move proposes */
let labels: usize = 0
let proposed: usize = 0
/** f64[height, width]: D of the labels that the pixels have; of the labels that a move gives: one, or for a swap two */
let current: usize = 0
let first: usize = 0
let second: usize = 0
/** by way: usize and f64: w, or 0 and what it is for all */
let weights: usize = 0
/** f64[K, K]: V; 0: Potts */
let distances: usize = 0
let labelCount: i32 = 0
let degree: i32 = 0

export function useProblem (
  degreeOf: i32, count: i32, labelling: usize, proposal: usize, unary: usize, firstUnary: usize, secondUnary: usize, weightTable: usize, distanceTable: usize
): void {
  degree = degreeOf
  labelCount = count
  labels = labelling
  proposed = proposal
  current = unary
  first = firstUnary
  second = secondUnary
  weights = weightTable
  distances = distanceTable
}

/** @param values f64[height, width]; 0: `value` for all */
export function useWeight (way: i32, values: usize, value: f64): void {
  store<usize>(weights + (<usize>way << 4), values)
  store<f64>(weights + (<usize>way << 4), value, 8)
}

/** V. */
// @ts-ignore: decorator
@inline
function distanceOf (a: i32, b: i32): f64 {
  return distances ? load<f64>(distances + (<usize>(a * labelCount + b) << 3)) : f64(a != b)
}

// @ts-ignore: decorator
@inline
function labelOf (pixel: i32): i32 {
  return <i32>load<u8>(labels + pixel)
}

// @ts-ignore: decorator
@inline
function add (pixel: i32, cost: f64): void {
  const at = terminals + (<usize>(firstPixel + pixel) << 3)
  store<f64>(at, load<f64>(at) + cost)
}

/** What it costs more to move than to stay; a pixel that may do neither may do both. */
// @ts-ignore: decorator
@inline
function begin (pixel: i32, go: f64, stay: f64): void {
  store<f64>(terminals + (<usize>(firstPixel + pixel) << 3), go == stay ? 0 : go - stay)
}

/** Sets an arc and its way back. */
// @ts-ignore: decorator
@inline
function tie (p: i32, q: i32, way: i32, capacity: f64): void {
  const arc = way << 1
  store<f64>(capacities + (<usize>((firstPixel + p) * degree + arc) << 3), capacity)
  store<f64>(capacities + (<usize>((firstPixel + q) * degree + arc + 1) << 3), capacity)
}

/** The network in which x_p = 1 gives the pixel a label. */
export function expandTo (label: i32): void {
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
        const both = weight * distanceOf(labelOf(p), labelOf(q))
        const stays = weight * distanceOf(label, labelOf(q))
        const goes = weight * distanceOf(labelOf(p), label)
        add(p, (stays - goes - both) / 2)
        add(q, (goes - stays - both) / 2)
        tie(p, q, way, max(0, goes + stays - both) / 2)
      }
    }
    markRows(degree, row, row + 1)
  }
}

/** The network in which pixels with a or b take a (x_p = 0) or b (x_p = 1), and all others stay. */
export function swapBetween (a: i32, b: i32): void {
  const count = width * height
  for (let p = 0; p < count; p++) {
    const takesPart = labelOf(p) == a || labelOf(p) == b
    begin(p, takesPart ? load<f64>(second + (<usize>p << 3)) : 0, takesPart ? load<f64>(first + (<usize>p << 3)) : 0)
  }
  for (let way = 0; way < degree >> 1; way++) {
    const step = rowsOf(way) * width + columnsOf(way)
    const values = load<usize>(weights + (<usize>way << 4))
    let weight = load<f64>(weights + (<usize>way << 4), 8)
    for (let row = 0, rows = endOfColumn(way); row < rows; row++) {
      for (let p = row * width + beginOf(way), last = row * width + endOfRow(way); p < last; p++) {
        const q = p + step
        if (values) weight = load<f64>(values + (<usize>p << 3))
        const isIn = labelOf(p) == a || labelOf(p) == b
        const isOther = labelOf(q) == a || labelOf(q) == b
        const apart = isIn && isOther ? weight * distanceOf(a, b) : 0
        if (isIn && isOther) {
        } else if (isIn || isOther) {
          const fixed = labelOf(isIn ? q : p)
          add(isIn ? p : q, weight * (distanceOf(b, fixed) - distanceOf(a, fixed)))
        }
        tie(p, q, way, apart)
      }
    }
  }
  markRows(degree, 0, height)
}

/**
 * Writes the labelling that the cut proposes.
 * @param a, b labels of those that stay and that move; a < 0: an expansion, whose pixels keep what they have
 * @returns whether it is another one
 */
export function propose (a: i32, b: i32): bool {
  let isOther = false
  for (let p = 0, count = width * height; p < count; p++) {
    const label = labelOf(p)
    const moves = load<u8>(sides + firstPixel + p) == 0
    let next = label
    if (a < 0) next = moves ? b : label
    else if (label == a || label == b) next = moves ? b : a
    store<u8>(proposed + p, <u8>next)
    if (next != label) isOther = true
  }
  return isOther
}

/** D of the label that a move gives a pixel, or that it has. */
// @ts-ignore: decorator
@inline
function unaryOf (pixel: i32, a: i32): f64 {
  const label = labelOf(pixel)
  const next = <i32>load<u8>(proposed + pixel)
  return load<f64>((next == label ? current : next == a ? first : second) + (<usize>pixel << 3))
}

/** sum_p D_p of what is proposed. @param a the label whose D is the first one */
export function energyUnary (a: i32): f64 {
  let sum: f64 = 0
  for (let p = 0, count = width * height; p < count; p++) sum += unaryOf(p, a)
  return sum
}

/** sum_pq w_pq V of what is proposed, pair by pair in the order of `eachPair` in ../energy.ts. */
export function energyPairs (): f64 {
  let sum: f64 = 0
  for (let way = 0; way < degree >> 1; way++) {
    const step = rowsOf(way) * width + columnsOf(way)
    const values = load<usize>(weights + (<usize>way << 4))
    let weight = load<f64>(weights + (<usize>way << 4), 8)
    for (let row = 0, rows = endOfColumn(way); row < rows; row++) {
      for (let p = row * width + beginOf(way), last = row * width + endOfRow(way); p < last; p++) {
        if (values) weight = load<f64>(values + (<usize>p << 3))
        sum += weight * distanceOf(<i32>load<u8>(proposed + p), <i32>load<u8>(proposed + p + step))
      }
    }
  }
  return sum
}

/** Makes what is proposed the labelling. */
export function takeProposed (a: i32): void {
  const count = width * height
  for (let p = 0; p < count; p++) store<f64>(current + (<usize>p << 3), unaryOf(p, a))
  memory.copy(labels, proposed, count)
}
