/**
 * The formulas of TracIn over stored factors, in plain TypeScript: what the blocked kernels of answer.ts must equal,
 * and what single pairs, shares and rankings are computed with. No tensor import.
 * Pruthi, Liu, Kale, Sundararajan 2020, arXiv 2002.08484.
 */
import type { NumericArray } from '../math/arrays.js'

/**
 * What the gradient of a dense layer's parameters is made of, example by example: dl/dW = delta a^T, dl/db = delta.
 * `delta` is the derivative of the un-averaged loss by the layer's pre-activation.
 */
export interface DenseFactors {
  /** inputs of the layer, [count, fanIn] */
  activations: NumericArray
  /** [count, fanOut] */
  deltas: NumericArray
  fanIn: number
  fanOut: number
}

/**
 * Dot product of two examples' gradients of one dense layer, bias included, without forming either gradient:
 *
 *   <delta a^T, delta' a'^T> + <delta, delta'> = (a.a' + 1)(delta.delta')
 *
 * Cost fanIn + fanOut multiplications instead of fanIn x fanOut.
 */
export function gradientDot (left: DenseFactors, i: number, right: DenseFactors, j: number): number {
  return (rowDot(left.activations, i, right.activations, j, left.fanIn) + 1) *
    rowDot(left.deltas, i, right.deltas, j, left.fanOut)
}

/**
 * Squared norm of one example's gradient of one dense layer, bias included: (|a|^2 + 1) |delta|^2.
 * Weighed and summed over layers and checkpoints it is the self-influence TracInCP(z, z).
 */
export function gradientSquare (factors: DenseFactors, i: number): number {
  return gradientDot(factors, i, factors, i)
}

/**
 * Adds weight x |gradient|^2 of every example to totals: one checkpoint's and layer's part of the self-influence.
 * @param totals [count], changed in place
 * @param from   position in totals of the factors' first example
 */
export function addSelfInfluence (totals: Float64Array, factors: DenseFactors, weight: number, from = 0): void {
  const count = factors.deltas.length / factors.fanOut
  for (let i = 0; i < count; i++) totals[from + i]! += weight * gradientSquare(factors, i)
}

/**
 * Influence of one example on another, checkpoint by checkpoint:
 *
 *   share_c = weight_c * sum over layers of (a.a' + 1)(delta.delta'),   TracInCP(z, z') = sum over c of share_c
 *
 * @param left   per checkpoint, per layer: factors that hold example i
 * @param right  the same for example j
 * @param weights  what each checkpoint counts: weighing.ts
 * @returns        one share per checkpoint; > 0: i made j's loss smaller (proponent)
 */
export function influenceShares (
  left: readonly DenseFactors[][], i: number, right: readonly DenseFactors[][], j: number, weights: readonly number[]
): number[] {
  return weights.map((weight, c) => {
    let sum = 0
    for (let layer = 0; layer < left[c]!.length; layer++) {
      sum += gradientDot(left[c]![layer]!, i, right[c]![layer]!, j)
    }
    return weight * sum
  })
}

/** Dot product of row i of one [n, width] array with row j of another. */
function rowDot (left: NumericArray, i: number, right: NumericArray, j: number, width: number): number {
  let sum = 0
  const p = i * width
  const q = j * width
  for (let k = 0; k < width; k++) sum += left[p + k]! * right[q + k]!
  return sum
}

/** Sum of a list of numbers, from the first to the last. */
export function total (values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}
