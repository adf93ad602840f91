/** A trial at work: its pictures, what is fed beside them, and what is known so far; opened afresh or from a snapshot. */
import type { Preprocessing } from '../../datasets/dataset.js'
import { prefix, sizeOf, unprefix } from '../../math/arrays.js'
import type { Architecture } from '../../tensor/architecture.js'
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import type { RunContext, RunEvent, SnapshotState } from '../contract.js'
import { createLearner, type Learner, type LearnerOptions, type LearnerState } from '../kit/learner.js'
import { preprocessingOf } from '../kit/preprocessing.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import { rateAt } from '../kit/schedule.js'
import { besideOf, type Beside } from './beside.js'
import { openPictures, pictureAt, shapeOf, type Pictures } from './data.js'
import type { Method } from './methods.js'
import { architectureOf } from './networks.js'
import { sharesOf } from './predictions.js'
import type { SegmentationResult } from './result.js'
import type { SegmentationSpec } from './spec.js'
import { epochsOf, workOf } from './work.js'
import type { Picture } from './x-step/x-step.js'

/** What the trial has found so far: parts of its result; JSON. */
export interface Known extends Omit<SegmentationResult, 'outcome' | 'parameters'> { isAnnounced: boolean }

interface SavedValues { learner: LearnerState, progress: ProgressState, known: Known }

export interface TrialState {
  readonly spec: SegmentationSpec
  readonly method: Method
  readonly engine: Engine
  readonly architecture: Architecture
  readonly preprocessing: Preprocessing
  readonly labels: number
  /** of a picture */
  readonly pixels: number
  readonly names: string[]
  readonly train: Pictures
  readonly test: Pictures
  /** the training pictures as the network is trained on them */
  readonly examples: Examples
  readonly beside: Beside | undefined
  /** what is fed beside the pictures, [train, width] */
  readonly column: Float32Array
  /** spent in finding it since the last point, for a metric marked timing */
  readonly found: { pictures: number, seconds: number }
  readonly work: ReturnType<typeof workOf>
  readonly progress: Progress
  readonly known: Known
  readonly random: RunContext['random']
  rate (epoch: number, within: number): number
  pictureAt (i: number): Picture
  /** Whether the warm-up is over. */
  isWarm (): boolean
  /** Finds what is fed beside some pictures. @param into [train, width] */
  find (indices: Int32Array, into?: Float32Array): void
  openLearner (options: Omit<LearnerOptions, 'boundary' | 'resume'>): Learner
  boundary (): RunEvent
  close (): void
}

/** Opens a trial: afresh, or as it was at a boundary. */
export async function openTrial (spec: SegmentationSpec, context: RunContext): Promise<TrialState> {
  const engine = await context.engine()
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const dataset = context.data.data!
  const method = spec.methods[0]!
  const { inputShape, classes } = shapeOf(spec, dataset)
  const labels = classes.length
  const pixels = sizeOf(inputShape.slice(0, 2))
  const { train, test } = openPictures(spec, dataset, context.random)
  const preprocessing = preprocessingOf(spec.scaling, dataset, { count: train.count })
  const atPicture = (i: number) => pictureAt(train, i, inputShape)
  const beside = besideOf(method, { labels, pixels, pictureAt: atPicture })
  const column = new Float32Array(train.count * (beside?.width ?? 0))
  if (saved && beside) column.set(context.resume!.arrays.beside!.data as Float32Array)
  const examples: Examples = {
    data: train,
    inputShape,
    preprocessing,
    target: method.type === 'full' ? train.masks : train.scribbles,
    ...(beside ? { further: { [beside.name]: column } } : {})
  }
  const work = workOf(spec, { train: train.count, test: test.count })
  const epochs = epochsOf(spec)
  const { optimizer: { schedule, learningRate } } = spec
  let learner: Learner | undefined

  const trial: TrialState = {
    spec,
    method,
    engine,
    architecture: architectureOf(spec.network, inputShape, labels),
    preprocessing,
    labels,
    pixels,
    names: classes,
    train,
    test,
    examples,
    beside,
    column,
    found: { pictures: 0, seconds: 0 },
    work,
    progress: createProgress(work.all, saved?.progress),
    known: saved?.known ?? { isAnnounced: false, classes, points: [], truthEnergy: 0, pictures: [], trainPictures: [], sheets: [] },
    random: context.random,
    rate: (epoch, within) => rateAt(schedule, learningRate, epoch, within, epochs),
    pictureAt: atPicture,
    isWarm: () => learner!.steps() >= spec.warmup * Math.ceil(train.count / Math.min(spec.batchSize, train.count)),
    find (indices, into = column) {
      const { width, when } = beside!
      const begun = context.clock()
      const shares = when === 'once' ? new Float32Array(0) : sharesOf(engine, learner!.network, examples, indices)
      indices.forEach((i, at) => {
        const said = shares.subarray(at * pixels * labels, (at + 1) * pixels * labels)
        beside!.find(i, said, column.slice(i * width, (i + 1) * width), into.subarray(i * width, (i + 1) * width))
      })
      trial.found.pictures += indices.length
      trial.found.seconds += context.clock() - begun
    },
    openLearner (options) {
      const resume = context.resume && { state: saved!.learner, arrays: unprefix('learner/', context.resume.arrays) }
      learner = createLearner(engine, { ...options, boundary: trial.boundary, resume })
      return learner
    },
    boundary: () => ({ type: 'boundary', step: learner!.steps(), snapshot: () => takeSnapshot(trial, learner!) }),
    close () { learner?.dispose() }
  }
  return trial
}

function takeSnapshot ({ progress, known, beside, column }: TrialState, learner: Learner): SnapshotState {
  const { state, arrays } = learner.save()
  const values: SavedValues = structuredClone({ learner: state, progress: progress.state, known })
  return {
    values: values as unknown as Record<string, unknown>,
    arrays: { ...prefix('learner/', arrays), ...(beside ? { beside: { shape: [column.length], data: column.slice() } } : {}) }
  }
}
