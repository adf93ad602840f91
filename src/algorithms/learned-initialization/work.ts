/** How much work a trial is, in steps of the solver for one start of one instance: what progress counts, and costs. Pure. */
import { forwardFlops } from '../../tensor/architecture.js'
import type { Family } from './families/family.js'
import { wantsOf } from './initialisers/index.js'
import type { InitialiserSpec } from './initialisers/spec.js'
import { passesOf } from './initialisers/val-init.js'
import { architectureOf, isTrained, type Trained } from './learning/architecture.js'
import type { SolverSpec } from './solver-spec.js'
import type { InitializationSpec } from './spec.js'

export interface Work {
  /** the `of` of the trial's progress */
  all: number
  /** a step of training */
  trainingStep: number
  /** steps of training */
  trainingSteps: number
  /** test instances, from the first, of which all candidates are solved to see what their predicted values are worth; candidates of each */
  calibration: { instances: number, candidates: number }
}

/** Floating-point operations of a network's step are so much quicker than those of a solver's: float32, many rows at once. */
const NETWORK_SPEED = 20
/** Predicted values are held against reached ones for so many instances and candidates at most. */
const MOST_CALIBRATED = { instances: 500, candidates: 50 }

/** Estimates the work. The spec has one initialiser. */
export function workOf (spec: InitializationSpec, family: Family): Work {
  const initialiser = spec.initialisers[0]!
  const { solver, offline, testInstances } = spec
  const { past, ends, runs } = wantsOf(initialiser)
  const stored = offlineOf(spec, initialiser)
  const calibration = calibrationOf(initialiser, testInstances)
  const solvedBefore = offline.solutions === undefined ? stored * past : 0
  const solved = solvedBefore + testInstances * (runs + Number(ends)) + calibration.instances * calibration.candidates
  const training = isTrained(initialiser)
    ? trainingOf(initialiser, { family, solver, stored, past })
    : { trainingStep: 0, trainingSteps: 0 }
  return { ...training, calibration, all: Math.round(solved * solver.steps + training.trainingSteps * training.trainingStep) }
}

function trainingOf (
  initialiser: Trained, { family, solver, stored, past }: { family: Family, solver: SolverSpec, stored: number, past: number }
): Pick<Work, 'trainingStep' | 'trainingSteps'> {
  const { epochs, batchSize, type } = initialiser
  const instances = Math.min(batchSize, stored)
  const rows = type === 'val-init' ? instances * past : instances
  return {
    trainingSteps: epochs * Math.ceil(stored / instances),
    trainingStep: 3 * rows * forwardFlops(architectureOf(initialiser, family)) / NETWORK_SPEED / stepFlops(family, solver)
  }
}

/** Stored instances that an initialiser learns from; of one that does not, 0. */
export function offlineOf ({ offline: { instances } }: Pick<InitializationSpec, 'offline'>, initialiser: InitialiserSpec): number {
  if (wantsOf(initialiser).past === 0) return 0
  return Math.min(instances, 'offline' in initialiser ? initialiser.offline ?? instances : instances)
}

function calibrationOf (initialiser: InitialiserSpec, testInstances: number): Work['calibration'] {
  if (initialiser.type !== 'val-init' || initialiser.oracle || initialiser.candidates === 1) return { instances: 0, candidates: 0 }
  return {
    instances: Math.min(testInstances, MOST_CALIBRATED.instances), candidates: Math.min(initialiser.candidates, MOST_CALIBRATED.candidates)
  }
}

/**
 * Floating-point operations of a step of the solver for one instance, about: value and gradient go through the instance's numbers
 * three times, a multiplication and an addition each; some twenty for every number that is moved.
 */
export function stepFlops ({ instanceSize, size }: Pick<Family, 'instanceSize' | 'size'>, solver: SolverSpec): number {
  const evaluation = 6 * instanceSize + 20 * size
  return solver.type === 'zeroth-order' ? evaluation / 2 * (solver.samples + 1) : evaluation
}

/** Operations of the network for a test instance. */
export function predictionFlops (initialiser: InitialiserSpec, family: Family): number {
  if (!isTrained(initialiser)) return 0
  return forwardFlops(architectureOf(initialiser, family)) * (initialiser.type === 'val-init' ? passesOf(initialiser) : 1)
}

/** Operations of a network's training: a gradient is three passes. */
export function trainingFlops (spec: InitializationSpec, family: Family): number {
  const initialiser = spec.initialisers[0]!
  if (!isTrained(initialiser)) return 0
  const rows = offlineOf(spec, initialiser) * (initialiser.type === 'val-init' ? initialiser.starts : 1)
  return 3 * initialiser.epochs * rows * forwardFlops(architectureOf(initialiser, family))
}
