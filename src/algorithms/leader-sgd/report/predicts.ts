/** The claims of a spec in one sentence: what its report is held against, and what a preset says of itself. */
import type { LeaderSpec } from '../spec.js'
import { claims } from './claims.js'

/** Puts the claims of a spec, in the order in which it names them, into words. */
export function predictionOf (spec: LeaderSpec): string {
  if (spec.claims.length === 0) return 'Nothing is claimed: the arms are shown beside each other'
  const said = spec.claims.map(name => claims[name].says(spec)).join('; ')
  return said.charAt(0).toUpperCase() + said.slice(1)
}
