/** What a trial sees of a data set, in Float64, and the network that a spec means for it. */
import type { Dataset, LabelledSplit, Preprocessing } from '../../datasets/dataset.js'
import type { Accepts } from '../../datasets/accepts.js'
import { openLabelled, type LabelledDescription, type Labels } from '../../datasets/labelled.js'
import { perNumber, scaleTargets, seenNumber } from '../../datasets/scaling.js'
import { sizeOf } from '../../math/arrays.js'
import type { RandomStream } from '../../math/random.js'
import { planOf, type Architecture } from '../../tensor/architecture.js'
import type { DenseExamples, DenseNet } from '../../tensor/float64/dense.js'
import { firstExamples } from '../kit/data.js'
import { architectureOf } from '../kit/network.js'
import { preprocessingOf } from '../kit/preprocessing.js'
import type { ApproximationSpec } from './spec.js'

/** What the data must be. */
export const accepts = { inputs: ['image', 'features'], target: ['classes', 'values'] } as const satisfies Accepts

/** Examples and their scaling. */
export interface TrialData {
  train: DenseExamples
  tests: DenseExamples
  preprocessing: Preprocessing
  architecture: Architecture
}

/** Opens the examples that a spec asks for, as a network sees them. */
export function openData (spec: ApproximationSpec, data: Dataset): TrialData {
  const dataset = openLabelled(data)
  const counts = countsOf(spec, dataset)
  const preprocessing = preprocessingOf(spec.scaling, data, { count: counts.train, head: dataset.target.type })
  const seen = (split: LabelledSplit<Labels>, count: number) => seenBy(firstExamples(split, count), preprocessing)
  return {
    train: seen(dataset.train, counts.train),
    tests: seen(dataset.test, counts.tests),
    preprocessing,
    architecture: architectureOf(spec.network, dataset)
  }
}

/** How many examples of each split are used. */
export function countsOf (
  { trainExamples, testExamples }: ApproximationSpec, { trainCount, testCount }: Pick<LabelledDescription, 'trainCount' | 'testCount'>
): { train: number, tests: number } {
  return { train: Math.min(trainExamples, trainCount), tests: Math.min(testExamples, testCount) }
}

/** The network of a spec over some data, for Float64. */
export function netOf ({ network }: ApproximationSpec, { inputs, target }: Pick<LabelledDescription, 'inputs' | 'target'>): DenseNet {
  const [outputs, loss] = target.type === 'classes' ? [target.names.length, 'cross-entropy' as const] : [target.columns.length, 'squared' as const]
  const [hidden, activation] = network.type === 'mlp' ? [network.hidden, network.activation] : [[], 'tanh' as const]
  return { sizes: [sizeOf(inputs.shape), ...hidden, outputs], activation, loss }
}

/** Fresh weights, those that the tensor engine would begin with. @returns flat, as DenseNetwork has them */
export function initialWeights (architecture: Architecture, stream: RandomStream): Float64Array {
  return Float64Array.from(planOf(architecture).flatMap(({ parameters }) =>
    parameters.flatMap(({ shape, initial }) => Array.from(initial(sizeOf(shape), stream)))))
}

/** Inputs and targets after their scaling, rounded to float32 as the stored model sees them. */
function seenBy ({ inputs, labels, count }: LabelledSplit<Labels>, preprocessing: Preprocessing): DenseExamples {
  const width = inputs.length / count
  const scales = perNumber(preprocessing, width)
  const seen = new Float64Array(inputs.length)
  for (let k = 0; k < seen.length; k++) seen[k] = seenNumber(inputs[k]!, scales, k % width)
  return { inputs: seen, targets: Float64Array.from(scaleTargets(labels, preprocessing)), count }
}
