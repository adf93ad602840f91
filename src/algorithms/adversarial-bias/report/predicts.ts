/** What a spec predicts: what its report is held against, and what a preset says of itself. */
import { sayClaims } from '../../kit/predictions.js'
import type { AdversarialSpec } from '../spec.js'
import { linearJudges } from './linear-claims.js'
import { networkJudges } from './network-claims.js'

/** Puts the claims of a spec into words. */
export function predictionOf (spec: AdversarialSpec): string {
  return sayClaims(spec, { ...linearJudges, ...networkJudges }, 'Nothing is claimed: the trainings are shown beside each other')
}
