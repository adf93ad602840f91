/** A stored model as the responder gets it, and the checkpoints and index parts that a request selects from it. */
import type { NamedArrays } from '../math/arrays.js'
import type { Dataset, Preprocessing, TrainingView } from '../datasets/dataset.js'
import type { FieldOf, Fields } from '../datasets/description.js'
import { AppError } from '../errors.js'
import type { Descent } from './descent.js'
import type { Architecture } from '../tensor/architecture.js'
import { wire } from '../tensor/wiring.js'
import { openHead, type Head } from '../tensor/heads/index.js'
import { refuse } from './refusals.js'
import type { Layers } from './schemas.js'

/** Everything that questions about a model are answered from. Arrays may be read from files when first touched. */
export interface ModelBundle {
  modelId: string
  architecture: Architecture
  preprocessing: Preprocessing
  /** what the network reads and, where it has names, what it predicts */
  fields: Fields
  /** what it saw of its data set, and that data set; undefined when it was not trained on a stored one */
  trainingView: TrainingView | undefined
  dataset: Dataset | undefined
  /** how its weights were moved; left out for a model of before this was told */
  descent?: Descent | undefined
  /** what its trial told for the operations of its kind */
  details?: Readonly<Record<string, unknown>> | undefined
  /** in the order of the steps */
  checkpoints: ModelCheckpoint[]
  parts: { layers: Layers, steps: { step: number, arrays: NamedArrays }[] }[]
}

/** The steps of a training that a checkpoint stands for. */
export interface CheckpointInterval {
  /** completed steps at its begin and at its end */
  from: number
  to: number
  /**
   * Sum over its steps of rate / N, N the number of training examples (with momentum of the rate's whole effect until
   * the end): products of gradients weighed so estimate a change of the loss.
   */
  weight: number
}

export interface ModelCheckpoint {
  step: number
  /** in force when it was taken */
  learningRate: number
  /** null or left out where it stands for none, and for those of before */
  interval?: CheckpointInterval | null | undefined
  /** whether it is in sums over checkpoints that name none; true when left out */
  counted?: boolean | undefined
  arrays: NamedArrays
  /** Adam's second moments by the names of the trained arrays, without the correction of their bias */
  moments?: NamedArrays | undefined
  /** what was learned there beside the target of the training view: `labelling`, by index in the split */
  targets?: NamedArrays | undefined
}

/** A network's outputs for inputs of the stored shape, and what its head makes of them. */
export interface Outputs {
  /** of one example's input, in stored units */
  inputShape: number[]
  head: Head
  kind: ReturnType<typeof openHead>['kind']
  /** of one example's outputs */
  shape: number[]
}

/** Says what comes out of a stored network. @param inputShape of what goes in, left out: as stored */
export function outputsOf (
  { architecture, fields }: Pick<ModelBundle, 'architecture' | 'fields'>, inputShape = (fields.inputs as FieldOf<'image' | 'features' | 'tokens'>).shape
): Outputs {
  return { inputShape, ...openHead(architecture.head), shape: wire({ ...architecture, inputShape }).at(-1)!.shape }
}

/** What a model was trained on. @throws no_dataset */
export function trainedOn ({ modelId, trainingView, dataset }: ModelBundle): { trainingView: TrainingView, dataset: Dataset } {
  if (trainingView === undefined || dataset === undefined) throw new AppError('no_dataset', `model ${modelId}`)
  return { trainingView, dataset }
}

/**
 * The checkpoints that a request names, in the order of the steps; when it names none, those that count.
 * @throws invalid_input, no_checkpoint
 */
export function selectCheckpoints ({ modelId, checkpoints }: ModelBundle, steps: readonly number[] | undefined): ModelCheckpoint[] {
  if (checkpoints.length === 0) throw new AppError('no_checkpoint', `model ${modelId}`)
  const known = checkpoints.map(checkpoint => checkpoint.step)
  steps?.forEach((step, i) => {
    if (!known.includes(step)) refuse(`checkpoints[${i}]`, `must be a step of a checkpoint (${known.join(', ')})`, step)
  })
  if (steps !== undefined) return checkpoints.filter(({ step }) => steps.includes(step))
  const counted = checkpoints.filter(({ counted = true }) => counted)
  return counted.length > 0 ? counted : checkpoints // a training that has only begun, or of which only the end was stored
}

/** Name of an index part's squared gradients in the measure of Adam's second moments, beside the plain `squares`. */
export const MEASURED_SQUARES = 'measuredSquares'

/** The index part of a checkpoint. @throws index_missing with the request that builds it */
export function partOf ({ modelId, parts }: ModelBundle, layers: Layers, step: number): NamedArrays {
  const part = parts.find(candidate => candidate.layers === layers)?.steps.find(candidate => candidate.step === step)
  if (!part) {
    throw new AppError('index_missing', `model ${modelId} has no index of layers ${layers} at step ${step}`, {
      remedy: { method: 'POST', path: `/v1/models/${modelId}/influence-indexes`, body: { layers } }
    })
  }
  return part.arrays
}
