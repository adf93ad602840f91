/** Objectives of all test instances at steps of the solver: mean and quantiles. Pure. */
import { meanOf } from '../../math/mean.js'
import { inSense, type Family } from './families/family.js'
import type { InitializationResult } from './result.js'
import { curveSteps } from './solving/solving.js'

export type CurvePoint = InitializationResult['curve'][number]

/** The quantiles of a point. */
export const quantiles = [{ name: 'low', percent: 10 }, { name: 'median', percent: 50 }, { name: 'high', percent: 90 }] as const

const MOST_POINTS = 201

/** Points of the curve: all steps, or 201 of them, the first and the last included. @param values minimized ones, [steps, count] */
export function curvePoints (
  values: Float64Array, { steps, count, family }: { steps: number, count: number, family: Family }
): CurvePoint[] {
  const at = curveSteps(steps)
  const points = Math.min(at.length, MOST_POINTS)
  return Array.from({ length: points }, (_, k) => {
    const row = points === 1 ? 0 : Math.round(k * (at.length - 1) / (points - 1))
    // an instance whose values are no numbers has none here; its best state counts at the end
    const sorted = values.slice(row * count, (row + 1) * count).map(value => inSense(family, value)).filter(Number.isFinite).sort()
    const [low, median, high] = quantiles.map(({ percent }) => quantileOf(sorted, percent / 100))
    return { step: at[row]!, mean: meanOf(sorted), low: low!, median: median!, high: high! }
  })
}

/** By linear interpolation between the two numbers beside it. */
function quantileOf (sorted: Float64Array, part: number): number {
  const at = part * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
}
