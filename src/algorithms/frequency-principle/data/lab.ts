/**
 * All that a trial on a data set works with, opened afresh or from the snapshot of one that was interrupted.
 * What is done with it: data/run.ts.
 */
import { openClasses, type ClassesDataset } from '../../../datasets/classes.js'
import { AppError } from '../../../errors.js'
import type { OptimizerSettings, OptimizerState } from '../../../optimizers/index.js'
import type { Architecture } from '../../../tensor/architecture.js'
import type { Examples } from '../../../tensor/batches.js'
import type { Engine } from '../../../tensor/engine.js'
import { createNetwork, type Network } from '../../../tensor/network.js'
import type { RunContext, RunEvent } from '../../contract.js'
import { firstExamples, preprocessingOf } from '../../kit/data.js'
import { prefix, unprefix } from '../../kit/named-arrays.js'
import { architectureOf } from '../../kit/network.js'
import { createProgress, type Progress, type ProgressState } from '../../kit/progress.js'
import type { SpectralHistory } from '../../kit/spectrum/index.js'
import { stepsOf } from './check.js'
import { createBatchLearner, createFullLearner, type DataLearner } from './learner.js'
import { createDataMeasure, type DataMeasure } from './measure.js'
import type { DataTarget } from './spec.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import { createRecorder, type Recorder, type RecorderState } from '../record.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

/**
 * Default gradientTolerance where the loss is float32. On 300 pictures 1e-5 was still reached by lbfgs and cg without a
 * line search that failed, for a last tenth of the loss and two to four times the steps.
 */
export const floatTolerance = 1e-3

/** JSON part of a snapshot. */
interface SavedValues {
  learner: OptimizerState['values']
  progress: ProgressState
  history: SpectralHistory
  kept: RecorderState['kept']
  known: Known
}

/** What the trial has found out so far. */
interface Known { accuracy: number, storedAt: number }

/** What a trial works with. */
export interface Lab {
  spec: FrequencyPrincipleSpec
  target: DataTarget
  optimizer: OptimizerSpec
  engine: Engine
  dataset: ClassesDataset
  examples: Examples
  architecture: Architecture
  network: Network
  learner: DataLearner
  measure: DataMeasure
  recorder: Recorder
  progress: Progress
  /** budget of iterations */
  steps: number
  known: Known
  /** wall time of the optimizer since the lab was opened: a metric marked timing, on which nothing else depends */
  seconds: number
  close (): void
}

/** Opens what a trial works with: afresh, or as it was at a boundary. */
export async function openLab (spec: FrequencyPrincipleSpec, context: RunContext): Promise<Lab> {
  const target = spec.target as DataTarget
  const optimizer = spec.optimizers[0]!
  const engine = await context.engine()
  const dataset = openClasses(context.data.data!)
  const data = firstExamples(dataset.train, Math.min(target.trainExamples, dataset.trainCount))
  const preprocessing = preprocessingOf(target.scaling, data)
  const examples: Examples = { data, inputShape: dataset.inputShape, preprocessing, target: data.labels }
  const architecture = architectureOf(target.network, dataset.inputShape, dataset.classes)
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const arrays = context.resume?.arrays ?? {}
  const steps = stepsOf(optimizer, data.count, target.batchSize)
  const network = createNetwork(engine, architecture, context.random('init'))
  let learner: DataLearner | undefined
  const close = (): void => {
    learner?.dispose()
    network.dispose()
  }
  try {
    const measure = createDataMeasure(engine, network, examples, { target, classes: dataset.classes, spectrum: spec.spectrum })
    learner = openLearner(engine, network, { spec, target, optimizer, examples, steps }, context.random,
      saved && { values: saved.learner, arrays: unprefix('learner/', arrays) })
    const recorder = createRecorder({
      bands: measure.bands,
      measure: measure.measure,
      spectrum: measure.spectrum,
      threshold: spec.spectrum.threshold,
      perDecade: spec.spectrum.recordsPerDecade,
      moments: spec.moments,
      steps,
      keepsFits: false,
      resume: saved && { history: saved.history, kept: saved.kept, arrays: unprefix('record/', arrays) }
    })
    return {
      spec,
      target,
      optimizer,
      engine,
      dataset,
      examples,
      architecture,
      network,
      learner,
      measure,
      recorder,
      progress: createProgress(steps, saved?.progress),
      steps,
      known: saved?.known ?? { accuracy: 0, storedAt: -1 },
      seconds: 0,
      close
    }
  } catch (error) {
    close()
    throw error
  }
}

function openLearner (
  engine: Engine, network: Network, { spec, target, optimizer, examples, steps }: Pick<Lab, 'spec' | 'target' | 'optimizer' | 'examples' | 'steps'>,
  random: RunContext['random'], resume: OptimizerState | undefined
): DataLearner {
  const evaluations = 'evaluations' in optimizer ? optimizer.evaluations : undefined
  const task = {
    examples,
    loss: target.loss === 'squared' ? 'squared' as const : 'softmax-cross-entropy' as const,
    budget: { steps, ...(evaluations === undefined ? {} : { evaluations }) },
    targetValue: spec.targetValue,
    resume
  }
  if (optimizer.type === 'sgd' || optimizer.type === 'adam') {
    const method = optimizer.type === 'sgd'
      ? { type: 'sgd' as const, momentum: optimizer.momentum }
      : { type: 'adam' as const, beta1: optimizer.beta1, beta2: optimizer.beta2, epsilon: optimizer.epsilon }
    return createBatchLearner(engine, network, {
      ...task,
      optimizer: method,
      learningRate: optimizer.learningRate,
      batchSize: target.batchSize,
      key: random('noise').integer(2 ** 30),
      order: epoch => random('order', epoch).permutation(examples.data.count)
    })
  }
  const settings = { ...settingsOf(optimizer), gradientTolerance: spec.gradientTolerance ?? floatTolerance }
  return createFullLearner(engine, network, { ...task, optimizer: settings })
}

function settingsOf (optimizer: OptimizerSpec): OptimizerSettings {
  switch (optimizer.type) {
    case 'gd': return { type: 'gd', learningRate: optimizer.learningRate, momentum: optimizer.momentum }
    case 'cg': return { type: 'cg', beta: optimizer.beta }
    case 'lbfgs': return { type: 'lbfgs', memory: optimizer.memory }
    default: throw new AppError('invalid_spec', `optimizer.type must be one that target data can have, got ${optimizer.type}`)
  }
}

/** A place from which the trial can go on. */
export function boundary (lab: Lab): RunEvent {
  return {
    type: 'boundary',
    step: lab.learner.counts.steps,
    snapshot () {
      const { arrays: learnerArrays, values: learner } = lab.learner.save()
      const { history, kept, arrays } = lab.recorder.save()
      const values: SavedValues = { learner, progress: { ...lab.progress.state }, history, kept, known: { ...lab.known } }
      return {
        arrays: { ...prefix('learner/', learnerArrays), ...prefix('record/', arrays) },
        values: values as unknown as Record<string, unknown>
      }
    }
  }
}
