/** Curves of an arm over its seeds: the mean, and from the lowest seed to the highest; and the axes on which they are drawn. Pure. */
import { colors, thinned, type Field } from '../../kit/figure-parts.js'
import type { Curve, Finished, RanArm } from './trials.js'
import { meanOf } from '../../../math/mean.js'

/** Points of a curve that are drawn: more than a picture can show. */
export const maxPoints = 120

/** What trials of an arm have at one step: their mean, that of their logarithms where all are above 0, and their range. */
export interface BandPoint { step: number, mean: number, middle: number, low: number, high: number }

/** @param of a curve of one trial; trials that ended early are in as far as they go */
export function bandOf (trials: readonly Finished[], of: (trial: Finished) => Curve): BandPoint[] {
  const bySteps = new Map<number, number[]>()
  for (const trial of trials) {
    const { steps, values } = of(trial)
    steps.forEach((step, i) => { if (Number.isFinite(values[i])) bySteps.set(step, [...bySteps.get(step) ?? [], values[i]!]) })
  }
  return thinned([...bySteps].sort(([a], [b]) => a - b).map(([step, values]) => ({
    step,
    mean: meanOf(values),
    middle: Math.exp(meanOf(values.map(value => Math.log(Math.max(0, value))))),
    low: Math.min(...values),
    high: Math.max(...values)
  })), maxPoints)
}

/** Whether values are to be seen over logarithms: all are above 0, and some a hundred times as large as others. */
export function isWide (values: readonly number[]): boolean {
  const [least, most] = rangeOf(values)
  return least > 0 && most > 100 * least
}

/** The axis of losses or errors: logarithmic, with at most eight powers of ten, where they are wide. */
export function valueAxis (field: string, title: string, values: readonly number[]): Field {
  if (!isWide(values)) return { field, type: 'quantitative', title, scale: { zero: false }, axis: { labelOverlap: true } }
  const [least, most] = rangeOf(values)
  const [from, to] = [Math.ceil(Math.log10(least)), Math.floor(Math.log10(most))]
  const stride = Math.ceil((to - from + 1) / 8)
  const powers = Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, i) => 10 ** (from + i * stride))
  return {
    field,
    type: 'quantitative',
    title,
    scale: { type: 'log', nice: false, domain: [least / 1.2, most * 1.2] },
    axis: { values: powers, format: to - from > 5 ? '.0e' : '~g' }
  }
}

function rangeOf (values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity])
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

/** How many seeds a picture shows, in words. @param mean what the line is */
export function sayBand (arms: readonly RanArm[], mean = 'mean'): string {
  const seeds = Math.max(...arms.map(({ trials }) => trials.length))
  return seeds === 1 ? saySeed(arms) : `${mean} of ${seeds} seeds`
}

/** The seed that is shown, in words. */
export function saySeed ([arm]: readonly RanArm[]): string {
  return `seed ${arm!.trials[0]!.definition.seed}`
}

/** So many columns that panels make a block that is wider than high. */
export function columnsFor (count: number): number {
  return count === 4 ? 2 : Math.min(3, count)
}
