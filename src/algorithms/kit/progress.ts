/** How far a run is: work done of work to do, emitted in steps of one percent. */
import type { RunEvent } from '../contract.js'

/** Where a progress stands; JSON, kept in snapshots. */
export interface ProgressState { done: number, emitted: number }

export interface Progress {
  state: ProgressState
  /** Counts work; gives an event when another percent is done. */
  add (work: number): RunEvent[]
}

/** Events per run. */
const resolution = 100

/** Makes the progress of a run. @param of all work, in training steps or what costs as much */
export function createProgress (of: number, state: ProgressState = { done: 0, emitted: 0 }): Progress {
  return {
    state,
    add (work) {
      state.done = Math.min(of, state.done + work)
      const [done, all] = [Math.round(state.done), Math.round(of)] // whole numbers: work of passes is counted in parts of a step
      const level = Math.floor(resolution * done / all)
      if (level <= state.emitted) return []
      state.emitted = level
      return [{ type: 'progress', done, of: all }]
    }
  }
}
