/** How arms are told apart in pictures, and what all pictures of a report say of their seeds. Pure. */
import { colors, dashes, type Field } from '../../kit/figure-parts.js'
import type { RanArm } from './trials.js'

/**
 * Colours, and where these are used up dashes, by name in the order of the spec.
 * @param arms  all of the report, so that an arm looks the same in every picture
 */
export function armChannels (arms: readonly RanArm[], shown: readonly RanArm[] = arms): { color: Field, strokeDash?: Field } {
  const domain = shown.map(({ name }) => name)
  const placed = shown.map(({ name }) => arms.findIndex(arm => arm.name === name))
  const legend = { orient: 'bottom', columns: 4, symbolType: 'stroke', symbolStrokeWidth: 2.2, symbolOpacity: 1, labelLimit: 260 }
  const channel = (range: unknown[]): Field => ({ field: 'arm', type: 'nominal', title: null, scale: { domain, range }, legend })
  const color = channel(placed.map(i => colors[i % colors.length]!))
  if (placed.every(i => i < colors.length)) return { color }
  return { color, strokeDash: channel(placed.map(i => dashes[Math.floor(i / colors.length) % dashes.length]!)) }
}

/** The colour of one arm. */
export function colorOf (arms: readonly RanArm[], arm: RanArm): string {
  return colors[arms.indexOf(arm) % colors.length]!
}

/** How much a picture shows, in words. */
export function sayWhat (arms: readonly RanArm[]): string {
  const seeds = Math.max(...arms.map(({ trials }) => trials.length))
  const instances = Math.max(...arms.map(({ trials }) => Math.max(...trials.map(({ result: { finals } }) => finals.length))))
  return `${instances} instances, ${seeds === 1 ? `seed ${arms[0]!.trials[0]!.definition.seed}` : `${seeds} seeds`}`
}
