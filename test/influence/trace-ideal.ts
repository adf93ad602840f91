/**
 * TracIn in its ideal form and in its first-order form, on a Float64 network trained by single examples: the measure
 * of what the approximations of src/influence approximate.
 */
import type { Mlp } from '../helpers/exact-mlp.js'

export interface IdealOptions {
  mlp: Mlp
  /** weights before the first step, not changed */
  weights: Float64Array
  /** [features] each */
  inputs: readonly ArrayLike<number>[]
  labels: readonly number[]
  /** the example of every step, in order: batches of one */
  order: readonly number[]
  learningRate: number
  /** the example whose loss is traced */
  query: { input: ArrayLike<number>, label: number }
}

export interface IdealInfluence {
  /** per training example: sum over its steps of l(w_t, z') - l(w_t+1, z') */
  ideal: Float64Array
  /** per training example: sum over its steps of eta grad l(w_t, z') . grad l(w_t, z_t) */
  firstOrder: Float64Array
  /** l(w_0, z') and l(w_T, z') */
  lossBefore: number
  lossAfter: number
}

/**
 * Traces stochastic gradient descent w_t+1 = w_t - eta grad l(w_t, z_t) and gives every step's change of the query's
 * loss to the example of the step. The ideal influences sum to l(w_0, z') - l(w_T, z') (completeness, by telescoping).
 * Source: Pruthi et al. 2020, arXiv 2002.08484 (TracInIdeal, its first-order approximation, completeness lemma).
 */
export function traceIdeal ({ mlp, weights, inputs, labels, order, learningRate, query }: IdealOptions): IdealInfluence {
  const w = weights.slice()
  const ideal = new Float64Array(inputs.length)
  const firstOrder = new Float64Array(inputs.length)
  const lossBefore = mlp.loss(w, query.input, query.label)
  let loss = lossBefore
  for (const example of order) {
    const step = gradientOf(mlp, w, inputs[example]!, labels[example]!)
    const ofQuery = gradientOf(mlp, w, query.input, query.label)
    let dot = 0
    for (let k = 0; k < w.length; k++) {
      dot += ofQuery[k]! * step[k]!
      w[k]! -= learningRate * step[k]!
    }
    const next = mlp.loss(w, query.input, query.label)
    ideal[example]! += loss - next
    firstOrder[example]! += learningRate * dot
    loss = next
  }
  return { ideal, firstOrder, lossBefore, lossAfter: loss }
}

/**
 * TracInCP over all parameters by explicit gradients: sum over checkpoints of eta grad l(w, z) . grad l(w, z').
 * The slow form that the factored ones must equal.
 */
export function traceCheckpoints (
  mlp: Mlp, checkpoints: readonly { weights: Float64Array, learningRate: number }[],
  example: { input: ArrayLike<number>, label: number }, query: { input: ArrayLike<number>, label: number }
): number {
  return checkpoints.reduce((sum, { weights, learningRate }) => {
    const left = gradientOf(mlp, weights, example.input, example.label)
    const right = gradientOf(mlp, weights, query.input, query.label)
    return sum + learningRate * left.reduce((dot, value, k) => dot + value * right[k]!, 0)
  }, 0)
}

function gradientOf (mlp: Mlp, weights: Float64Array, input: ArrayLike<number>, label: number): Float64Array {
  const gradient = new Float64Array(mlp.parameterCount)
  mlp.addGradient(weights, input, label, gradient)
  return gradient
}
