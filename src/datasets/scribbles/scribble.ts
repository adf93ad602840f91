/**
 * Scribbles of a class map, as somebody would draw them who knows it: a stroke through each connected region from one end to the
 * other, in its middle; shortened about the stroke's middle, or a click where the region is deepest. Lengths are shares of the
 * whole stroke, as in the shortened scribbles of Tang, Perazzi, Djelouah, Ben Ayed, Schroers, Boykov 2018, "On Regularized Losses
 * for Weakly-supervised CNN Segmentation"; theirs were drawn by people, these are made of the map.
 */
import type { RandomStream } from '../../math/random.js'
import { UNLABELLED } from '../unlabelled.js'
import { measureDepths } from './depth.js'
import { findPath } from './path.js'
import { eachRegion, type Region } from './regions.js'
import { thin } from './skeleton.js'
import type { ScribbleOptions } from './spec.js'

/**
 * Draws the scribbles of a class map. Each stays in its region.
 * @param map    [height, width], classes; unlabelled pixels get none
 * @param stream all that is random: between which ends a stroke goes where a region has several, which of equally deep pixels is
 *   clicked, and in which regions there are scribbles when not in all
 * @returns      [height, width]: the class under a scribble, else UNLABELLED
 */
export function drawScribbles (
  map: Uint8Array, [height, width]: readonly [number, number], options: ScribbleOptions, stream: RandomStream
): Uint8Array {
  const scribbles = new Uint8Array(map.length).fill(UNLABELLED)
  const regions = [...eachRegion(map, height, width)]
  for (const region of options.regions === 'one' ? drawOnePerClass(regions, stream) : regions) {
    for (const pixel of widen(region, findStroke(region, options.length, stream), options.width)) {
      scribbles[(region.top + Math.floor(pixel / region.width)) * width + region.left + pixel % region.width] = region.label
    }
  }
  return scribbles
}

/** A region of each class, as likely as it is large. */
function drawOnePerClass (regions: Region[], stream: RandomStream): Region[] {
  const labels = [...new Set(regions.map(({ label }) => label))].sort((a, b) => a - b)
  return labels.map(wanted => {
    const ofClass = regions.filter(({ label }) => label === wanted)
    let at = stream.integer(ofClass.reduce((sum, { pixels }) => sum + pixels.length, 0))
    return ofClass.find(({ pixels }) => (at -= pixels.length) < 0)!
  })
}

/** The pixels of a stroke of one pixel's width. */
function findStroke (region: Region, length: number, stream: RandomStream): number[] {
  const { pixels, inside, width } = region
  const depths = measureDepths(region)
  const shuffled = Array.from(stream.permutation(pixels.length), i => pixels[i]!)
  const order = shuffled.toSorted((a, b) => depths[a]! - depths[b]!)
  if (length === 0) return [order.at(-1)!]
  const one = findPath(inside, width, shuffled[0]!).at(-1)! // farthest from any pixel, and the other one farthest from that
  const other = findPath(inside, width, one).at(-1)!
  const path = findPath(thin(region, order, [one, other]), width, one, other)
  return shorten(trim(path, depths), length)
}

/** Cuts the ends off that are less than a third as deep as the path is anywhere: nobody draws up to the edge. */
function trim (path: number[], depths: Int32Array): number[] {
  const least = Math.max(...path.map(pixel => depths[pixel]!)) / 9 // of squares
  const isDeep = (pixel: number): boolean => depths[pixel]! >= least
  return path.slice(path.findIndex(isDeep), path.findLastIndex(isDeep) + 1)
}

function shorten (path: number[], length: number): number[] {
  const kept = 1 + Math.round(length * (path.length - 1))
  const from = Math.floor((path.length - kept) / 2)
  return path.slice(from, from + kept)
}

/** The pixels of the region whose centres are within half a width of those of a stroke. */
function widen ({ width, inside }: Region, stroke: number[], thickness: number): number[] {
  const radius = thickness / 2
  const reach = Math.floor(radius)
  const wide = new Set(stroke)
  for (const pixel of stroke) {
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        const column = pixel % width + x
        const at = pixel + y * width + x
        if (x ** 2 + y ** 2 <= radius ** 2 && column >= 0 && column < width && inside[at] === 1) wide.add(at)
      }
    }
  }
  return [...wide]
}
