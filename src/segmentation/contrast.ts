/**
 * Weights of neighbouring pixels that fall where the picture changes:
 *
 *   w_pq = lambda exp(-|I_p - I_q|^2 / (2 sigma^2)) / dist(p, q)
 *
 * Boykov, Jolly 2001, "Interactive Graph Cuts for Optimal Boundary & Region Segmentation of Objects in N-D Images"; with
 * sigma^2 the mean of |I_p - I_q|^2 over all neighbours of the picture, as in Rother, Kolmogorov, Blake 2004, "GrabCut".
 */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { eachRow } from '../graphcut/energy.js'
import { ways } from '../graphcut/shape.js'
import { openPicture, type KernelPicture } from './kernels.js'

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
export function weighContrast (pixels: Pixels, options: ContrastOptions): Contrast {
  const picture = openPicture(pixels)
  const { places, sigma } = layContrast(picture, options)
  const weights = places.map(place => picture.numbersAt(place, picture.pixels).slice())
  picture.close()
  return { weights, sigma }
}

/** The same beside the picture. @returns the places of the weights */
export function layContrast (
  picture: KernelPicture, { neighbours, lambda, sigma: given }: ContrastOptions
): { places: number[], sigma: number } {
  const { kernels, pixels } = picture
  const taken = ways.slice(0, neighbours / 2)
  const sigma = given ?? (Math.sqrt(meanSquare()) || 1)
  const exponent = -0.5 / sigma ** 2
  const places = taken.map((way, i) => {
    const most = lambda / Math.hypot(way.x, way.y)
    const place = picture.lay(8 * pixels)
    picture.numbersAt(place, pixels).fill(0)
    eachRow(picture, i, (from, until, to) => { kernels.weigh(from, until, to, most, exponent, place) })
    return place
  })
  return { places, sigma }

  function meanSquare (): number {
    let [sum, pairs] = [0, 0]
    for (const i of taken.keys()) {
      eachRow(picture, i, (from, until, to) => {
        sum += kernels.sumSquares(from, until, to)
        pairs += until - from
      })
    }
    return pairs === 0 ? 0 : sum / pairs
  }
}
