/**
 * TracInIdeal and its first-order form, recorded step by step while a network is trained by plain stochastic gradient
 * descent: the measure of what every cheaper form approximates.
 */
import type { DenseExamples, DenseFactors, DenseNetwork } from '../../tensor/float64/dense.js'

/** Influences of every training example on every query, [train, queries] by rows. */
export interface Influences {
  /** sum over the steps of an example of its part of l(w_t, z') - l(w_t+1, z') */
  ideal: Float64Array
  /** sum over the steps of an example of rate / batch <grad l(w_t, z), grad l(w_t, z')> */
  firstOrder: Float64Array
}

export interface Tracer {
  /** of the queries at the present weights */
  readonly queries: DenseFactors
  /**
   * Takes one step w_t+1 = w_t - rate / b sum over the batch of grad l(w_t, z), in place, and gives the change of every
   * query's loss to the examples of the step.
   * @returns mean loss of the batch before it
   */
  step (batch: Uint32Array, rate: number): number
}

/**
 * Opens the recording of a training.
 *
 * Batches of one example are the paper's TracInIdeal: the whole change belongs to the example. The paper has no ideal form
 * for larger ones. Here an example of a batch gets what it moved along the way from w_t to w_t+1,
 *
 *   rate / b integral over s in 0 .. 1 of <grad l(w_t, z), grad l(w_t + s (w_t+1 - w_t), z')>      (Aumann and Shapley's share)
 *
 * by the trapezoidal rule, and the rest that the rule leaves, of third order in the step, is shared equally. So for every
 * size of batch the influences of all examples sum to l(w_0, z') - l(w_T, z') (completeness), but for rounding.
 *
 * Source: Pruthi et al. 2020, arXiv 2002.08484, section 3: TracInIdeal, first-order approximation, mini-batches.
 * Cost of a step: the factors of all queries, and 2 x batch x queries products of gradients from factors.
 * @param theta      weights; changed by every step
 * @param influences changed by every step
 */
export function openTracer (
  network: DenseNetwork, theta: Float64Array, train: DenseExamples, queries: DenseExamples, { ideal, firstOrder }: Influences
): Tracer {
  const { count } = queries
  const ofQueries = network.room(count)
  network.pass(theta, queries, ofQueries)
  const before = new Float64Array(count)
  let members = network.room(0)
  let shares = new Float64Array(0)

  function reserve (batch: number): void {
    if (members.losses.length >= batch) return
    members = network.room(batch)
    shares = new Float64Array(batch * count)
  }

  return {
    queries: ofQueries,
    step (batch, rate) {
      const b = batch.length
      reserve(b)
      network.pass(theta, train, members, batch)
      for (let i = 0; i < b; i++) {
        for (let j = 0; j < count; j++) {
          const share = rate / b * network.dot(members, i, ofQueries, j)
          shares[i * count + j] = share
          firstOrder[batch[i]! * count + j]! += share
        }
      }
      before.set(ofQueries.losses)
      for (let i = 0; i < b; i++) network.addGradient(members, i, -rate / b, theta)
      network.pass(theta, queries, ofQueries)
      for (let j = 0; j < count; j++) {
        const change = before[j]! - ofQueries.losses[j]!
        if (b === 1) ideal[batch[0]! * count + j]! += change
        else shareOut(batch, j, { change, rate })
      }
      return sumOf(members.losses, b) / b
    }
  }

  /** ideal += share by the trapezoidal rule + (change - all such shares) / b, for the examples of a batch and one query. */
  function shareOut (batch: Uint32Array, j: number, { change, rate }: { change: number, rate: number }): void {
    const b = batch.length
    let rest = change
    for (let i = 0; i < b; i++) {
      const share = (shares[i * count + j]! + rate / b * network.dot(members, i, ofQueries, j)) / 2
      shares[i * count + j] = share
      rest -= share
    }
    for (let i = 0; i < b; i++) ideal[batch[i]! * count + j]! += shares[i * count + j]! + rest / b
  }
}

function sumOf (values: Float64Array, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += values[i]!
  return sum
}
