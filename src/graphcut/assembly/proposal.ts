/** What a cut proposes of a move (AssemblyScript), and its energy: only what lowers it is taken. */
import { beginOf, columnsOf, endOfColumn, endOfRow, rowsOf } from './picture'
import { current, degree, distanceOf, first, labelOf, labels, proposed, second, weights } from './problem'
import { labels as sides } from './room'
import { firstPixel, height, width } from './topology'

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
        const a = <i32>load<u8>(proposed + p)
        const b = <i32>load<u8>(proposed + p + step)
        if (a == b) continue // as most are, which costs nothing
        if (values) weight = load<f64>(values + (<usize>p << 3))
        sum += weight * distanceOf(a, b)
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
