/** One trial. */
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import type { InitializationResult } from './result.js'
import type { InitializationSpec } from './spec.js'

export async function * run (_trial: TrialDefinition<InitializationSpec>, _context: RunContext): AsyncGenerator<RunEvent, InitializationResult> {
  yield { type: 'log', level: 'info', text: '' }
  throw new Error('not yet')
}
