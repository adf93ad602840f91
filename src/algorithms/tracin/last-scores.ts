/**
 * What a checkpoint adds to the scores over the last layer: self-influence, and influence on the explained test examples;
 * with adam in the measure of its second moments (src/influence/preconditioner.ts).
 */
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { coverageOf } from '../../influence/coverage.js'
import { preconditionedProducts, preconditionedSquares } from '../../influence/preconditioned.js'
import { preconditionerOf, type Preconditioner } from '../../influence/preconditioner.js'
import { addSelfInfluence, type DenseFactors } from '../../influence/scoring.js'
import type { Engine } from '../../tensor/engine.js'
import { adamConstants } from '../kit/descent.js'
import type { Learner } from '../kit/learner.js'
import { addInfluences } from './explained/influences.js'
import type { TrialState } from './trial-state.js'

/**
 * Adds the checkpoint's part.
 * @param train  factors of the training examples at its weights
 * @param tests  those of the explained test examples; undefined where none is explained
 * @param weight of the checkpoint
 */
export function addLastScores (
  trial: TrialState, learner: Learner, { train, tests, weight }: { train: DenseFactors, tests: DenseFactors | undefined, weight: number }
): void {
  const { scores, explained } = trial
  const preconditioner = preconditionerAt(learner)
  if (preconditioner !== undefined) return addPreconditioned(trial, preconditioner, { train, tests, weight })
  addSelfInfluence(scores.last, train, weight)
  if (tests) addInfluences(explained.scores, tests, train, weight)
}

/** D of adam's steps so far; undefined for sgd. */
export function preconditionerAt (learner: Learner): Preconditioner | undefined {
  const moments = learner.moments()
  return moments && preconditionerOf(moments, learner.steps(), adamConstants)
}

function addPreconditioned (
  { engine, architecture, scores, explained }: TrialState, preconditioner: Preconditioner,
  { train, tests, weight }: { train: DenseFactors, tests: DenseFactors | undefined, weight: number }
): void {
  const { layer } = coverageOf(architecture, 'last')[0]!
  const n = scores.last.length
  const tensors = { activations: onDevice(engine, train.activations, n), deltas: onDevice(engine, train.deltas, n) }
  const layers = [{ layer, ...tensors }]
  preconditionedSquares(engine, layers, preconditioner).forEach((square, i) => { scores.last[i]! += weight * square })
  if (tests) {
    explained.tests.forEach((_, test) => {
      const products = preconditionedProducts(engine, layers, [tests], test, preconditioner)
      products.forEach((product, i) => { explained.scores[test * n + i]! += weight * product })
    })
  }
  engine.tf.dispose(tensors)
}

function onDevice ({ tf }: Engine, values: DenseFactors['deltas'], n: number): Tensor2D {
  return tf.tensor2d(values as Float32Array, [n, values.length / n])
}
