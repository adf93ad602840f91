/** One trial: a linear classifier or a network under attack. Next hops: linear/run.ts, network/run.ts. */
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { runLinear } from './linear/run.js'
import type { AdversarialResult } from './result.js'
import type { AdversarialSpec } from './spec.js'

/** Runs one trial. The spec has one training, with what it has in place of the problem's already in the problem. */
export async function * run (trial: TrialDefinition<AdversarialSpec>, context: RunContext): AsyncGenerator<RunEvent, AdversarialResult> {
  if (trial.spec.problem.type === 'linear') return yield * runLinear(trial, context)
  const { runNetwork } = await import('./network/run.js') // which loads the tensor library
  return yield * runNetwork(trial, context)
}
