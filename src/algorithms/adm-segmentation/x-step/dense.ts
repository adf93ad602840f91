/**
 * X for a dense CRF: marginals by mean field from the last ones, in place of labels, and the gradient that descent on its relaxation
 * needs. The CRF is at a part of the picture's size, as in the paper's code, where it is asked for (scale.ts): of blocks of pixels
 * with their mean colours and shares.
 */
import { UNLABELLED } from '../../../datasets/unlabelled.js'
import { relaxationOf } from '../../../lattice/dense-crf.js'
import { meanField } from '../../../lattice/mean-field.js'
import { createDensePairwise, type DensePairwise } from '../../../lattice/pairwise.js'
import type { DensePairs, MethodOf } from '../methods.js'
import { enlarge, shrink, shrinkCosts, spread, type Grid } from './scale.js'
import type { Picture, XStep } from './x-step.js'

/** Opens the X-step of a picture: its lattice is made once. Hard scribbles are kept pixel by pixel, at every scale. */
export function openDenseStep (picture: Picture, labels: number, { lambda, rounds, scribbles }: MethodOf<'adm'>, pairs: DensePairs): XStep {
  const grid = gridOf(picture, pairs)
  const pairwise = openPairwise(picture, pairs, lambda)
  return (unary, last, into) => {
    const start = last.some(share => share > 0) ? { start: toPlanes(shrink(last, labels, grid), labels) } : {}
    const { q } = meanField({ pairwise, labels, unary: shrinkCosts(unary, grid) }, { iterations: rounds, ...start })
    into.set(enlarge(fromPlanes(q, labels), labels, grid))
    if (scribbles === 'hard') keepScribbles(picture, labels, into)
  }
}

/** Prices of a picture's shares: what descent on the relaxation follows. */
export interface Prices {
  /**
   * dR/dS of lambda R(S) / pixels, R = sum_k S_k' W (1 - S_k) / 2, each pair counted once; at a part of the size pixels and their
   * shares are the blocks'.
   * @param shares S, [height, width, labels]
   * @param into   [height, width, labels]
   */
  (shares: Float32Array, into: Float32Array): void
}

/** Opens the prices of a picture: its lattice is made once. */
export function openPrices (picture: Picture, labels: number, lambda: number, pairs: DensePairs): Prices {
  const grid = gridOf(picture, pairs)
  const pairwise = openPairwise(picture, pairs, lambda * pairs.scale ** 2 / (2 * picture.scribbles.length))
  return (shares, into) => {
    const { gradient } = relaxationOf({ pairwise, labels }, toPlanes(shrink(shares, labels, grid), labels))
    into.set(spread(fromPlanes(gradient, labels), labels, grid))
  }
}

function gridOf ({ pixels: { width, height } }: Picture, { scale }: DensePairs): Grid {
  return { width, height, scale }
}

/** A weight of 0 is no kernel: prices of next to nothing stand for it. */
function openPairwise (picture: Picture, pairs: DensePairs, weight: number): DensePairwise {
  const { pixels: { width, height, channels, data } } = picture
  const { position, colour, scale } = pairs
  return createDensePairwise(
    { width: width / scale, height: height / scale, channels, pixels: shrink(data, channels, gridOf(picture, pairs)) },
    [{ weight: Math.max(Number.MIN_VALUE, weight), position: position / scale, colour }]
  )
}

/** A pixel with a scribble has its label, whatever its block has. @param shares [height, width, labels] */
function keepScribbles ({ scribbles }: Picture, labels: number, shares: Float32Array): void {
  scribbles.forEach((label, p) => {
    if (label !== UNLABELLED) shares.fill(0, p * labels, (p + 1) * labels)[p * labels + label] = 1
  })
}

/** [pixels, labels] to [labels, pixels]. */
function toPlanes (shares: Float32Array, labels: number): Float32Array {
  const pixels = shares.length / labels
  return Float32Array.from(shares, (_, i) => shares[(i % pixels) * labels + Math.floor(i / pixels)]!)
}

/** [labels, pixels] to [pixels, labels]. */
function fromPlanes (planes: Float32Array, labels: number): Float32Array {
  const pixels = planes.length / labels
  return Float32Array.from(planes, (_, i) => planes[(i % labels) * pixels + Math.floor(i / labels)]!)
}
