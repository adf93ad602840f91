/**
 * Weights of neighbouring pixels that fall where the picture changes:
 *
 *   w_pq = lambda exp(-|I_p - I_q|^2 / (2 sigma^2)) / dist(p, q)
 *
 * Boykov, Jolly 2001, "Interactive Graph Cuts for Optimal Boundary & Region Segmentation of Objects in N-D Images"; with
 * sigma^2 the mean of |I_p - I_q|^2 over all neighbours of the picture, as in Rother, Kolmogorov, Blake 2004, "GrabCut".
 */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { ways } from '../graphcut/shape.js'

export interface ContrastOptions {
  neighbours: 4 | 8
  /** weight of two equal pixels side by side: >= 0 */
  lambda: number
  /** in samples, 0 .. 255: > 0; from the picture when left out */
  sigma?: number
}

export interface Contrast {
  /** by way (graphcut/grid.ts), [height, width] each: from a pixel to its neighbour on that way, 0 where there is none */
  weights: Float64Array[]
  /** the one given, or the picture's own; 1 where no neighbours differ */
  sigma: number
}

/** Weighs all pairs of neighbours of a picture. */
export function weighContrast (pixels: Pixels, { neighbours, lambda, sigma: given }: ContrastOptions): Contrast {
  const differences = ways.slice(0, neighbours / 2).map(way => squareDifferences(pixels, way))
  const sigma = given ?? (Math.sqrt(meanOf(differences)) || 1)
  const weights = differences.map(({ values }, i) => {
    const { x, y } = ways[i]!
    const [most, exponent] = [lambda / Math.hypot(x, y), -0.5 / sigma ** 2]
    return values.map(value => value < 0 ? 0 : most * Math.exp(exponent * value))
  })
  return { weights, sigma }
}

/** |I_p - I_q|^2 of one way, -1 where there is no neighbour; their sum and how many there are. */
interface Differences { values: Float64Array, sum: number, count: number }

function squareDifferences ({ height, width, channels, data }: Pixels, { x, y }: typeof ways[number]): Differences {
  const values = new Float64Array(height * width).fill(-1)
  const [from, to] = [Math.max(0, -x), width - Math.max(0, x)]
  const toNeighbour = (y * width + x) * channels
  let sum = 0
  for (let row = 0; row < height - y; row++) {
    for (let pixel = row * width + from; pixel < row * width + to; pixel++) {
      let square = 0
      for (let at = pixel * channels; at < (pixel + 1) * channels; at++) square += (data[at]! - data[at + toNeighbour]!) ** 2
      values[pixel] = square
      sum += square
    }
  }
  return { values, sum, count: Math.max(0, height - y) * Math.max(0, to - from) }
}

function meanOf (differences: Differences[]): number {
  const [sum, count] = [differences.reduce((all, one) => all + one.sum, 0), differences.reduce((all, one) => all + one.count, 0)]
  return count === 0 ? 0 : sum / count
}
