/** Labels by mean field where all pairs of pixels count, by how near they are in place and in colour: src/lattice. */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { energyOf } from '../lattice/dense-crf.js'
import { meanField } from '../lattice/mean-field.js'
import { createDensePairwise, type PairwiseKernel } from '../lattice/pairwise.js'
import type { Labeller } from './labeller.js'
import { defaults } from './spec.js'

export interface DenseOptions {
  kernels?: readonly PairwiseKernel[]
  /** updates of all pixels, at most */
  updates?: number
}

/** Opens the model. Every labelling begins at what the colours alone say. */
export function openDense (pixels: Pixels, labels: number, options: DenseOptions): Labeller {
  const { kernels = defaults.kernels, updates = defaults.updates } = options
  const { height, width, channels, data } = pixels
  const pairwise = createDensePairwise({ height, width, channels, pixels: data }, kernels)
  return {
    label: unary => meanField({ pairwise, labels, unary }, { iterations: updates }).labels,
    energyOf: (unary, labelling) => energyOf({ pairwise, labels, unary }, labelling),
    close () {}
  }
}
