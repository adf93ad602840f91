/**
 * Why a trained network reads some test examples as it does: TracInCP of every training example on them over the last
 * layer, added up checkpoint by checkpoint while the trial has the factors at hand. Pure. Drawn by sheet.ts.
 * Pruthi et al. 2020, section 3, and its figures of proponents and opponents.
 */
import type { FieldArray } from '../../../datasets/dataset.js'
import type { Labels } from '../../../datasets/labelled.js'
import { topK } from '../../../influence/ranking.js'
import { gradientDot, type DenseFactors } from '../../../influence/scoring.js'
import type { Explained } from './schema.js'

/** Test examples that are explained where the spec names none. */
const explainedByDefault = 4
/** Proponents, and opponents, of a test example. */
const listed = 5

/** The test examples that a trial explains, by position. */
export function explainedOf ({ explain }: { explain?: number[] | undefined }, testCount: number): Int32Array {
  return Int32Array.from(explain ?? Array.from({ length: Math.min(explainedByDefault, testCount) }, (_, i) => i))
}

/**
 * Adds one checkpoint's part: weight x (a.a' + 1)(delta.delta') for every pair.
 * @param scores [tests, training examples], changed in place
 * @param weight of the checkpoint
 */
export function addInfluences (scores: Float64Array, tests: DenseFactors, train: DenseFactors, weight: number): void {
  const n = train.deltas.length / train.fanOut
  for (let test = 0; test < scores.length / n; test++) {
    for (let i = 0; i < n; i++) scores[test * n + i]! += weight * gradientDot(tests, test, train, i)
  }
}

/** What is known of the explained test examples and of the training examples at the end. */
export interface Traced {
  /** explained test examples by position */
  tests: Int32Array
  /** [tests, training examples] */
  scores: Float64Array
  /** finally predicted for the tests: a class, or values by rows */
  predictions: ArrayLike<number>
  testLabels: Labels
  /** training labels, and those of the data set */
  labels: Labels
  trueLabels: Labels
  /** where the training examples stand in the training split; left out: in their order */
  positions?: ArrayLike<number> | undefined
}

/** The training examples that lowered the loss of each test example most (proponents), and raised it most (opponents). */
export function explain ({ tests, scores, predictions, testLabels, labels, trueLabels, positions }: Traced): Explained[] {
  const n = tests.length === 0 ? 0 : scores.length / tests.length
  const width = tests.length === 0 ? 1 : predictions.length / tests.length
  const say = (values: FieldArray | ArrayLike<number>, index: number): number | number[] => values instanceof Int32Array
    ? values[index]!
    : Array.from({ length: width }, (_, k) => values[index * width + k]!)
  return Array.from(tests, (index, test) => {
    const ofTest = scores.subarray(test * n, (test + 1) * n)
    const list = (sign: 1 | -1) => topK(ofTest, listed, sign)
      .filter(i => sign * ofTest[i]! > 0)
      .map(i => ({ index: positions?.[i] ?? i, label: say(labels, i), trueLabel: say(trueLabels, i), score: ofTest[i]! }))
    return {
      index,
      label: say(testLabels, index),
      prediction: labels instanceof Int32Array ? predictions[test]! : say(predictions, test),
      proponents: list(1),
      opponents: list(-1)
    }
  })
}
