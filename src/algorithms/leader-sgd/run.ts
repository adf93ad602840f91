/**
 * One trial: workers that train copies of one thing and exchange by one method, in step or each when it comes. Next hops:
 * in-step.ts and apart.ts move the workers, crew/ in several threads, methods/ say what becomes of them, observe.ts writes
 * down, conclude.ts ends it.
 */
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { trainApart } from './apart.js'
import { conclude } from './conclude.js'
import { trainApartOnCrew } from './crew/apart.js'
import { trainInStep } from './in-step.js'
import { repeat } from './repeats.js'
import type { Look } from './record.js'
import type { LeaderResult } from './result.js'
import type { LeaderSpec } from './spec.js'
import { openTrial, type TrialState } from './trial-state.js'

/** Runs one trial. The spec has one method. */
export async function * run ({ spec }: TrialDefinition<LeaderSpec>, context: RunContext): AsyncGenerator<RunEvent, LeaderResult> {
  const trial = await openTrial(spec, context)
  try {
    // 1. workers train, each on its own, and exchange what the method says
    const last = yield * train(trial)
    // 2. so do others like them, from other random starts
    yield * repeat(trial, last)
    // 3. what they came to: centre, leader, average, and every worker
    return yield * conclude(trial, last)
  } finally {
    trial.opened.learning.dispose()
    trial.opened.measuring.dispose()
  }
}

function train (trial: TrialState): AsyncGenerator<RunEvent, Look> {
  if (trial.arm.mode === 'sync') return trainInStep(trial)
  return trial.simulated ? trainApart(trial) : trainApartOnCrew(trial)
}
