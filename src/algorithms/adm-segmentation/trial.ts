/** One trial: a sweep, which trains nothing, or a training. Next hops: sweep/run.ts, run.ts. */
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import type { TrialResult } from './result.js'
import type { SegmentationSpec } from './spec.js'
import { runSweep } from './sweep/run.js'
import { isSweep } from './sweep/work.js'

/** Runs one trial. The spec has one method. */
export async function * run (trial: TrialDefinition<SegmentationSpec>, context: RunContext): AsyncGenerator<RunEvent, TrialResult> {
  if (isSweep(trial.spec)) return yield * runSweep(trial, context)
  const training = await import('./run.js') // which loads the tensor library
  return yield * training.run(trial, context)
}
