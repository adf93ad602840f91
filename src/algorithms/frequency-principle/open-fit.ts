/**
 * Which fit a spec's target has: function/fit.ts for functions and pictures in Float64, data/fit.ts for the classes of a
 * data set on the tensor engine.
 */
import type { OptimizerState } from '../../optimizers/index.js'
import type { RunContext } from '../contract.js'
import type { Fit } from './fit.js'
import { openFunctionFit } from './function/fit.js'
import type { FrequencyPrincipleSpec } from './spec.js'

/** Opens the spec's target and its one optimizer: afresh, or where learner.save() was. */
export async function openFit (spec: FrequencyPrincipleSpec, context: RunContext, saved: OptimizerState | undefined): Promise<Fit> {
  const { target } = spec
  if (target.type !== 'data') return openFunctionFit(spec, target, context, saved)
  const { openDataFit } = await import('./data/fit.js') // not at the top: it loads the tensor library
  return await openDataFit(spec, target, context, saved)
}
