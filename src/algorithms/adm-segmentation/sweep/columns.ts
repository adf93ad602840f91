/**
 * Weights between the columns of a picture: what all pairs of its pixels come to where labels, or shares, depend on the column alone,
 *
 *   W_ab = sum over pixels p of column a and q of column b of w_pq,   each pair once, a <= b.
 *
 * A cost of a straight boundary is then a sum over pairs of columns, for grids and for dense CRFs alike. Pairs within a column cost
 * nothing between labels, but pixels that are undecided alike do in the bilinear relaxation; so do single ones with a dense CRF, whose
 * pixels are their own neighbours (src/lattice/pairwise.ts), by half a pair.
 */
import type { Pixels } from '../../../datasets/formats/pictures/picture.js'
import { eachPair } from '../../../graphcut/energy.js'
import { createDensePairwise } from '../../../lattice/pairwise.js'
import { weighContrast } from '../../../segmentation/contrast.js'
import type { DensePairs, GridPairs, Pairs } from '../methods.js'

export interface Columns {
  width: number
  /** columns on that a weight reaches: 1 for a grid */
  reach: number
  /** W_ab of the columns a and b = a + d, 0 <= d <= reach; 0 where there is no column b: [width, reach + 1] */
  weights: Float64Array
}

/** Columns of a dense CRF between two yields: with 1,024 pixels 0.1 s of a core. */
const PART = 32

/** Weighs the columns of a picture, in parts. @throws RangeError for a dense CRF of more than 4,096 pixels: all pairs are summed */
export function * weighColumns (pixels: Pixels, pairs: Pairs): Generator<void, Columns> {
  return pairs.type === 'grid' ? weighGrid(pixels, pairs) : yield * weighDense(pixels, pairs)
}

function weighGrid (pixels: Pixels, pairs: GridPairs): Columns {
  const { width, height } = pixels
  const weights = new Float64Array(2 * width)
  const contrast = weighContrast(pixels, { ...pairs, lambda: 1 })
  eachPair({ shape: { width, height, neighbours: pairs.neighbours }, weights: contrast.weights }, (p, q, weight) => {
    const [a, b] = [p % width, q % width]
    weights[2 * Math.min(a, b) + Math.abs(a - b)]! += weight
  })
  return { width, reach: 1, weights }
}

/** W of a dense CRF says of the pixels of one column what they are to all others. */
function * weighDense ({ data, ...size }: Pixels, { position, colour }: DensePairs): Generator<void, Columns> {
  const { width, height } = size
  const points = width * height
  const weights = new Float64Array(width * width)
  const { apply } = createDensePairwise({ ...size, pixels: data }, [{ weight: 1, position, colour }], { method: 'exact' })
  for (let from = 0; from < width; from += PART) {
    const count = Math.min(PART, width - from)
    const marked = Float32Array.from({ length: count * points }, (_, i) => Number(i % width === from + Math.floor(i / points)))
    const felt = new Float32Array(count * points)
    apply(marked, count, felt)
    for (let i = 0; i < count; i++) {
      for (let p = 0; p < points; p++) {
        const [a, b] = [p % width, from + i]
        if (a <= b) weights[a * width + b - a]! += felt[i * points + p]! / (a < b ? 1 : 2) // within a column each pair is felt at both ends
      }
    }
    yield
  }
  return { width, reach: width - 1, weights }
}
