/**
 * The cost of a soft segmentation's edges, in forms that have a gradient: relaxations of the Potts model's
 *
 *   R(S) = sum over neighbours p, q of w_pq V(S_p, S_q),   V = [S_p != S_q] where all S are one-hot
 *
 * Losses of a grid CRF as in Marin, Tang, Ben Ayed, Boykov 2019, "Beyond Gradient Descent for Regularized Segmentation Losses".
 * They differ from its authors' code, where quadratic and TV lack the 1/2 and are twice Potts on one-hot labels, and where all
 * pairs of a batch are summed.
 */
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Engine } from '../engine.js'
import { relu } from '../ops.js'

/** bilinear: 1 - <a, b>; quadratic: |a - b|² / 2; tv: sum |a_k - b_k| / 2 */
export type Relaxation = 'bilinear' | 'quadratic' | 'tv'

/** sum: over the pairs, as the energies of cuts are; mean: over the pairs of a picture, as the authors' gradient descent has it */
export type Normalisation = 'sum' | 'mean'

export interface RelaxedPottsOptions {
  relaxation: Relaxation
  normalisation: Normalisation
  neighbours: 4 | 8
}

/** Ways to a neighbour in the order of their weights, those of 4 neighbours first: as src/graphcut/shape.ts has them. */
const ways = [[1, 0], [0, 1], [1, 1], [-1, 1]] as const

/**
 * R(S) of every picture of a batch.
 * @param shares  S, [n, height, width, classes]: >= 0, of each pixel 1 together
 * @param weights w >= 0, [n, neighbours / 2, height, width] in any shape: by way, from a pixel to its neighbour on that way; where
 *   there is none it counts for nothing. Not differentiated
 * @returns [n], a new tensor; 0 for a picture of one pixel
 */
export function relaxedPotts (engine: Engine, shares: Tensor4D, weights: Tensor, options: RelaxedPottsOptions): Tensor1D {
  const { tf } = engine
  const { relaxation, normalisation, neighbours } = options
  const [n, height, width] = shares.shape
  const byWay = tf.reshape(weights, [n, neighbours / 2, height, width]) as Tensor4D
  let pairs = 0
  const sums = ways.slice(0, neighbours / 2).flatMap(([x, y], way) => {
    const [rows, columns] = [height - y, width - Math.abs(x)]
    if (rows === 0 || columns === 0) return []
    pairs += rows * columns
    const [left, leftOfNeighbour] = [Math.max(0, -x), Math.max(0, x)]
    const a = tf.slice4d(shares, [0, 0, left, 0], [-1, rows, columns, -1])
    const b = tf.slice4d(shares, [0, y, leftOfNeighbour, 0], [-1, rows, columns, -1])
    const w = tf.reshape(tf.slice4d(byWay, [0, way, 0, left], [-1, 1, rows, columns]), [n, rows, columns])
    return [tf.sum(tf.mul(w, distance(engine, a, b, relaxation)), [1, 2])]
  })
  const sum = sums.length === 0 ? tf.zeros([n]) : tf.addN(sums)
  return (normalisation === 'sum' ? sum : tf.mul(sum, 1 / Math.max(1, pairs))) as Tensor1D
}

/** V of every pair, [n, rows, columns]. */
function distance (engine: Engine, a: Tensor4D, b: Tensor4D, relaxation: Relaxation): Tensor {
  const { tf } = engine
  switch (relaxation) {
    case 'bilinear': return tf.sub(1, tf.sum(tf.mul(a, b), 3))
    case 'quadratic': return tf.mul(0.5, tf.sum(tf.square(tf.sub(a, b)), 3))
    case 'tv': return tf.mul(0.5, tf.sum(absolute(engine, tf.sub(a, b)), 3))
  }
}

/** |x|, whose gradient is 0 at 0: that of tf.abs is -1 there, which would push apart what is equal. */
function absolute (engine: Engine, x: Tensor4D): Tensor4D {
  const { tf } = engine
  return tf.add(relu(engine, x), relu(engine, tf.neg(x)))
}
