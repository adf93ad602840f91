/** A trial of a network at work: what it learns, against whom, and what is known so far; opened afresh or from a snapshot. */
import { openClasses, type ClassesDataset } from '../../../datasets/classes.js'
import type { Preprocessing } from '../../../datasets/dataset.js'
import { validBox } from '../../../influence/attack/units.js'
import { prefix, unprefix } from '../../../math/arrays.js'
import type { Architecture } from '../../../tensor/architecture.js'
import { createAttack, type Attack, type Threat } from '../../../tensor/attack.js'
import type { Examples } from '../../../tensor/batches.js'
import type { Engine } from '../../../tensor/engine.js'
import type { RunContext, RunEvent, SnapshotState } from '../../contract.js'
import { weighCheckpoints, type WeighedCheckpoint } from '../../kit/checkpoints.js'
import { firstExamples } from '../../kit/data.js'
import { descentOf } from '../../kit/descent.js'
import { createLearner, type Learner, type LearnerOptions, type LearnerState } from '../../kit/learner.js'
import { architectureOf } from '../../kit/network.js'
import { preprocessingOf } from '../../kit/preprocessing.js'
import { createProgress, type Progress, type ProgressState } from '../../kit/progress.js'
import { rateAt } from '../../kit/schedule.js'
import type { NetworkResult } from '../result.js'
import type { Training } from '../spec.js'
import { ballOf, radiusOf } from './adversary.js'
import { countsOf } from './data.js'
import type { NetworkProblem } from './spec.js'
import { workOf, type Work } from './work.js'

/** Weights are stored after so many parts of the training, each standing for its part in sums over checkpoints. */
const CHECKPOINTS = 6

/** What the trial has found so far: parts of its result; JSON. */
export interface Known extends Pick<NetworkResult, 'accuracy' | 'curve' | 'epochs' | 'checks' | 'sheet'> { isAnnounced: boolean }

interface SavedValues { learner: LearnerState, progress: ProgressState, known: Known }

type Classified = Examples & { target: Int32Array }

export interface TrialState {
  readonly problem: NetworkProblem
  readonly training: Training
  readonly engine: Engine
  readonly dataset: ClassesDataset
  readonly architecture: Architecture
  readonly preprocessing: Preprocessing
  readonly train: Classified
  readonly test: Classified
  /** positions of the test examples that are attacked */
  readonly attacked: Int32Array
  readonly threat: Threat
  /** the training's, in full; 0: clean training */
  readonly radius: number
  readonly work: Work
  readonly progress: Progress
  readonly known: Known
  readonly checkpoints: WeighedCheckpoint[]
  readonly random: RunContext['random']
  readonly clock: RunContext['clock']
  /** learning rate in force at a place of the training: completed epochs, completed part of the present one */
  rate (epoch: number, within: number): number
  openLearner (options: Omit<LearnerOptions, 'boundary' | 'resume'>): Learner
  /** The attack on the test examples, as the network is when it is run. */
  attack (): Attack
  boundary (): RunEvent
  close (): void
}

/** Opens a trial: afresh, or as it was at a boundary. */
export async function openTrial (problem: NetworkProblem, training: Training, context: RunContext): Promise<TrialState> {
  const engine = await context.engine()
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const data = context.data.data!
  const dataset = openClasses(data)
  const counts = countsOf(problem, dataset)
  const preprocessing = preprocessingOf(problem.scaling, data, { count: counts.train })
  const seen = (split: ClassesDataset['train'], count: number): Classified => {
    const first = firstExamples(split, count)
    return { data: first, inputShape: dataset.inputShape, preprocessing, target: first.labels }
  }
  const train = seen(dataset.train, counts.train)
  const test = seen(dataset.test, counts.test)
  const threat: Threat = { norm: ballOf(training.q), objective: 'loss', box: validBox(dataset.train, preprocessing) }
  const work = workOf(problem, training, counts)
  const { epochs, optimizer: { schedule, learningRate, ...optimizer } } = problem
  const rate = (epoch: number, within: number) => rateAt(schedule, learningRate, epoch, within, epochs)
  const perEpoch = Math.ceil(counts.train / Math.min(problem.batchSize, counts.train))
  let learner: Learner | undefined
  let attack: Attack | undefined

  const trial: TrialState = {
    problem,
    training,
    engine,
    dataset,
    architecture: architectureOf(problem.network, dataset),
    preprocessing,
    train,
    test,
    attacked: Int32Array.from({ length: counts.attacked }, (_, i) => i),
    threat,
    radius: radiusOf(training),
    work,
    progress: createProgress(work.all, saved?.progress),
    known: saved?.known ?? { isAnnounced: false, accuracy: 0, curve: [], epochs: [], checks: [] },
    checkpoints: weighCheckpoints({ type: 'even', count: CHECKPOINTS }, {
      epochs, perEpoch, examples: counts.train, descent: descentOf(optimizer), rate
    }),
    random: context.random,
    clock: context.clock,
    rate,
    openLearner (options) {
      const resume = context.resume && { state: saved!.learner, arrays: unprefix('learner/', context.resume.arrays) }
      learner = createLearner(engine, { ...options, boundary: trial.boundary, resume })
      return learner
    },
    attack: () => (attack ??= createAttack(engine, learner!.network, { ...test, ...threat })),
    boundary: () => ({ type: 'boundary', step: learner!.steps(), snapshot: () => takeSnapshot(trial, learner!) }),
    close () {
      attack?.dispose()
      learner?.dispose()
    }
  }
  return trial
}

function takeSnapshot ({ progress, known }: TrialState, learner: Learner): SnapshotState {
  const { state, arrays } = learner.save()
  const values: SavedValues = structuredClone({ learner: state, progress: progress.state, known })
  return { values: values as unknown as Record<string, unknown>, arrays: prefix('learner/', arrays) }
}
