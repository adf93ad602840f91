/**
 * What a network sees of a data set: its inputs as stored and scaled, or their principal components. What sees components
 * is stored with the projection in its first layer: an ordinary network on stored inputs. No tensor library here.
 */
import type { ClassesDataset, ClassesDescription } from '../../../datasets/classes.js'
import type { Dataset, Preprocessing } from '../../../datasets/dataset.js'
import { perNumber, seenNumber } from '../../../datasets/scaling.js'
import type { NamedArrays } from '../../../math/arrays.js'
import { principalComponents, type PrincipalComponents } from '../../../math/principal-components.js'
import { dotAt } from '../../../math/vectors.js'
import { parameterShapes, type Architecture } from '../../../tensor/architecture.js'
import type { Examples } from '../../../tensor/batches.js'
import type { RunContext } from '../../contract.js'
import { firstExamples } from '../../kit/data.js'
import { architectureOf } from '../../kit/network.js'
import { preprocessingOf } from '../../kit/preprocessing.js'
import type { DataTarget } from './spec.js'

/** What is trained on, by what network, and what is stored of it. */
export interface Inputs {
  /** classes that the data set has, [n] */
  given: Int32Array
  /** with the classes that are learned as target */
  examples: Examples & { target: Int32Array }
  architecture: Architecture
  stored: { architecture: Architecture, preprocessing: Preprocessing }
  /** Weights of the network that is trained as weights of the one that is stored. */
  toStored (weights: NamedArrays): NamedArrays
}

/** A data set as the network sees it: its own fields, or features that are components. */
export function describeInputs (
  { components }: Pick<DataTarget, 'components'>, { inputs, target }: Pick<ClassesDescription, 'inputs' | 'target'>
): Pick<ClassesDescription, 'inputs' | 'target'> {
  if (components === undefined) return { inputs, target }
  const columns = Array.from({ length: components }, (_, i) => ({ name: `component ${i + 1}` }))
  return { inputs: { type: 'features', shape: [components], dtype: 'float32', columns }, target }
}

/**
 * Opens the first examples of a data set.
 * @throws AppError unmeasurable when they vary in fewer directions than there shall be components
 */
export function openInputs (target: DataTarget, dataset: ClassesDataset, whole: Dataset, random: RunContext['random']): Inputs {
  const { count, ...data } = firstExamples(dataset.train, Math.min(target.trainExamples, dataset.trainCount))
  const preprocessing = preprocessingOf(target.scaling, whole, { count })
  const architecture = architectureOf(target.network, dataset)
  const labels = labelsOf(data.labels, target.labels, random)
  const examples = { data: { ...data, count }, inputShape: dataset.inputShape, preprocessing, target: labels }
  const common = { given: data.labels, stored: { architecture, preprocessing } }
  if (target.components === undefined) return { ...common, examples, architecture, toStored: weights => weights }

  const inputs = seenInputs(examples)
  const found = principalComponents(inputs, count, target.components)
  const scale = 1 / Math.sqrt(found.variances.reduce((sum, variance) => sum + variance, 0) / target.components)
  const small = architectureOf(target.network, describeInputs(target, dataset))
  return {
    ...common,
    examples: {
      ...examples,
      data: { inputs: scoresOf(inputs, count, found, scale), count },
      inputShape: [target.components],
      preprocessing: { offset: 0, scale: 1 }
    },
    architecture: small,
    toStored: weights => foldProjection(weights, small, architecture, found, scale)
  }
}

/** Labels that are learned, [n]. */
function labelsOf (given: Int32Array, labels: DataTarget['labels'], random: RunContext['random']): Int32Array {
  return labels === 'shuffled' ? Int32Array.from(random('labels').permutation(given.length), i => given[i]!) : given
}

/** Inputs as a network has them, to the roundings of float32, [n, d] by rows. */
export function seenInputs ({ data: { inputs, count }, preprocessing }: Examples): Float64Array {
  const width = inputs.length / count
  const scales = perNumber(preprocessing, width)
  return Float64Array.from(inputs, (value, at) => seenNumber(value, scales, at % width))
}

/** s P (x - mean) of every example, [n, k] by rows. */
function scoresOf (inputs: Float64Array, count: number, { mean, directions }: PrincipalComponents, scale: number): Float32Array {
  const d = mean.length
  const k = directions.length / d
  const scores = new Float32Array(count * k)
  for (let c = 0; c < k; c++) {
    const middle = dotAt(directions, c * d, mean, 0, d)
    for (let i = 0; i < count; i++) scores[i * k + c] = scale * (dotAt(directions, c * d, inputs, i * d, d) - middle)
  }
  return scores
}

/**
 * W' s P (x - mean) + b = V' x + (b - V' mean) with V = s P' W: the first layer of the stored network. Computed in
 * Float64, stored in float32; the other layers stay as they are.
 */
function foldProjection (
  weights: NamedArrays, from: Architecture, to: Architecture, { mean, directions }: PrincipalComponents, scale: number
): NamedArrays {
  const d = mean.length
  const k = directions.length / d
  const [names, stored] = [parameterShapes(from), parameterShapes(to)]
  const [weight, bias] = names.slice(0, 2).map(({ name }) => weights[name]!.data)
  const units = bias!.length
  const folded = new Float64Array(d * units)
  const moved = Float64Array.from(bias!)
  for (let j = 0; j < d; j++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = 0
      for (let c = 0; c < k; c++) sum += directions[c * d + j]! * weight![c * units + unit]!
      folded[j * units + unit] = scale * sum
      moved[unit]! -= mean[j]! * scale * sum
    }
  }
  return Object.fromEntries(stored.map(({ name, shape }, i) =>
    [name, { shape, data: i > 1 ? weights[names[i]!.name]!.data : Float32Array.from(i === 0 ? folded : moved) }]))
}
