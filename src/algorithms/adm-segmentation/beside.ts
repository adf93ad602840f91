/**
 * What a method has a picture fed beside itself after the warm-up, and when that is found: the labelling X of ADM and of proposals,
 * the weights of a grid CRF, the prices of a dense one. Numbers of a picture lie in one row. Next hops: x-step/, losses.ts.
 */
import { sizeOf } from '../../math/arrays.js'
import type { Size } from '../../math/windows.js'
import { segment } from '../../segmentation/segment.js'
import { weighContrast } from '../../segmentation/contrast.js'
import { pictureAt, type Pictures } from './data.js'
import { countPairs, inFrame, seenOf, type Finder } from './frames.js'
import type { GridPairs, Method, MethodOf } from './methods.js'
import { openDenseStep, openPrices } from './x-step/dense.js'
import { openGridStep } from './x-step/grid.js'
import { unaryOf, writeOneHot } from './x-step/x-step.js'

export interface Beside extends Finder {
  /** as losses.ts reads it */
  name: 'shares' | 'weights' | 'prices'
  /** once, when the warm-up ends; at every step for the pictures of its batch; for all pictures after so many epochs */
  when: 'once' | 'steps' | 'epochs'
}

export interface BesideOptions {
  labels: number
  pictures: Pictures
  /** what a step sees of a frame */
  window: Size
}

/** What a method needs; undefined where it learns from the masks or the scribbles alone. */
export function besideOf (method: Method, options: BesideOptions): Beside | undefined {
  const beside = openBeside(method, options)
  return beside && inFrame(beside, options.pictures)
}

function openBeside (method: Method, options: BesideOptions): Beside | undefined {
  switch (method.type) {
    case 'adm': return labellings(method, options)
    case 'proposals': return proposals(options)
    case 'gd': return method.pairs.type === 'grid' ? weights(method.pairs, options) : prices(method, options)
    default: return undefined
  }
}

function labellings (method: MethodOf<'adm'>, { labels, pictures }: BesideOptions): Beside {
  const { pairs } = method
  const stepOf = kept((i: number) => pairs.type === 'grid'
    ? openGridStep(pictureAt(pictures, i), labels, method, pairs)
    : openDenseStep(pictureAt(pictures, i), labels, method, pairs))
  return {
    name: 'shares',
    width: sizeOf(pictures.frame) * labels,
    maps: 1,
    when: method.every === 0 ? 'steps' : 'epochs',
    find (i, shares, last, into) { stepOf(i)(unaryOf(shares, pictureAt(pictures, i), method, labels), last, into) }
  }
}

/** A picture whose scribbles lack a label has nothing to learn its colours from: it has no proposal, and teaches its scribbles alone. */
function proposals ({ labels, pictures }: BesideOptions): Beside {
  return {
    name: 'shares',
    width: sizeOf(pictures.frame) * labels,
    maps: 1,
    when: 'once',
    find (i, _shares, _last, into) {
      const { pixels: picture, scribbles } = pictureAt(pictures, i)
      const seen = new Set(scribbles)
      if (Array.from({ length: labels }, (_, label) => label).some(label => !seen.has(label))) return
      const { labelling } = segment(picture, { width: picture.width, height: picture.height, data: scribbles }, { labels })
      writeOneHot(labelling, labels, into)
    }
  }
}

/** Relaxations are divided by the pairs of the window, so that weights make it a mean over those of the picture that it has. */
function weights (pairs: GridPairs, { pictures, window }: BesideOptions): Beside {
  const { neighbours } = pairs
  return {
    name: 'weights',
    width: neighbours / 2 * sizeOf(pictures.frame),
    maps: neighbours / 2,
    when: 'once',
    find (i, _shares, _last, into) {
      const lambda = countPairs(window, neighbours) / Math.max(1, countPairs(seenOf(pictures, i, window), neighbours))
      let at = 0
      for (const way of weighContrast(pictureAt(pictures, i).pixels, { ...pairs, lambda }).weights) {
        into.set(way, at)
        at += way.length
      }
    }
  }
}

/** Prices of a step have the weight lambda of a mean over what it sees: those of pixels that it does not see are left out. */
function prices ({ lambda, pairs }: MethodOf<'gd'>, { labels, pictures, window }: BesideOptions): Beside {
  if (pairs.type !== 'dense') throw new Error(`Prices are of a dense CRF, got ${pairs.type}`)
  const pricesOf = kept((i: number) => {
    const picture = pictureAt(pictures, i)
    return openPrices(picture, labels, lambda * (picture.scribbles.length / sizeOf(seenOf(pictures, i, window))), pairs)
  })
  return {
    name: 'prices',
    width: sizeOf(pictures.frame) * labels,
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
