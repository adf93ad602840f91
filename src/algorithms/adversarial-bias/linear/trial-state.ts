/** A training of a linear classifier at work: its points, what it is held against, and how far it is; afresh or from a snapshot. */
import { dualOf } from '../../../math/norms.js'
import type { NamedArrays } from '../../../math/arrays.js'
import type { StoredRows } from '../../../optimizers/rows.js'
import { createAdversarialDescent, type AdversarialDescent } from '../../../optimizers/rows/adversarial-descent.js'
import type { RunContext, RunEvent, SnapshotState } from '../../contract.js'
import { createProgress, type Progress, type ProgressState } from '../../kit/progress.js'
import { horizonsOf, totalSteps } from '../horizons.js'
import { orderOf } from '../radius.js'
import type { LinearResult } from '../result.js'
import type { AdversarialSpec } from '../spec.js'
import { reachOf } from './inner.js'
import type { Against } from './measure.js'
import { openPoints } from './points.js'
import { recordSteps, thin } from './records.js'
import { restoreReferences, saveReferences, type References, type SavedReferences, type Sought } from './references.js'
import type { LinearProblem } from './spec.js'
import { paceOf, type Pace } from './work.js'

export interface TrialState {
  readonly problem: LinearProblem
  readonly sought: Sought
  readonly rows: StoredRows
  /** points of a step */
  readonly batch: number
  readonly pace: Pace
  readonly descent: AdversarialDescent
  readonly random: RunContext['random']
  readonly clock: RunContext['clock']
  readonly progress: Progress
  /** undefined until they are found */
  references: References | undefined
  readonly cursor: Cursor
  readonly curve: LinearResult['curve']
  /** of points in the plane, w of the last run at some of its recorded steps: [step, w1, w2] */
  readonly path: number[][]
  /** room for z_i . w: [count] */
  readonly products: Float64Array
}

/** How far a training is; JSON. */
export interface Cursor {
  /** runs that are done: of a tuned training one for every horizon, of others one */
  run: number
  /** steps of the present run that are done */
  step: number
  /** rows of the present step that are gathered */
  row: number
}

interface SavedValues {
  cursor: Cursor
  progress: ProgressState
  weightSum: number
  counting: boolean
  curve: LinearResult['curve']
  path: number[][]
  references?: SavedReferences
}

/** Opens a training, afresh or as it was at a boundary. The spec has one. Its descent has to be closed. */
export function openTrial (spec: AdversarialSpec, context: RunContext): TrialState {
  const { resume, random, clock } = context
  const saved = resume?.values as unknown as SavedValues | undefined
  const problem = spec.problem as LinearProblem
  const { q, radius } = spec.trainings[0]!
  const sought: Sought = { q: orderOf(q), radius, horizons: horizonsOf(radius, problem.steps) }
  const rows = openPoints(problem.points, context)
  const batch = problem.batch === 'full' ? rows.count : Math.min(problem.batch, rows.count)
  const { loss, learningRate } = problem
  const trial: TrialState = {
    problem,
    sought,
    rows,
    batch,
    pace: paceOf(rows, batch),
    descent: createAdversarialDescent(rows, { ball: { q: sought.q, radius: 0 }, loss, learningRate }),
    random,
    clock,
    progress: createProgress(totalSteps(radius, problem.steps), saved?.progress),
    references: saved?.references && restoreReferences(resume!.arrays, saved.references),
    cursor: saved?.cursor ?? { run: 0, step: 0, row: 0 },
    curve: saved?.curve ?? [],
    path: saved?.path ?? [],
    products: new Float64Array(rows.count)
  }
  if (saved) restoreDescent(trial, resume!.arrays, saved)
  return trial
}

function restoreDescent (trial: TrialState, arrays: NamedArrays, { weightSum, counting }: SavedValues): void {
  const { descent, cursor, references } = trial
  descent.w.set(arrays.w!.data)
  descent.crossings.set(arrays.crossings!.data)
  descent.counting = counting
  if (references === undefined || cursor.run === trial.sought.horizons.length) return
  descent.radius = radiusInForce(trial)
  if (cursor.row === 0) return
  descent.begin() // w is as it was: so is the perturbation
  descent.gradient.set(arrays.gradient!.data)
  descent.weightSum = weightSum
}

/** How far perturbations go in the present run. */
export function radiusInForce ({ problem, references, cursor }: TrialState): number {
  return reachOf(problem.inner, references!.runs[cursor.run]!.radius)
}

/** What the present run is held against: the ball is the paper's, whatever the inner maximisation reaches of it. */
export function againstOf ({ problem, sought, references, cursor }: TrialState): Against {
  const { clean, runs } = references!
  return { loss: problem.loss, p: dualOf(sought.q), clean, ...runs[cursor.run]! }
}

/** The pass under way, and where in it the next step begins: a new order for every one. */
export function passOf ({ rows, batch, cursor: { step } }: TrialState): { epoch: number, at: number, stepsLeft: number } {
  const steps = Math.ceil(rows.count / batch)
  return { epoch: Math.floor(step / steps), at: step % steps * batch, stepsLeft: steps - step % steps }
}

/** Has the descent follow the order of the pass under way. */
export function openPass (trial: TrialState): void {
  const { descent, random, rows, problem } = trial
  descent.setOrder(problem.batch === 'full' ? undefined : random('order', passOf(trial).epoch).permutation(rows.count))
}

/** Recorded steps of the present run, and those of its path: of a run to one horizon among several its last one alone. */
export function recordsOf (
  { problem, sought: { radius, horizons }, cursor: { run } }: TrialState
): { records: number[], path: Set<number> } {
  const steps = recordSteps(horizons[run]!, problem.recordsPerDecade)
  return {
    records: radius.type === 'tuned' ? [horizons[run]!] : steps,
    path: new Set(run === horizons.length - 1 ? thin(steps, MOST_PATH) : [])
  }
}

/** As many as a result has. */
const MOST_PATH = 200

/** A place from which the training can go on. */
export function boundary (trial: TrialState): RunEvent {
  const { sought: { horizons }, cursor } = trial
  return { type: 'boundary', step: horizons[cursor.run - 1] ?? cursor.step, snapshot: () => snapshotOf(trial) }
}

function snapshotOf ({ descent, references, cursor, progress, curve, path }: TrialState): SnapshotState {
  const saved = references && saveReferences(references)
  const { w, gradient, crossings, weightSum, counting } = descent
  const flat = (data: Float64Array | Int32Array) => ({ shape: [data.length], data: data.slice() })
  const values: SavedValues = {
    cursor, progress: progress.state, weightSum, counting, curve, path, ...(saved && { references: saved.values })
  }
  return {
    arrays: { ...saved?.arrays, w: flat(w), gradient: flat(gradient), crossings: flat(crossings) },
    values: structuredClone(values) as unknown as Record<string, unknown>
  }
}
