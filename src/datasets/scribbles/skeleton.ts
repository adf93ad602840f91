/**
 * What is left of a region when it is thinned from its edge until nothing can go but the ends of its longest way: a line of one
 * pixel in the middle, with a ring around every hole (Pudney 1998, "Distance-Ordered Homotopic Thinning"). Pixels go one by one
 * and the outer ones first: no two of them can take a region apart together, as they can in Zhang and Suen's passes, which leave
 * nothing of a square of two by two.
 */
import { stepsAround, type Region } from './regions.js'

/**
 * Thins a region.
 * @param order its pixels as they are to go: the outer ones first
 * @param ends  pixels that stay
 * @returns     [height, width] of the region: 1 on the skeleton, which is connected as the region is and has its holes
 */
export function thin ({ width, inside }: Pick<Region, 'width' | 'inside'>, order: readonly number[], ends: readonly number[]): Uint8Array {
  const skeleton = inside.slice()
  const around = stepsAround(width)
  let candidates = order.filter(pixel => !ends.includes(pixel))
  for (let left = Infinity; candidates.length < left;) {
    left = candidates.length
    candidates = candidates.filter(pixel => {
      if (!isSimple(around.map(step => skeleton[pixel + step]!))) return true
      skeleton[pixel] = 0
      return false
    })
  }
  return skeleton
}

/**
 * Whether what is around a pixel hangs together without it, and what is outside does not by its going: Yokoi's number of
 * connectivity is 1 (regions hang together by sides and corners, what is outside by sides).
 * @param x its eight neighbours, one after the other around it from a side on: 1 in the region
 */
function isSimple (x: number[]): boolean {
  let connections = 0
  for (let side = 0; side < 8; side += 2) connections += (1 - x[side]!) * (1 - (1 - x[side + 1]!) * (1 - x[(side + 2) % 8]!))
  return connections === 1
}
