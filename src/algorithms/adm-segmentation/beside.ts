/**
 * What a method has a picture fed beside itself after the warm-up, and when that is found: the labelling X of ADM and of proposals,
 * the weights of a grid CRF, the prices of a dense one. Numbers of a picture lie in one row. Next hops: x-step/, losses.ts.
 */
import { segment } from '../../segmentation/segment.js'
import { weighContrast } from '../../segmentation/contrast.js'
import type { GridPairs, Method, MethodOf } from './methods.js'
import { openDenseStep, openPrices } from './x-step/dense.js'
import { openGridStep } from './x-step/grid.js'
import { unaryOf, writeOneHot, type Picture } from './x-step/x-step.js'

export interface Beside {
  /** as losses.ts reads it */
  name: 'shares' | 'weights' | 'prices'
  /** numbers of a picture: so many maps, [maps, height, width, numbers of a pixel] */
  width: number
  maps: number
  /** once, when the warm-up ends; at every step for the pictures of its batch; for all pictures after so many epochs */
  when: 'once' | 'steps' | 'epochs'
  /**
   * Finds the row of picture i.
   * @param shares what the network says of it, [height, width, labels]; not looked at where it is found once
   * @param last   its row of before, all 0 where there is none
   */
  find (i: number, shares: Float32Array, last: Float32Array, into: Float32Array): void
}

export interface BesideOptions {
  labels: number
  /** of a picture */
  pixels: number
  /** of what a step sees of it */
  seen: number
  pictureAt (i: number): Picture
}

/** What a method needs; undefined where it learns from the masks or the scribbles alone. */
export function besideOf (method: Method, options: BesideOptions): Beside | undefined {
  switch (method.type) {
    case 'adm': return labellings(method, options)
    case 'proposals': return proposals(options)
    case 'gd': return method.pairs.type === 'grid' ? weights(method.pairs, options) : prices(method, options)
    default: return undefined
  }
}

function labellings (method: MethodOf<'adm'>, { labels, pixels, pictureAt }: BesideOptions): Beside {
  const { pairs } = method
  const stepOf = kept((i: number) => pairs.type === 'grid'
    ? openGridStep(pictureAt(i), labels, method, pairs)
    : openDenseStep(pictureAt(i), labels, method, pairs))
  return {
    name: 'shares',
    width: pixels * labels,
    maps: 1,
    when: method.every === 0 ? 'steps' : 'epochs',
    find (i, shares, last, into) { stepOf(i)(unaryOf(shares, pictureAt(i), method, labels), last, into) }
  }
}

/** A picture whose scribbles lack a label has nothing to learn its colours from: it has no proposal, and teaches its scribbles alone. */
function proposals ({ labels, pixels, pictureAt }: BesideOptions): Beside {
  return {
    name: 'shares',
    width: pixels * labels,
    maps: 1,
    when: 'once',
    find (i, _shares, _last, into) {
      const { pixels: picture, scribbles } = pictureAt(i)
      const seen = new Set(scribbles)
      if (Array.from({ length: labels }, (_, label) => label).some(label => !seen.has(label))) return
      const { labelling } = segment(picture, { width: picture.width, height: picture.height, data: scribbles }, { labels })
      writeOneHot(labelling, labels, into)
    }
  }
}

function weights (pairs: GridPairs, { pixels, pictureAt }: BesideOptions): Beside {
  return {
    name: 'weights',
    width: pairs.neighbours / 2 * pixels,
    maps: pairs.neighbours / 2,
    when: 'once',
    find (i, _shares, _last, into) {
      weighContrast(pictureAt(i).pixels, { ...pairs, lambda: 1 }).weights.forEach((way, at) => { into.set(way, at * pixels) })
    }
  }
}

/** Prices of a step have the weight lambda of a mean over what it sees: those of pixels that it does not see are left out. */
function prices ({ lambda, pairs }: MethodOf<'gd'>, { labels, pixels, seen, pictureAt }: BesideOptions): Beside {
  if (pairs.type !== 'dense') throw new Error(`Prices are of a dense CRF, got ${pairs.type}`)
  const pricesOf = kept((i: number) => openPrices(pictureAt(i), labels, lambda * pixels / seen, pairs))
  return {
    name: 'prices',
    width: pixels * labels,
    maps: 1,
    when: 'steps',
    find (i, shares, _last, into) { pricesOf(i)(shares, into) }
  }
}

/** Makes what belongs to a picture once, and keeps that of the pictures seen last. */
function kept<T> (make: (i: number) => T): (i: number) => T {
  const made = new Map<number, T>()
  return i => {
    const known = made.get(i) ?? make(i)
    made.delete(i)
    made.set(i, known)
    if (made.size > MOST_KEPT) made.delete(made.keys().next().value!)
    return known
  }
}

/** Weights of a picture of 256 x 256 take 2 MB, its lattice some 20. */
const MOST_KEPT = 64
