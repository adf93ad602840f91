/** What a spec predicts: what its report is held against, and what a preset says of itself. */
import { sayClaims } from '../../kit/predictions.js'
import type { SegmentationSpec } from '../spec.js'
import { sweepClaims } from '../sweep/claims.js'
import { claims } from './claims.js'

/** Puts the claims of a spec into words. */
export function predictionOf (spec: SegmentationSpec): string {
  return sayClaims(spec, { ...claims, ...sweepClaims }, 'Nothing is claimed: the methods are shown beside each other')
}
