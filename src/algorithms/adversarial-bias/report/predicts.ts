/** The claims of a spec in one sentence: what its report is held against, and what a preset says of itself. */
import type { AdversarialSpec } from '../spec.js'
import { linearJudges } from './linear-claims.js'
import { networkJudges } from './network-claims.js'

/** Puts the claims of a spec, in the order in which it names them, into words. */
export function predictionOf (spec: AdversarialSpec): string {
  if (spec.claims.length === 0) return 'Nothing is claimed: the trainings are shown beside each other'
  const claims = { ...linearJudges, ...networkJudges }
  const said = spec.claims.map(name => claims[name].says(spec)).join('; ')
  return said.charAt(0).toUpperCase() + said.slice(1)
}
