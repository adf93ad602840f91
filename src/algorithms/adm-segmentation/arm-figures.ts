/** What figures of trainings and of sweeps share. Pure. */
import type { Figure } from '../contract.js'
import { colors, figure, named } from '../kit/figure-parts.js'

interface Named { name: string }

/** Every arm has its colour, the same in all figures. */
export const armColour = (arms: readonly Named[]) => named('series', null, arms.map(({ name }) => name), arms.map((_, i) => colors[i % colors.length]))

/** Numbers of pictures, a line for each arm, and their mean. */
export interface Spread {
  name: string
  title: string
  heading: { text: string, subtitle: string }
  /** the number: its field, its axis, and how its mean is written */
  field: string
  axis: { title: string, scale?: { zero: boolean } }
  format: string
  values: object[]
  means: object[]
}

export function drawSpread (arms: readonly Named[], { name, title, heading, field, axis, format, values, means }: Spread): Figure {
  const encoding = {
    y: { field: 'series', type: 'nominal', title: null, sort: null },
    x: { field, type: 'quantitative', ...axis }
  }
  return figure(name, title, {
    title: heading,
    width: 420,
    height: { step: 26 },
    layer: [
      { data: { values }, mark: { type: 'tick', opacity: 0.35, thickness: 1.5 }, encoding },
      { data: { values: means }, mark: { type: 'point', filled: true, size: 70, opacity: 1 }, encoding: { ...encoding, color: { ...armColour(arms), legend: null } } },
      { data: { values: means }, mark: { type: 'text', dy: -10, fontSize: 10 }, encoding: { ...encoding, text: { field, type: 'quantitative', format } } }
    ]
  })
}
