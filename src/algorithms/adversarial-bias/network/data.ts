/** How many examples a network of this kind learns, is tested on, and is attacked on. Pure. */
import type { LabelledDescription } from '../../../datasets/labelled.js'
import type { NetworkProblem } from './spec.js'

/** Examples that are used of a data set: the first of each split. */
export interface Counts {
  train: number
  test: number
  /** of the test examples */
  attacked: number
}

/** Counts the examples. */
export function countsOf (
  { trainExamples = Infinity, testExamples = Infinity, evaluation }: Pick<NetworkProblem, 'trainExamples' | 'testExamples' | 'evaluation'>,
  { trainCount, testCount }: Pick<LabelledDescription, 'trainCount' | 'testCount'>
): Counts {
  const test = Math.min(testExamples, testCount)
  return { train: Math.min(trainExamples, trainCount), test, attacked: Math.min(evaluation.examples, test) }
}
