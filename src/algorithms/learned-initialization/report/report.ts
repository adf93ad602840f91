/** The conclusion from all trials. Pure. */
import type { FinishedTrial, Report } from '../../contract.js'
import type { InitializationResult } from '../result.js'
import type { InitializationSpec } from '../spec.js'

export function report (_spec: InitializationSpec, _trials: FinishedTrial<InitializationSpec, InitializationResult>[]): Report {
  return { verdict: { claim: '', predicts: '', holds: null, evidence: '' }, tables: [], figures: [] }
}
