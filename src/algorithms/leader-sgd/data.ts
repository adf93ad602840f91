/** What a network of this kind can learn, and how many examples of it there are to learn from and to be tested on. Pure. */
import type { Accepts } from '../../datasets/accepts.js'
import type { DatasetDescription } from '../../datasets/dataset.js'
import { describeLabelled, type LabelledDescription } from '../../datasets/labelled.js'
import type { LeaderSpec } from './spec.js'
import type { ProblemOf } from './problems/spec.js'

/** Classes alone: errors of values would be no parts of a split. */
export const labelledClasses = { inputs: ['image', 'features', 'tokens'], target: ['classes'] } as const satisfies Accepts

/** Describes the data of a network. @throws AppError unfit_dataset */
export function describe (data: DatasetDescription): LabelledDescription {
  return describeLabelled(data, 'spec.problem.data', labelledClasses)
}

/** Examples that are used of a data set. */
export interface Counts {
  /** that workers train on, held-out ones not among them */
  train: number
  heldOut: number
  test: number
}

/** Counts the examples of one arm. @param method the arm's */
export function countsOf (
  { trainExamples = Infinity, testExamples = Infinity }: ProblemOf<'network'>, method: LeaderSpec['methods'][number],
  { trainCount, testCount }: Pick<LabelledDescription, 'trainCount' | 'testCount'>
): Counts {
  const all = Math.min(trainExamples, trainCount)
  const heldOut = method.type === 'lsgd' && method.leader.type === 'held-out' ? method.leader.examples : 0
  return { train: all - heldOut, heldOut, test: Math.min(testExamples, testCount) }
}
