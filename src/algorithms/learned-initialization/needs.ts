/** What a trial takes of a lane. Pure. */
import type { Needs, TrialDefinition } from '../contract.js'
import type { InitializationSpec } from './spec.js'

export function needsOf (_trial: TrialDefinition<InitializationSpec>): Needs {
  return { slots: 1, threads: 1, device: 'any', engine: 'float64', crew: 1, deterministic: true, estimate: { steps: 1, bytes: 0 } }
}
