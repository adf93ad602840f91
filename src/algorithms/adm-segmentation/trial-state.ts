/** A trial at work: its pictures, what is fed beside them, and what is known so far; opened afresh or from a snapshot. */
import type { Preprocessing } from '../../datasets/dataset.js'
import { prefix, sizeOf, unprefix } from '../../math/arrays.js'
import type { Architecture } from '../../tensor/architecture.js'
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import type { BoundaryEvent, CheckpointEvent, RunContext, SnapshotState, TrialDefinition } from '../contract.js'
import { createLearner, type Learner, type LearnerOptions, type LearnerState } from '../kit/learner.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import { rateAt } from '../kit/schedule.js'
import { besideOf, type Beside } from './beside.js'
import { measurePreprocessing, openPictures, pictureAt, seenShape, shapeOf, type Pictures } from './data.js'
import { findAlone, findByCrew } from './finding/finding.js'
import { loadHeld, saveHeld, type HeldValues } from './held.js'
import type { Method } from './methods.js'
import { architectureOf } from './networks.js'
import { sharesOf } from './predictions.js'
import type { SegmentationResult } from './result.js'
import type { SegmentationSpec } from './spec.js'
import { epochsOf, workOf } from './work.js'
import type { Picture } from './x-step/x-step.js'

/** What the trial has found so far: parts of its result; JSON. */
export type Known = Omit<SegmentationResult, 'outcome' | 'parameters'>

interface SavedValues { learner: LearnerState, progress: ProgressState, known: Known, held: HeldValues[] }

export interface TrialState {
  readonly spec: SegmentationSpec
  readonly seed: number
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
  /** checkpoints that wait for the model to be announced */
  readonly held: CheckpointEvent[]
  readonly random: RunContext['random']
  rate (epoch: number, within: number): number
  pictureAt (i: number): Picture
  /** Whether the warm-up is over. */
  isWarm (): boolean
  /** Finds what is fed beside some pictures. @param into [train, width] */
  find (indices: Int32Array, into?: Float32Array): void
  openLearner (options: Omit<LearnerOptions, 'boundary' | 'resume'>): Learner
  boundary (): BoundaryEvent
  close (): void
}

/** Opens a trial: afresh, or as it was at a boundary. */
export async function openTrial ({ spec, seed }: TrialDefinition<SegmentationSpec>, context: RunContext): Promise<TrialState> {
  const engine = await context.engine()
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const dataset = context.data.data!
  const method = spec.methods[0]!
  const { inputShape, classes } = shapeOf(spec, dataset)
  const labels = classes.length
  const pixels = sizeOf(inputShape.slice(0, 2))
  const { train, test } = openPictures(spec, dataset, context.random)
  const preprocessing = measurePreprocessing(spec, dataset, train)
  const [height, width] = seenShape(spec, { inputShape })
  const toFind = { method, labels, pictures: train, window: [height!, width!] as const }
  const beside = besideOf(method, toFind)
  const finding = beside && (spec.crew > 1
    ? findByCrew(toFind, beside, { open: context.crew, size: spec.crew, capacity: spec.batchSize })
    : findAlone(beside, pixels * labels))
  const column = new Float32Array(train.count * (beside?.width ?? 0))
  column.set(context.resume?.arrays.beside?.data as Float32Array | undefined ?? [])
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
    seed,
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
    held: loadHeld(saved?.held ?? [], unprefix('held/', context.resume?.arrays ?? {})),
    known: saved?.known ?? { classes, points: [], truthEnergy: 0, pictures: [], trainPictures: [], sheets: [] },
    random: context.random,
    rate: (epoch, within) => rateAt(schedule, learningRate, epoch, within, epochs),
    pictureAt: i => pictureAt(train, i),
    isWarm: () => learner!.steps() >= spec.warmup * Math.ceil(train.count / Math.min(spec.batchSize, train.count)),
    find (indices, into = column) {
      const { when } = beside!
      const begun = context.clock()
      const shares = when === 'once' ? new Float32Array(0) : sharesOf(engine, learner!.network, examples, indices)
      finding!(indices, shares, column, into)
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

/** What is fed beside the pictures is left out while it is all 0: so methods have the snapshots of the warm-up in common. */
function takeSnapshot ({ progress, known, held, column }: TrialState, learner: Learner): SnapshotState {
  const { state, arrays } = learner.save()
  const waiting = saveHeld(held)
  const values: SavedValues = structuredClone({ learner: state, progress: progress.state, known, held: waiting.values })
  return {
    values: values as unknown as Record<string, unknown>,
    arrays: {
      ...prefix('learner/', arrays),
      ...prefix('held/', waiting.arrays),
      ...(column.some(number => number !== 0) ? { beside: { shape: [column.length], data: column.slice() } } : {})
    }
  }
}
