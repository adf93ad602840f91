/** What the figures of this kind share: colours, axes over steps, panels side by side. Pure. */
import type { Figure } from '../../contract.js'
import type { Arm } from './arms.js'

const schema = 'https://vega.github.io/schema/vega-lite/v6.json'

export const orange = '#e4572e'
export const grey = '#9a9a9a'

/** One colour per optimizer, told apart also by readers who do not see red and green alike. */
const armColors = ['#2e6fae', '#e4572e', '#3a9a6e', '#8a4fbf', '#c79a00', '#5a5a5a', '#d1699f', '#4bb3c9']

/** Wraps a specification. */
export function figure (name: string, title: string, vegaLite: Record<string, unknown>): Figure {
  return { name, title, vegaLite: { $schema: schema, ...vegaLite } }
}

/** The colours of optimizers by name. */
export function armScale (arms: Arm[]): { domain: string[], range: string[] } {
  return { domain: arms.map(({ name }) => name), range: arms.map((_, i) => armColors[i % armColors.length]!) }
}

/** Where step 0 lies on a logarithmic axis, left of step 1. */
export const zeroAt = 0.5

/** A logarithmic axis over steps or evaluations. @param last largest value shown @param first left end: step 0, or 1 */
export function logAxis (field: string, title: string, last: number, first = zeroAt): Record<string, unknown> {
  const decades = Array.from({ length: Math.floor(Math.log10(Math.max(1, last)) + 1e-9) + 1 }, (_, k) => 10 ** k)
  return {
    field,
    type: 'quantitative',
    title,
    scale: { type: 'log', domain: [first, Math.max(1.5, last)], nice: false },
    axis: {
      values: first < 1 ? [first, ...decades] : decades,
      labelExpr: 'datum.value < 1 ? \'0\' : datum.value < 10000 ? format(datum.value, \'d\') : format(datum.value, \'~s\')',
      grid: false
    }
  }
}

/** So many columns that panels make a block that is wider than high. */
export function columnsFor (count: number): number {
  return count <= 3 ? count : count === 4 ? 2 : 3
}

/** The seed that single pictures show, in words. */
export function sayFirstSeed (arms: Arm[]): string {
  return `seed ${arms[0]!.trials[0]!.definition.seed}`
}

/** At most so many entries; the first and the last stay. */
export function thin<T> (list: T[], max: number): T[] {
  const stride = Math.max(1, Math.ceil(list.length / max))
  return list.filter((_, i) => i % stride === 0 || i === list.length - 1)
}
