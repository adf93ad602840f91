/** A trial at work: what its workers learn, how they exchange, what was counted, and how far it is; opened afresh or from a snapshot. */
import type { Vector } from '../../exchange/exchange.js'
import type { NamedArray, NamedArrays, NumericArray } from '../../math/arrays.js'
import type { RunContext, RunEvent } from '../contract.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import { armOf, type Arm } from './arms.js'
import { createCalendar, evenly, logarithmically, type Calendar } from './calendar.js'
import { createMethod, criterionOf } from './methods/index.js'
import type { Learning } from './learning.js'
import type { Method } from './methods/method.js'
import type { LeaderCriterion } from './methods/spec.js'
import type { Means } from './part.js'
import type { Objective } from './problems/analytic.js'
import { openProblem } from './problems/open.js'
import type { Opened } from './problems/opened.js'
import { emptyCount, pathPieces, type Counted, type Looking } from './record.js'
import type { LeaderSpec } from './spec.js'
import { emptyTheory, type TheoryState } from './theory.js'
import { openDurations, type Simulated } from './virtual-time.js'
import { stepsOf } from './work.js'

export interface TrialState {
  readonly spec: LeaderSpec
  readonly arm: Arm
  readonly context: RunContext
  readonly opened: Opened
  readonly method: Method
  readonly criterion: LeaderCriterion
  readonly calendar: Calendar
  readonly looking: Looking<Vector>
  /** steps of which centre and leader are measured, and of which the places in the plane are kept */
  readonly records: ReadonlySet<number>
  readonly paths: ReadonlySet<number>
  /** of lsgd on quadratics, of which there is theory; and steps at which it is held against them, beside exchanges in step */
  readonly objective: Objective | undefined
  readonly tested: ReadonlySet<number>
  /** simulated time; undefined of parallel */
  readonly simulated: { execution: Simulated, duration: (worker: number, step: number) => number } | undefined
  readonly progress: Progress
  readonly counted: Counted
  readonly theory: TheoryState
  readonly cursor: Cursor
  /** bytes of all weights */
  readonly copy: number
  /** where the workers are, as the mode saves it */
  place: () => { arrays: NamedArrays, values: Record<string, unknown> }
}

/** How far a trial is; JSON. */
export interface Cursor {
  /** step of the last moment that was written down; -1 before the first */
  noted: number
  /** further trainings from random starts that are done, and of all of them: see result.ts */
  repeats: number
  reached: number
  lossSum: number
}

interface SavedValues { cursor: Cursor, progress: ProgressState, counted: Counted, theory: TheoryState }

/** Opens a trial: afresh, or as it was at a boundary. The spec has one method. */
export async function openTrial (spec: LeaderSpec, context: RunContext): Promise<TrialState> {
  const saved = context.resume?.values as unknown as SavedValues | undefined
  const arm = armOf(spec, spec.methods[0]!)
  const { workers } = arm
  const opened = await openProblem(spec, context)
  const { learning, measuring } = opened
  const method = createMethod(arm.method, { workers, learning })
  const { execution } = spec
  const { records, paths, tested } = looksOf(spec)
  return {
    spec,
    arm,
    context,
    opened,
    method,
    criterion: criterionOf(arm.method),
    calendar: calendarOf(spec, learning, method),
    records: new Set(records),
    paths: new Set(paths),
    objective: tested.length > 0 ? opened.objective : undefined,
    tested: new Set(tested),
    looking: { measuring, method, weights: learning.weights, size: learning.size, isAnalytic: spec.problem.type !== 'network' },
    simulated: execution.type === 'simulated' ? { execution, duration: openDurations(execution, workers, context.random) } : undefined,
    progress: createProgress(stepsOf(spec), saved?.progress),
    counted: saved?.counted ?? emptyCount(workers, { isSimulated: execution.type === 'simulated', isAsync: arm.mode === 'async' }),
    theory: saved?.theory ?? emptyTheory(),
    cursor: saved?.cursor ?? { noted: -1, repeats: 0, reached: 0, lossSum: 0 },
    copy: learning.weights * learning.room(1).BYTES_PER_ELEMENT,
    place: () => ({ arrays: {}, values: {} })
  }
}

/** When the workers of an arm meet in step: the same for all threads. */
export function calendarOf (spec: LeaderSpec, learning: Learning, { period }: Method): Calendar {
  const { workers } = armOf(spec, spec.methods[0]!)
  const { records, paths, tested } = looksOf(spec)
  const pace = Math.max(1, Math.floor(learning.pace / workers))
  return createCalendar({ steps: spec.steps, period, pace, looks: [...records, ...paths, ...tested] })
}

/** Steps of which something is written down: see TrialState. */
function looksOf (spec: LeaderSpec): { records: number[], paths: number[], tested: number[] } {
  const { steps, problem, methods: [method] } = spec
  return {
    records: evenly(steps, spec.records),
    paths: isPlane(spec) ? evenly(steps, pathPieces) : [],
    tested: problem.type === 'quadratic' && method!.type === 'lsgd' ? logarithmically(steps, theoryLooks) : []
  }
}

/** What the trial's thread runs workers with. */
export function meansOf (
  { opened: { learning }, method, criterion, calendar, arm: { workers }, spec: { steps } }: TrialState
): Means<Vector> {
  return { learning, method, criterion, calendar, workers, steps }
}

/** Enough for a slope. */
const theoryLooks = 100

/** Whether what is learned has two numbers. */
export function isPlane ({ problem }: LeaderSpec): boolean {
  return problem.type === 'sinc' || ('dimensions' in problem && problem.dimensions === 2)
}

/** A place from which the trial can go on. */
export function boundary (trial: TrialState): RunEvent {
  return { type: 'boundary', step: Math.max(0, trial.cursor.noted), snapshot: () => snapshotOf(trial) }
}

function snapshotOf ({ place, cursor, progress, counted, theory }: TrialState): { arrays: NamedArrays, values: Record<string, unknown> } {
  const { arrays, values } = place()
  const saved: SavedValues = { cursor, progress: progress.state, counted, theory }
  return { arrays, values: { ...values, ...structuredClone(saved) } }
}

/** Vectors of one length as rows. */
export function rowsOf (vectors: readonly Vector[]): NamedArray {
  const width = vectors[0]!.length
  const data = vectors[0] instanceof Float32Array ? new Float32Array(vectors.length * width) : new Float64Array(vectors.length * width)
  vectors.forEach((vector, row) => data.set(vector, row * width))
  return { shape: [vectors.length, width], data }
}

/** The rows of what rowsOf() made. */
export function rowsIn ({ shape: [rows = 0, width = 0], data }: NamedArray): Vector[] {
  return Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width) as Vector)
}

/** A vector by itself. */
export function flat (data: NumericArray): NamedArray {
  return { shape: [data.length], data: data.slice() }
}
