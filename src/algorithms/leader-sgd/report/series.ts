/** Curves of an arm over its seeds: the mean, and from the lowest seed to the highest; and the axes on which they are drawn. Pure. */
import { colors, logValues, type Field } from '../../kit/figure-parts.js'
import type { Curve, Finished, RanArm } from './trials.js'

/** Points of a curve that are drawn: more than a picture can show. */
const maxPoints = 120

export interface BandPoint { step: number, mean: number, low: number, high: number }

/** @param of a curve of one trial; trials that ended early are in as far as they go */
export function bandOf (trials: readonly Finished[], of: (trial: Finished) => Curve): BandPoint[] {
  const bySteps = new Map<number, number[]>()
  for (const trial of trials) {
    const { steps, values } = of(trial)
    steps.forEach((step, i) => { if (Number.isFinite(values[i])) bySteps.set(step, [...bySteps.get(step) ?? [], values[i]!]) })
  }
  const points = [...bySteps].sort(([a], [b]) => a - b).map(([step, values]) => ({
    step, mean: values.reduce((sum, value) => sum + value, 0) / values.length, low: Math.min(...values), high: Math.max(...values)
  }))
  return thinned(points)
}

/** At most so many, evenly; the first and the last stay. */
export function thinned<T> (list: T[], max = maxPoints): T[] {
  if (list.length <= max) return list
  return Array.from({ length: max }, (_, i) => list[Math.round(i * (list.length - 1) / (max - 1))]!)
}

/** The axis of losses or errors: logarithmic where all are above 0 and some a hundred times as large as others. */
export function valueAxis (field: string, title: string, values: number[]): Field {
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const, [Infinity, -Infinity] as const)
  if (least > 0 && most > 100 * least) return { ...logValues(field, title, [least, most]), axis: { format: '.0e', grid: true, labelOverlap: true } }
  return { field, type: 'quantitative', title, scale: { zero: false } }
}

/** The colours of the arms by name, in the order of the spec. */
export function armColors (arms: readonly RanArm[]): Field {
  return {
    field: 'method',
    type: 'nominal',
    title: null,
    scale: { domain: arms.map(({ name }) => name), range: arms.map((_, i) => colors[i % colors.length]!) },
    legend: { orient: 'bottom', columns: 5, symbolType: 'stroke', symbolStrokeWidth: 2.2, symbolOpacity: 1, labelLimit: 260 }
  }
}

/** How many seeds bands are over, in words. */
export function sayBand (arms: readonly RanArm[]): string {
  const seeds = Math.max(...arms.map(({ trials }) => trials.length))
  return seeds === 1 ? `seed ${arms[0]!.trials[0]!.definition.seed}` : `mean of ${seeds} seeds; the band goes from the lowest to the highest one`
}
