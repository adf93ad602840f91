/** Whether what a reference solver found is what it should be, in families where that can be said. Pure. */
import { meanOf } from '../../math/mean.js'
import type { Family } from './families/family.js'
import type { FamilySpec } from './families/spec.js'
import { bestCorners } from './families/sum-rate/corners.js'
import { stationarity } from './families/sum-rate/stationarity.js'
import type { InitializationResult } from './result.js'
import type { Solved } from './solve.js'

/** Sum rate: powers are stationary, and of 2 users no better than the best corner, which is known to be the optimum. */
export function judgeReference (
  spec: FamilySpec, { decisionOf }: Family, { instances, states, finals }: Pick<Solved, 'instances' | 'states' | 'finals'>
): Pick<InitializationResult, 'stationarity' | 'aboveCorner' | 'cornerPart'> {
  if (spec.type !== 'sum-rate') return {}
  const violations = stationarity(instances, decisionOf(states), spec)
  const found = { stationarity: violations.reduce((most, value) => Math.max(most, value), 0) }
  if (spec.users !== 2) return found
  const corners = bestCorners(instances, spec)
  return {
    ...found,
    aboveCorner: finals.reduce((most, value, i) => Math.max(most, value - corners[i]!), -Infinity),
    cornerPart: meanOf(finals) / meanOf(corners)
  }
}
