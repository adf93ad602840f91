/**
 * Labels the pixels of a picture of which some are given: learn the colours of labels, label all pixels at least cost, and
 * again with the colours that labels got (Rother, Kolmogorov, Blake 2004, "GrabCut"). Next hop: unary.ts, grid.ts, dense.ts.
 *
 * Differs: when more iterations follow, the first one labels by colours alone. What is learnt from it is as good (the mean IoU of
 * nuclei changes by less than 0.001), and by seeds alone, whose colours tell least, a cut takes three times as long as the next.
 */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { cheapest } from '../math/label-costs.js'
import { openDense } from './dense.js'
import { openGrid } from './grid.js'
import { openPicture, type KernelPicture } from './kernels.js'
import type { Energy, Labeller } from './labeller.js'
import { checkSeeds, type Seeds } from './seeds.js'
import { defaults, type PairModel, type SegmentOptions } from './spec.js'
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
export function segment (pixels: Pixels, seeds: Seeds, options: SegmentOptions): Segmentation {
  const { labels = defaults.labels, colours = defaults.colours, pairs = defaults.pairs } = options
  checkSeeds(seeds, labels)
  const picture = openPicture(pixels)
  const unary = openUnary(picture, pixels, seeds.data, labels, colours)
  const model = openPairs(picture, pixels, labels, pairs)
  const energies: Energy[] = []
  let labelling = seeds.data
  try {
    for (let i = 0; i < unary.iterations; i++) {
      unary.learn(labelling)
      const costs = unary.costs()
      if (i === 0) labelling = cheapest(costs, labelling.length)
      if (i > 0 || unary.iterations === 1) labelling = model.label(costs, labelling)
      energies.push(model.energyOf(costs, labelling))
    }
  } finally {
    model.close()
    picture.close()
  }
  return { labelling, energies }
}

function openPairs (picture: KernelPicture, pixels: Pixels, labels: number, model: PairModel): Labeller {
  return model.type === 'dense' ? openDense(pixels, labels, model) : openGrid(picture, labels, model)
}
