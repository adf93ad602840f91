/** What tells solvers apart: how rows are moved. All else (open.ts) is the same for all. */
import type { BatchObjective } from '../../math/batch-objective.js'
import type { BatchState } from './state.js'

export interface Method {
  /** evaluations of an instance that a step takes, and that beginning takes */
  readonly queriesOfStep: number
  readonly queriesOfBegin: number
  /** Looks at where the active ones are after `step` steps: 0, or more after an interruption. @param values [count] */
  begin (step: number, values: Float64Array, active: Uint8Array): void
  /** Moves the states of the active ones, and looks at where they are now. @param step number of this step, from 1 */
  move (step: number, values: Float64Array, active: Uint8Array): void
}

/** What all methods work on. */
export interface Bench { objective: BatchObjective, state: BatchState }
