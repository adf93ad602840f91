/** Data sets with classes in a few words: what most tests have. */
import { numberedClasses } from '../../src/datasets/classes.js'
import type { DatasetDescription, LabelledSplit, Split } from '../../src/datasets/dataset.js'
import { toInputs } from '../../src/datasets/description.js'

export interface InShort {
  id?: string
  inputShape: number[]
  dtype?: 'uint8' | 'float32'
  classes?: number
  labelNames?: string[]
  trainCount: number
  testCount: number
}

/** Describes a data set with classes. */
export function describeClassified (short: InShort): DatasetDescription {
  const { id = 'd', inputShape, dtype = 'float32', classes = 2, labelNames, trainCount, testCount } = short
  const target = labelNames === undefined ? numberedClasses(classes) : { type: 'classes' as const, names: labelNames }
  return { id, fields: { inputs: toInputs(inputShape, dtype), target }, counts: { train: trainCount, test: testCount } }
}

/** Examples with labels as a split's arrays. */
export function toSplit ({ inputs, labels, count }: LabelledSplit): Split {
  return { count, arrays: { inputs, target: labels } }
}
