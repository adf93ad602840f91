/**
 * All that a tracin trial works with, and all that it knows: opened from the data, or from the snapshot of a trial
 * that was interrupted. What is done with it: run.ts.
 */
import { openClasses, type ClassesDataset } from '../../datasets/classes.js'
import type { LabelledSplit, Preprocessing } from '../../datasets/dataset.js'
import type { Architecture } from '../../tensor/architecture.js'
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import type { RunContext, RunEvent, SnapshotState } from '../contract.js'
import { firstExamples } from '../kit/data.js'
import { createLearner, type Learner, type LearnerOptions, type LearnerState } from '../kit/learner.js'
import { prefix, unprefix } from '../kit/named-arrays.js'
import { architectureOf } from '../kit/network.js'
import type { Verdicts } from '../kit/passes.js'
import { preprocessingOf } from '../kit/preprocessing.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import { openDatasetProbe, type DatasetProbe } from '../kit/spectrum/dataset-probe.js'
import type { SpectralHistory } from '../kit/spectrum/history.js'
import { chooseFlipped, possibleLabels, randomLabels } from './noise.js'
import type { TracinResult, TracinSpec } from './spec.js'
import { workOf } from './work.js'

/** clean: trains on the data set's labels to choose the hardest wrong ones; noisy: on the training labels, some of them wrong. */
export type Phase = 'clean' | 'noisy'

/** JSON part of a snapshot. */
interface SavedValues {
  phase: Phase
  learner: LearnerState
  progress: ProgressState
  known: Known
  /** of the frequency probe, where it is on and has begun */
  spectrum?: SpectralHistory
}

/** What the trial has found out so far. */
interface Known {
  isAnnounced: boolean
  test: number
  cleanTest: number | null
  checkpoints: TracinResult['checkpoints']
}

export interface TrialState {
  readonly spec: TracinSpec
  readonly engine: Engine
  readonly dataset: ClassesDataset
  readonly train: LabelledSplit
  readonly test: LabelledSplit
  readonly preprocessing: Preprocessing
  readonly architecture: Architecture
  readonly progress: Progress
  /** examples whose training label is wrong, ascending */
  readonly flipped: Int32Array
  /** training labels; the data set's own until the wrong ones are chosen */
  labels: Int32Array
  phase: Phase
  /** self-influence summed over the checkpoints so far */
  readonly scores: { last: Float64Array, all: Float64Array }
  /** last evaluation on the training examples */
  verdicts: Verdicts | undefined
  readonly known: Known
  /** measures the noisy phase, where the spec wants it; opened by openProbe() */
  probe: DatasetProbe | undefined
  random: RunContext['random']
  /** Training examples with the labels of the present phase. */
  examples (): Examples
  /** Opens the training of the present phase: a fresh one, or the interrupted one. */
  openLearner (options: Omit<LearnerOptions, 'boundary' | 'resume'>): Learner
  /** Opens the frequency probe on the training labels, or goes on with the interrupted one. */
  openProbe (): void
  boundary (): RunEvent
  close (): void
}

/** Opens a trial: afresh, or as it was at a boundary. */
export async function openTrial (spec: TracinSpec, context: RunContext): Promise<TrialState> {
  const engine = await context.engine()
  const dataset = openClasses(context.data.data!)
  const train = firstExamples(dataset.train, Math.min(spec.trainExamples ?? Infinity, dataset.trainCount))
  const test = firstExamples(dataset.test, Math.min(spec.testExamples ?? Infinity, dataset.testCount))
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const arrays = context.resume?.arrays ?? {}
  const { kind, fraction } = spec.labelNoise
  const flipped = kind === 'none' ? new Int32Array(0) : chooseFlipped(train.count, fraction, context.random('flipped'))
  let learner: Learner | undefined
  let resumed = context.resume

  const trial: TrialState = {
    spec,
    engine,
    dataset,
    train,
    test,
    preprocessing: preprocessingOf(spec.scaling, context.data.data!, { count: train.count }),
    architecture: architectureOf(spec.network, dataset.inputShape, dataset.classes),
    progress: createProgress(workOf(spec, train.count, test.count), saved?.progress),
    flipped,
    labels: arrays.labels?.data as Int32Array | undefined ?? train.labels,
    phase: saved?.phase ?? (kind === 'hardest' ? 'clean' : 'noisy'),
    scores: {
      last: arrays.last?.data as Float64Array | undefined ?? new Float64Array(train.count),
      all: arrays.all?.data as Float64Array | undefined ?? new Float64Array(train.count)
    },
    verdicts: arrays.losses && arrays.predictions
      ? { losses: arrays.losses.data as Float32Array, predictions: arrays.predictions.data as Int32Array }
      : undefined,
    known: saved?.known ?? { isAnnounced: false, test: 0, cleanTest: null, checkpoints: [] },
    probe: undefined,
    random: context.random,
    examples: () => ({ data: train, inputShape: dataset.inputShape, preprocessing: trial.preprocessing, target: trial.labels }),
    openLearner (options) {
      learner?.dispose()
      const resume = resumed && { state: saved!.learner, arrays: unprefix('learner/', resumed.arrays) }
      resumed = undefined // only the first training goes on from the snapshot
      learner = createLearner(engine, { ...options, boundary: trial.boundary, resume })
      return learner
    },
    openProbe () {
      if (spec.frequencyProbe) trial.probe = openDatasetProbe(spec.frequencyProbe, trial.examples(), dataset.classes, saved?.spectrum)
    },
    boundary: () => ({
      type: 'boundary', step: Math.floor(trial.progress.state.done), snapshot: () => takeSnapshot(trial, learner!)
    }),
    close: () => learner?.dispose()
  }
  if (kind === 'random') {
    trial.labels = relabel(trial, randomLabels(flipped, train.labels, possibleLabels(dataset.train.labels, dataset.classes), context.random('wrong labels')))
  }
  return trial
}

/** The data set's labels with other ones for the flipped examples. */
export function relabel ({ train, flipped }: TrialState, labels: Int32Array): Int32Array {
  const given = Int32Array.from(train.labels)
  flipped.forEach((index, i) => { given[index] = labels[i]! })
  return given
}

function takeSnapshot (trial: TrialState, learner: Learner): SnapshotState {
  const { state, arrays } = learner.save()
  const { phase, progress, known, probe } = trial
  const values: SavedValues = structuredClone({
    phase, learner: state, progress: progress.state, known, ...(probe ? { spectrum: probe.history } : {})
  })
  const { labels, scores: { last, all }, verdicts } = trial
  const shape = [labels.length]
  return {
    values: values as unknown as Record<string, unknown>,
    arrays: {
      ...prefix('learner/', arrays),
      labels: { shape, data: labels },
      last: { shape, data: last.slice() },
      all: { shape, data: all.slice() },
      ...(verdicts ? { losses: { shape, data: verdicts.losses }, predictions: { shape, data: verdicts.predictions } } : {})
    }
  }
}
