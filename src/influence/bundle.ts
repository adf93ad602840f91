/** A stored model as the responder gets it, and the checkpoints and index parts that a request selects from it. */
import type { NamedArrays } from '../math/arrays.js'
import type { ClassesDataset } from '../datasets/classes.js'
import type { Preprocessing, TrainingView } from '../datasets/dataset.js'
import { AppError } from '../errors.js'
import type { Architecture } from '../tensor/architecture.js'
import { refuse } from './queries.js'
import type { Layers } from './schemas.js'

/** Everything that questions about a model are answered from. Arrays may be read from files when first touched. */
export interface ModelBundle {
  modelId: string
  architecture: Architecture
  preprocessing: Preprocessing
  trainingView: TrainingView
  dataset: ClassesDataset
  /** in the order of the steps */
  checkpoints: ModelCheckpoint[]
  parts: { layers: Layers, steps: { step: number, arrays: NamedArrays }[] }[]
}

export interface ModelCheckpoint { step: number, learningRate: number, arrays: NamedArrays }

/** The checkpoints that a request names, in the order of the steps; all when it names none. @throws invalid_input, no_checkpoint */
export function selectCheckpoints ({ modelId, checkpoints }: ModelBundle, steps: readonly number[] | undefined): ModelCheckpoint[] {
  if (checkpoints.length === 0) throw new AppError('no_checkpoint', `model ${modelId}`)
  const known = checkpoints.map(checkpoint => checkpoint.step)
  steps?.forEach((step, i) => {
    if (!known.includes(step)) refuse(`checkpoints[${i}]`, `must be a step of a checkpoint (${known.join(', ')})`, step)
  })
  return steps === undefined ? checkpoints : checkpoints.filter(({ step }) => steps.includes(step))
}

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
