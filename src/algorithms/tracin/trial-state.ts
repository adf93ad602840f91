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
import { firstExamples, preprocessingOf } from '../kit/data.js'
import { createLearner, type Learner, type LearnerOptions, type LearnerState } from '../kit/learner.js'
import { prefix, unprefix } from '../kit/named-arrays.js'
import { architectureOf } from '../kit/network.js'
import type { Verdicts } from '../kit/passes.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import { openDatasetProbe, type DatasetProbe } from '../kit/spectrum/dataset-probe.js'
import type { SpectralHistory } from '../kit/spectrum/history.js'
import { chooseFlipped, possibleLabels, randomLabels } from './noise.js'
import type { TracinResult, TracinSpec } from './spec.js'
import { workOf } from './work.js'

/** clean: trains on the data set's labels to choose the hardest wrong ones; told: trains on the labels that are told. */
export type Phase = 'clean' | 'told'

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

export interface Lab {
  readonly spec: TracinSpec
  readonly engine: Engine
  readonly dataset: ClassesDataset
  readonly train: LabelledSplit
  readonly test: LabelledSplit
  readonly preprocessing: Preprocessing
  readonly architecture: Architecture
  readonly progress: Progress
  /** examples whose label is told wrong, ascending */
  readonly flipped: Int32Array
  /** labels that the model is told; the data set's own until they are chosen */
  labels: Int32Array
  phase: Phase
  /** self-influence summed over the checkpoints so far */
  readonly scores: { last: Float64Array, all: Float64Array }
  /** last evaluation on the training examples */
  verdicts: Verdicts | undefined
  readonly known: Known
  /** measures the told phase, where the spec wants it; opened by openProbe() */
  probe: DatasetProbe | undefined
  random: RunContext['random']
  /** Training examples with the labels of the present phase. */
  examples (): Examples
  /** Opens the training of the present phase: a fresh one, or the interrupted one. */
  openLearner (options: Omit<LearnerOptions, 'boundary' | 'resume'>): Learner
  /** Opens the frequency probe on the labels told, or goes on with the interrupted one. */
  openProbe (): void
  boundary (): RunEvent
  close (): void
}

/** Opens the laboratory of a trial. */
export async function openLab (spec: TracinSpec, context: RunContext): Promise<Lab> {
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

  const lab: Lab = {
    spec,
    engine,
    dataset,
    train,
    test,
    preprocessing: preprocessingOf(spec.scaling, train),
    architecture: architectureOf(spec.network, dataset.inputShape, dataset.classes),
    progress: createProgress(workOf(spec, train.count, test.count), saved?.progress),
    flipped,
    labels: arrays.labels?.data as Int32Array | undefined ?? train.labels,
    phase: saved?.phase ?? (kind === 'hardest' ? 'clean' : 'told'),
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
    examples: () => ({ data: train, inputShape: dataset.inputShape, preprocessing: lab.preprocessing, labels: lab.labels }),
    openLearner (options) {
      learner?.dispose()
      const resume = resumed && {
        state: saved!.learner, network: unprefix('network/', resumed.arrays), optimizer: unprefix('optimizer/', resumed.arrays)
      }
      resumed = undefined // only the first training goes on from the snapshot
      learner = createLearner(engine, { ...options, boundary: lab.boundary, resume })
      return learner
    },
    openProbe () {
      if (spec.frequencyProbe) lab.probe = openDatasetProbe(spec.frequencyProbe, lab.examples(), dataset.classes, saved?.spectrum)
    },
    boundary: () => ({
      type: 'boundary', step: Math.floor(lab.progress.state.done), snapshot: () => takeSnapshot(lab, learner!)
    }),
    close: () => learner?.dispose()
  }
  if (kind === 'random') {
    lab.labels = relabel(lab, randomLabels(flipped, train.labels, possibleLabels(dataset.train.labels, dataset.classes), context.random('wrong labels')))
  }
  return lab
}

/** The data set's labels with other ones for the flipped examples. */
export function relabel ({ train, flipped }: Lab, labels: Int32Array): Int32Array {
  const told = Int32Array.from(train.labels)
  flipped.forEach((index, i) => { told[index] = labels[i]! })
  return told
}

function takeSnapshot (lab: Lab, learner: Learner): SnapshotState {
  const { state, network, optimizer } = learner.save()
  const { phase, progress, known, probe } = lab
  const values: SavedValues = structuredClone({
    phase, learner: state, progress: progress.state, known, ...(probe ? { spectrum: probe.history } : {})
  })
  const { labels, scores: { last, all }, verdicts } = lab
  const shape = [labels.length]
  return {
    values: values as unknown as Record<string, unknown>,
    arrays: {
      ...prefix('network/', network),
      ...prefix('optimizer/', optimizer),
      labels: { shape, data: labels },
      last: { shape, data: last.slice() },
      all: { shape, data: all.slice() },
      ...(verdicts ? { losses: { shape, data: verdicts.losses }, predictions: { shape, data: verdicts.predictions } } : {})
    }
  }
}
