/** What there is to learn for a network: plain objects and typed arrays, which every thread of a crew can be given. */
import type { Dataset, LabelledSplit, Preprocessing } from '../../../datasets/dataset.js'
import { openLabelled } from '../../../datasets/labelled.js'
import type { Architecture } from '../../../tensor/architecture.js'
import type { Examples } from '../../../tensor/batches.js'
import { firstExamples } from '../../kit/data.js'
import { architectureOf } from '../../kit/network.js'
import { preprocessingOf } from '../../kit/preprocessing.js'
import type { ProblemOf } from './spec.js'

/** Classes of examples that a network learns and is tested on. */
export interface NetworkTask {
  architecture: Architecture
  preprocessing: Preprocessing
  /** that workers train on; held-out ones follow them in the data set */
  train: LabelledSplit<Int32Array>
  heldOut: LabelledSplit<Int32Array>
  test: LabelledSplit<Int32Array>
}

/**
 * Takes from a data set what a problem asks for. Inputs are scaled by all its training examples, held-out ones among them:
 * arms that hold out others learn from the same numbers.
 * @param counts of examples: the first of each split, then as many training ones that are held out
 */
export function taskOf (
  { network, scaling }: ProblemOf<'network'>, dataset: Dataset, counts: { train: number, heldOut: number, test: number }
): NetworkTask {
  const labelled = openLabelled(dataset)
  const all = counts.train + counts.heldOut
  const used = firstExamples(labelled.train, all) as LabelledSplit<Int32Array>
  return {
    architecture: architectureOf(network, labelled),
    preprocessing: preprocessingOf(scaling, dataset, { count: all }),
    train: firstExamples(used, counts.train),
    heldOut: lastExamples(used, counts.heldOut),
    test: firstExamples(labelled.test, counts.test) as LabelledSplit<Int32Array>
  }
}

function lastExamples ({ inputs, labels, count: all }: LabelledSplit<Int32Array>, count: number): LabelledSplit<Int32Array> {
  const width = inputs.length / all
  return { inputs: inputs.subarray((all - count) * width), labels: labels.subarray(all - count), count }
}

/** Examples as a network sees them. */
export function examplesOf (
  { architecture: { inputShape }, preprocessing }: NetworkTask, data: LabelledSplit<Int32Array>
): Examples & { target: Int32Array } {
  return { data, inputShape, preprocessing, target: data.labels }
}
