/** A trial at work: what it solves, what it learns, and what is known so far; opened afresh or from a snapshot. */
import { prefix, unprefix, type NamedArrays } from '../../math/arrays.js'
import type { RunContext, RunEvent, SnapshotState } from '../contract.js'
import { createLearner, type Learner, type LearnerOptions, type LearnerState } from '../kit/learner.js'
import { inParts } from '../kit/passes.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import type { Family, Instances } from './families/family.js'
import { openFamily } from './families/index.js'
import { wantsOf } from './initialisers/index.js'
import type { Wants } from './initialisers/initialiser.js'
import type { InitialiserSpec } from './initialisers/spec.js'
import { sampleInParts } from './instances.js'
import type { Solutions } from './offline/solutions.js'
import type { InitializationResult } from './result.js'
import { openSolving } from './solving/open.js'
import type { Solving } from './solving/solving.js'
import type { InitializationSpec } from './spec.js'
import { workOf, type Work } from './work.js'

/** What the trial has found so far; JSON. */
export interface Known {
  /** completed steps of training */
  trainingSteps: number
  /** whether the network is stored */
  isStored: boolean
  /** steps and evaluations of the stored solutions; of the test instances, before their own solving */
  offline: { steps: number, queries: number }
  before: { steps: number, queries: number }
  calibration?: InitializationResult['calibration']
}

/** A task that is being solved, and what it needs to go on. */
export interface OpenTask { name: string, save (): SnapshotState }

export interface TrialState {
  readonly spec: InitializationSpec
  readonly initialiser: InitialiserSpec
  readonly wants: Wants
  readonly family: Family
  readonly work: Work
  readonly progress: Progress
  readonly known: Known
  /** arrays that later parts need, by name: `solutions/…`, `ends`, `starts` */
  readonly kept: NamedArrays
  readonly solving: Solving
  readonly context: RunContext
  /** undefined until they are drawn */
  test: Instances | undefined
  /** undefined until they are solved, or read */
  solutions: Solutions | undefined
  task: OpenTask | undefined
  openLearner (engine: Awaited<ReturnType<RunContext['engine']>>, options: Omit<LearnerOptions, 'boundary' | 'resume'>): Learner
  /** Ends the use of the network. */
  closeLearner (): void
  boundary (): RunEvent
  close (): void
}

interface SavedValues {
  known: Known
  progress: ProgressState
  learner?: LearnerState
  task?: { name: string, values: SnapshotState['values'] }
}

/** Opens a trial: afresh, or as it was at a boundary. */
export function openTrial (spec: InitializationSpec, context: RunContext): TrialState {
  const { resume, random } = context
  const saved = resume?.values as unknown as SavedValues | undefined
  const initialiser = spec.initialisers[0]!
  const family = openFamily(spec.family)
  const work = workOf(spec, family)
  const crew = spec.crew > 1 ? { crew: { open: context.crew, size: spec.crew } } : {}
  let learner: Learner | undefined
  /** how the network was, as long as it is not opened again */
  let savedLearner = saved?.learner && { state: saved.learner, arrays: unprefix('learner/', resume!.arrays) }

  const trial: TrialState = {
    spec,
    initialiser,
    wants: wantsOf(initialiser),
    family,
    work,
    progress: createProgress(work.all, saved?.progress),
    known: saved?.known ?? { trainingSteps: 0, isStored: false, offline: { steps: 0, queries: 0 }, before: { steps: 0, queries: 0 } },
    kept: resume ? unprefix('kept/', resume.arrays) : {},
    solving: openSolving({ family: spec.family, solver: spec.solver }, { random, ...crew }),
    context,
    test: undefined,
    solutions: undefined,
    task: saved?.task && { name: saved.task.name, save: () => ({ values: saved.task!.values, arrays: unprefix('task/', resume!.arrays) }) },
    openLearner (engine, options) {
      learner = createLearner(engine, { ...options, boundary: trial.boundary, resume: savedLearner })
      return learner
    },
    closeLearner () {
      learner?.dispose()
      learner = undefined
      savedLearner = undefined
    },
    boundary: () => ({
      type: 'boundary', step: learner?.steps() ?? trial.known.trainingSteps, snapshot: () => takeSnapshot(trial, learner?.save() ?? savedLearner)
    }),
    close () {
      trial.closeLearner()
      trial.solving.close()
    }
  }
  return trial
}

function takeSnapshot ({ known, progress, kept, task }: TrialState, learner: ReturnType<Learner['save']> | undefined): SnapshotState {
  const solved = task?.save()
  const values: SavedValues = {
    known,
    progress: progress.state,
    ...(learner ? { learner: learner.state } : {}),
    ...(solved ? { task: { name: task!.name, values: solved.values } } : {})
  }
  return {
    values: structuredClone(values) as unknown as Record<string, unknown>,
    arrays: { ...prefix('kept/', kept), ...prefix('learner/', learner?.arrays ?? {}), ...prefix('task/', solved?.arrays ?? {}) }
  }
}

/** The test instances, the same for all arms of a seed. */
export async function * drawTests (trial: TrialState): AsyncGenerator<RunEvent, Instances> {
  const { spec, family, context } = trial
  trial.test ??= yield * inParts(sampleInParts(family, spec.testInstances, context.random, 'test instances'), trial.boundary)
  return trial.test
}
