/** Mode async. */
import type { RunEvent } from '../contract.js'
import type { Look } from './record.js'
import type { TrialState } from './trial-state.js'

export async function * trainApart (_: TrialState): AsyncGenerator<RunEvent, Look> {
  throw new Error('not yet')
}
