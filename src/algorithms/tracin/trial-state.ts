/**
 * All that a tracin trial works with, and all that it knows: opened from the data, or from the snapshot of a trial
 * that was interrupted. What is done with it: run.ts.
 */
import { labelWidth, openLabelled, type LabelledDataset, type Labels } from '../../datasets/labelled.js'
import { scaleTargets } from '../../datasets/scaling.js'
import type { Dataset, LabelledSplit, Preprocessing } from '../../datasets/dataset.js'
import type { FieldOf } from '../../datasets/description.js'
import { prefix, unprefix } from '../../math/arrays.js'
import type { Architecture } from '../../tensor/architecture.js'
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import type { RunContext, RunEvent, SnapshotState } from '../contract.js'
import type { WeighedCheckpoint } from '../kit/checkpoints.js'
import { firstExamples } from '../kit/data.js'
import { createLearner, type Learner, type LearnerOptions, type LearnerState } from '../kit/learner.js'
import { architectureOf } from '../kit/network.js'
import type { Verdicts } from '../kit/passes.js'
import { preprocessingOf } from '../kit/preprocessing.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import { openDatasetProbe, type DatasetProbe } from '../kit/spectrum/dataset-probe.js'
import type { SpectralHistory } from '../kit/spectrum/history.js'
import { explainedOf } from './explained/influences.js'
import { openBaselines, type Baselines } from './baselines/index.js'
import type { LeftOut } from './baselines/spec.js'
import { chooseFlipped, noiseOf, possibleLabels, randomLabels, swappedValues } from './noise.js'
import { applyEdits, type Edited } from './retrain/edits.js'
import type { NoiseKind, TracinResult, TracinSpec } from './spec.js'
import { weighTraining } from './weights.js'
import { workOf } from './work.js'

/** clean: trains on the data set's labels to choose the hardest wrong ones; noisy: on the training labels, some of them wrong. */
export type Phase = 'clean' | 'noisy'

/** JSON part of a snapshot. */
interface SavedValues {
  phase: Phase
  learner: LearnerState
  progress: ProgressState
  known: Known
  /** of the baselines, when the training has ended */
  leftOut?: LeftOut[]
  /** of the frequency probe, where it is on and has begun */
  spectrum?: SpectralHistory
}

/** What the trial has found out so far. */
interface Known {
  isAnnounced: boolean
  /** accuracy on the test examples at the last evaluation, of both models; of values nothing but 0 */
  test: number
  cleanTest: number | null
  /** of values: error by column on the test examples at the last evaluation */
  testErrors?: number[]
  /** of the explained test examples at the last evaluation: classes, or values by rows in their units */
  explained?: number[]
  checkpoints: TracinResult['checkpoints']
}

export interface TrialState {
  readonly spec: TracinSpec
  readonly engine: Engine
  readonly dataset: LabelledDataset
  /** of a data set of texts */
  readonly words: Dataset['words']
  readonly train: LabelledSplit<Labels>
  readonly test: LabelledSplit<Labels>
  readonly noise: NoiseKind
  readonly preprocessing: Preprocessing
  readonly architecture: Architecture
  readonly progress: Progress
  /** the checkpoints of the noisy phase that count */
  readonly counted: WeighedCheckpoint[]
  /** examples whose training label is wrong, ascending */
  readonly flipped: Int32Array
  /** the training split as the spec's edits leave it: where its examples stood */
  readonly edited: Edited
  /** training labels, as the data set has them: values in their units; its own until the wrong ones are chosen */
  labels: Labels
  phase: Phase
  /** self-influence summed over the checkpoints so far */
  readonly scores: { last: Float64Array, all: Float64Array }
  /** test examples by position that are explained, and what every training example did to them: [tests, training examples] */
  readonly explained: { tests: Int32Array, scores: Float64Array }
  /** what self-influence is compared with */
  readonly baselines: Baselines
  /** last evaluation on the training examples */
  verdicts: Verdicts | undefined
  readonly known: Known
  /** measures the noisy phase, where the spec wants it; opened by openProbe() */
  probe: DatasetProbe | undefined
  random: RunContext['random']
  /** Training examples with the labels of the present phase, as the network is trained on them. */
  examples (): Examples & { target: Labels }
  /** Test examples likewise. */
  testExamples (): Examples & { target: Labels }
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
  const dataset = openLabelled(context.data.data!)
  const whole = firstExamples(dataset.train, Math.min(spec.trainExamples ?? Infinity, dataset.trainCount))
  const edited = applyEdits(spec.edits, whole)
  const { train } = edited
  const test = firstExamples(dataset.test, Math.min(spec.testExamples ?? Infinity, dataset.testCount))
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const arrays = context.resume?.arrays ?? {}
  const noise = noiseOf(spec, dataset.target)
  const flipped = noise === 'none' ? edited.flipped : chooseFlipped(train.count, spec.labelNoise.fraction, context.random('flipped'))
  const preprocessing = preprocessingOf(spec.scaling, context.data.data!, { count: whole.count, head: dataset.target.type })
  const architecture = architectureOf(spec.network, dataset)
  const tests = explainedOf(spec, test.count)
  let learner: Learner | undefined
  let resumed = context.resume

  const seen = (data: LabelledSplit<Labels>, labels: Labels) => ({
    data, inputShape: dataset.inputs.shape, preprocessing, target: scaleTargets(labels, preprocessing)
  })
  const trial: TrialState = {
    spec,
    engine,
    dataset,
    get words () { return context.data.data!.words },
    train,
    test,
    noise,
    preprocessing,
    architecture,
    progress: createProgress(workOf(spec, noise, train.count, test.count), saved?.progress),
    counted: weighTraining(spec, train.count),
    flipped,
    edited,
    labels: arrays.labels?.data as Labels | undefined ?? edited.labels,
    phase: saved?.phase ?? (noise === 'hardest' ? 'clean' : 'noisy'),
    scores: {
      last: arrays.last?.data as Float64Array | undefined ?? new Float64Array(train.count),
      all: arrays.all?.data as Float64Array | undefined ?? new Float64Array(train.count)
    },
    explained: {
      tests,
      scores: arrays.explained?.data as Float64Array | undefined ?? new Float64Array(tests.length * train.count)
    },
    baselines: openBaselines(spec.baselines, {
      count: train.count,
      classes: dataset.target.type === 'classes' ? classesOf(dataset) : 0,
      saved: saved && { arrays: unprefix('baselines/', arrays), leftOut: saved.leftOut }
    }),
    verdicts: arrays.losses && arrays.predictions
      ? { losses: arrays.losses.data as Float32Array, predictions: arrays.predictions.data as Labels }
      : undefined,
    known: saved?.known ?? { isAnnounced: false, test: 0, cleanTest: null, checkpoints: [] },
    probe: undefined,
    random: context.random,
    examples: () => seen(train, trial.labels),
    testExamples: () => seen(test, test.labels),
    openLearner (options) {
      learner?.dispose()
      const resume = resumed && { state: saved!.learner, arrays: unprefix('learner/', resumed.arrays) }
      resumed = undefined // only the first training goes on from the snapshot
      learner = createLearner(engine, { ...options, boundary: trial.boundary, resume })
      return learner
    },
    openProbe () {
      if (spec.frequencyProbe) trial.probe = openDatasetProbe(spec.frequencyProbe, trial.examples(), classesOf(dataset), saved?.spectrum)
    },
    boundary: () => ({
      type: 'boundary', step: Math.floor(trial.progress.state.done), snapshot: () => takeSnapshot(trial, learner!)
    }),
    close: () => learner?.dispose()
  }
  if (noise === 'random') trial.labels = relabel(trial, wrongByChance(trial))
  return trial
}

function wrongByChance ({ dataset, train, flipped, random }: TrialState): Labels {
  const { target, train: { labels: all } } = dataset
  const stream = random('wrong labels')
  return target.type === 'classes'
    ? randomLabels(flipped, train.labels as Int32Array, possibleLabels(all, classesOf(dataset)), stream)
    : swappedValues(flipped, train.labels as Float32Array, labelWidth(dataset), stream)
}

/** How many classes there are; only of a target of classes. */
export function classesOf ({ target }: LabelledDataset): number {
  return (target as FieldOf<'classes'>).names.length
}

/** The data set's labels with other ones for the flipped examples. @param labels as many numbers for each as a label has */
export function relabel ({ dataset, train, flipped }: TrialState, labels: Labels): Labels {
  const given = train.labels.slice()
  const width = labelWidth(dataset)
  flipped.forEach((index, i) => { given.set(labels.subarray(i * width, (i + 1) * width), index * width) })
  return given
}

function takeSnapshot (trial: TrialState, learner: Learner): SnapshotState {
  const { state, arrays } = learner.save()
  const { phase, progress, known, probe } = trial
  const { arrays: ofBaselines, leftOut } = trial.baselines.save()
  const values: SavedValues = structuredClone({
    phase, learner: state, progress: progress.state, known, ...(leftOut ? { leftOut } : {}), ...(probe ? { spectrum: probe.history } : {})
  })
  const { labels, scores: { last, all }, explained, verdicts, train: { count } } = trial
  const shape = [count]
  const ofLabels = [count, labels.length / count]
  return {
    values: values as unknown as Record<string, unknown>,
    arrays: {
      ...prefix('learner/', arrays),
      ...prefix('baselines/', ofBaselines),
      labels: { shape: ofLabels, data: labels },
      last: { shape, data: last.slice() },
      all: { shape, data: all.slice() },
      ...(explained.tests.length > 0 ? { explained: { shape: [explained.tests.length, count], data: explained.scores.slice() } } : {}),
      ...(verdicts ? { losses: { shape, data: verdicts.losses }, predictions: { shape: ofLabels, data: verdicts.predictions } } : {})
    }
  }
}
