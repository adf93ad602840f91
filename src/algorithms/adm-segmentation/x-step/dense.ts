/**
 * X for a dense CRF: marginals by mean field from the last ones, in place of labels, and the gradient that descent on its relaxation
 * needs.
 */
import { relaxationOf } from '../../../lattice/dense-crf.js'
import { meanField } from '../../../lattice/mean-field.js'
import { createDensePairwise, type DensePairwise } from '../../../lattice/pairwise.js'
import type { DensePairs, MethodOf } from '../methods.js'
import type { Picture, XStep } from './x-step.js'

/** Opens the X-step of a picture: its lattice is made once. */
export function openDenseStep (picture: Picture, labels: number, { lambda, rounds }: MethodOf<'adm'>, pairs: DensePairs): XStep {
  const pairwise = openPairwise(picture, pairs, lambda)
  return (unary, last, into) => {
    const start = last.some(share => share > 0) ? { start: toPlanes(last, labels) } : {}
    into.set(fromPlanes(meanField({ pairwise, labels, unary }, { iterations: rounds, ...start }).q, labels))
  }
}

/** Prices of a picture's shares: what descent on the relaxation follows. */
export interface Prices {
  /**
   * dR/dS of lambda R(S) / pixels, R = sum_k S_k' W (1 - S_k) / 2, each pair counted once.
   * @param shares S, [height, width, labels]
   * @param into   [height, width, labels]
   */
  (shares: Float32Array, into: Float32Array): void
}

/** Opens the prices of a picture: its lattice is made once. */
export function openPrices (picture: Picture, labels: number, lambda: number, pairs: DensePairs): Prices {
  const pairwise = openPairwise(picture, pairs, lambda / (2 * picture.scribbles.length))
  return (shares, into) => { into.set(fromPlanes(relaxationOf({ pairwise, labels }, toPlanes(shares, labels)).gradient, labels)) }
}

/** A weight of 0 is no kernel: prices of next to nothing stand for it. */
function openPairwise ({ pixels: { data, ...size } }: Picture, { position, colour }: DensePairs, weight: number): DensePairwise {
  return createDensePairwise({ ...size, pixels: data }, [{ weight: Math.max(Number.MIN_VALUE, weight), position, colour }])
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
