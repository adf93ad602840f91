/**
 * Labels the pixels of a picture of which some are given: learn the colours of labels, label all pixels at least cost, and
 * again with the colours that labels got (Rother, Kolmogorov, Blake 2004, "GrabCut"). Next hop: unary.ts, grid.ts, dense.ts.
 */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { openDense } from './dense.js'
import { openGrid } from './grid.js'
import type { Energy, Labeller } from './labeller.js'
import { checkSeeds, type Seeds } from './seeds.js'
import type { PairModel, SegmentOptions } from './spec.js'
import { openUnary } from './unary.js'

export interface Segmentation {
  /** [height, width] */
  labelling: Uint8Array
  /** of every iteration, by the colours as they were learnt for it */
  energies: Energy[]
}

/**
 * Segments a picture.
 * @param seeds of the same size
 * @throws AppError invalid_picture for seeds that are none of the labels, or lack one
 */
export function segment (pixels: Pixels, seeds: Seeds, { labels = 2, colours = { type: 'mixture' }, pairs = { type: 'grid' } }: SegmentOptions): Segmentation {
  checkSeeds(seeds, labels)
  const unary = openUnary(pixels, seeds.data, labels, colours)
  const label = openPairs(pixels, labels, pairs)
  const energies: Energy[] = []
  let labelling = seeds.data
  for (let i = 0; i < unary.iterations; i++) {
    unary.learn(labelling)
    const found = label(unary.costs(), i === 0 ? undefined : labelling)
    energies.push(found.energy)
    labelling = found.labelling
  }
  return { labelling, energies }
}

function openPairs (pixels: Pixels, labels: number, model: PairModel): Labeller {
  return model.type === 'dense' ? openDense(pixels, labels, model) : openGrid(pixels, labels, model)
}
