/** Solves starts inside a trial, so that it can be left and taken up on the way. Next hop: solving/solving.ts. */
import type { RunEvent } from '../contract.js'
import type { Ends, SolvingTask } from './solving/solving.js'
import type { TrialState } from './trial-state.js'

/**
 * Solves a task. Before it is begun nothing that it needs may have changed since the snapshot from which the trial goes on.
 * @param name of the task in snapshots
 * @returns    memory of the solving: valid until the next task
 */
export async function * solveTask (trial: TrialState, name: string, task: SolvingTask): AsyncGenerator<RunEvent, Ends> {
  const saved = trial.task?.name === name ? trial.task.save() : undefined
  const run = trial.solving.begin(task, saved)
  trial.task = { name, save: () => run.save() }
  while (!run.done) {
    const { done } = run.progress
    run.advance()
    yield * trial.progress.add(run.progress.done - done)
    yield trial.boundary()
  }
  trial.task = undefined
  return run.ends
}
