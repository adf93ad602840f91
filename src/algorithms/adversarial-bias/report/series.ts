/** Lines of arms over their seeds, and how arms are told apart in pictures. Pure. */
import { colors, dashes, thinned, type Field } from '../../kit/figure-parts.js'
import type { RanArm } from './trials.js'

/** Points of a line that are drawn. */
const maxPoints = 120

interface Named { name: string, trials: readonly { seed: number }[] }

/** How arms are told apart by name, in the order of the spec: by colours, and where these are used up by dashes. */
export function armChannels (arms: readonly Named[]): { color: Field, strokeDash?: Field } {
  const domain = arms.map(({ name }) => name)
  const legend = { orient: 'bottom', columns: 4, symbolType: 'stroke', symbolStrokeWidth: 2.2, symbolOpacity: 1, labelLimit: 260 }
  const channel = (range: unknown[]): Field => ({ field: 'training', type: 'nominal', title: null, scale: { domain, range }, legend })
  const color = channel(domain.map((_, i) => colors[i % colors.length]!))
  if (domain.length <= colors.length) return { color }
  return { color, strokeDash: channel(domain.map((_, i) => dashes[Math.floor(i / colors.length) % dashes.length]!)) }
}

/** How many seeds a picture shows, in words. */
export function saySeeds (arms: readonly Named[]): string {
  const seeds = Math.max(...arms.map(({ trials }) => trials.length))
  return seeds === 1 ? saySeed(arms) : `mean of ${seeds} seeds`
}

/** The seed that is shown. */
export function saySeed ([arm]: readonly Named[]): string {
  return `seed ${arm!.trials[0]!.seed}`
}

/** What one trial has at some x. */
export interface Place { x: number, y: number }

/** The mean over the trials of an arm at every x that all of them have, thinned. @param of the line of one trial */
export function meanLine<Trial> (trials: readonly Trial[], of: (trial: Trial) => Place[]): Place[] {
  const sums = new Map<number, { sum: number, count: number }>()
  for (const { x, y } of trials.flatMap(of)) {
    if (!Number.isFinite(y)) continue
    const { sum, count } = sums.get(x) ?? { sum: 0, count: 0 }
    sums.set(x, { sum: sum + y, count: count + 1 })
  }
  const whole = [...sums].filter(([, { count }]) => count === trials.length).sort(([a], [b]) => a - b)
  return thinned(whole.map(([x, { sum, count }]) => ({ x, y: sum / count })), maxPoints)
}

/** Rows of a figure: the mean line of every arm. */
export function rowsOf<Problem, Result> (
  arms: readonly RanArm<Problem, Result>[], of: (trial: RanArm<Problem, Result>['trials'][number]) => Place[]
): (Place & { training: string })[] {
  return arms.flatMap(({ name, trials }) => meanLine(trials, of).map(place => ({ ...place, training: name })))
}

/** The axis of steps: powers of ten, whatever happens between. */
export function stepAxis (steps: readonly number[]): Field {
  const [low, high] = [Math.min(...steps), Math.max(...steps)]
  const powers = Array.from({ length: 8 }, (_, k) => 10 ** k).filter(power => power >= low && power <= high)
  return {
    field: 'x',
    type: 'quantitative',
    title: 'steps T',
    scale: { type: 'log', nice: false, domain: [low, Math.max(high, low * 1.01)] },
    axis: { values: powers, format: '~s', grid: false }
  }
}
