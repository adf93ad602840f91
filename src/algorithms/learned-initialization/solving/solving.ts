/**
 * Solving many starts of many instances, alone or by a crew: what is asked, and what comes of it. A row is one start of one
 * instance; rows are solved in blocks, in order, and each is written to its instance when its block ends. Numbers are the same
 * to the bit with any crew, blocks and interruptions. Next hop: open.ts.
 */
import type { RandomStream } from '../../../math/random.js'
import type { RunContext, SnapshotState } from '../../contract.js'
import type { Instances } from '../families/family.js'
import type { FamilySpec } from '../families/spec.js'
import type { SolverSpec } from '../solver-spec.js'

/** Which problems, and how each is solved. JSON: members of a crew open the same. */
export interface SolvingSpec { family: FamilySpec, solver: SolverSpec }

/** What a trial gives: its own streams, and its crew where it has one. */
export interface SolvingContext {
  random: (purpose: string, ...keys: number[]) => RandomStream
  /** opens the crew, once per run; left out: this thread alone */
  crew?: { open: RunContext['crew'], size: number }
  /** numbers that a thread touches in one advance(), about: some tens of milliseconds of work when left out */
  work?: number
}

/** Solves tasks, one after the other. */
export interface Solving {
  /** @param resume what save() gave, with the same task */
  begin (task: SolvingTask, resume?: SnapshotState): TaskRun
  /** Gives memory back. */
  close (): void
}

export interface SolvingTask {
  instances: Instances
  /** starts of each instance, 1 or more */
  runs: number
  /** [count, runs, size], not kept and not changed */
  starts: Float64Array
  /** what the streams of a zeroth-order solver's directions are for, such as 'test directions'; keyed by (from + instance, run, step) */
  purpose: string
  /** number of the first instance; 0 when left out */
  from?: number
  /** what is wanted beside the best ends: curve, objectives at steps; runs, the end of each start */
  wants?: { curve?: boolean, runs?: boolean }
}

/** A task that is being solved. */
export interface TaskRun {
  readonly done: boolean
  /** rows x steps; it counts rows that have stopped before as done */
  readonly progress: { done: number, of: number }
  /** Works for some tens of milliseconds, never for a second; afterwards it can be saved. */
  advance (): void
  /** All that going on takes beside the task, to the bit. */
  save (): SnapshotState
  /** complete when it is done; the run's own memory */
  readonly ends: Ends
}

/** Where instances ended. Objectives are those that are minimized. */
export interface Ends {
  /** the best state that any of its runs has seen, [count, size]; of equals that of the first run */
  states: Float64Array
  /** the value there, [count]; NaN: no run has ever had a number, and the state is its first start */
  values: Float64Array
  /** value at the best of its starts, [count] */
  initials: Float64Array
  /** which run it was, [count] */
  runs: Int32Array
  /** why that run stopped: positions in stopReasons, [count] */
  reasons: Uint8Array
  /** steps and evaluations of all its runs together, [count] */
  steps: Float64Array
  queries: Float64Array
  /** runs that ended as non-finite, in all [1] */
  nonFinite: Int32Array
  /** the best over its runs of where they are at curveSteps(solver.steps), [points, count]; who has stopped stays */
  curve?: Float64Array
  /** the best state of each run and the value there: [count, runs, size], [count, runs] */
  each?: { states: Float64Array, values: Float64Array }
}

const MOST_INTERVALS = 1000

/** Steps at which curves have points: 0, the last, and all between, or 999 of them. */
export function curveSteps (steps: number): number[] {
  const intervals = Math.min(steps, MOST_INTERVALS)
  return Array.from({ length: intervals + 1 }, (_, k) => Math.round(k * steps / intervals))
}
