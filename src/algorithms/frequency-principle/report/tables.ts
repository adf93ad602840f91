/** The tables of a report: what each optimizer did, what each trial did, and why it ended. Pure. */
import type { Report } from '../../contract.js'
import { judge, type Arm, type Finished } from './arms.js'
import type { FrequencyPrincipleResult } from '../result.js'

type Table = Report['tables'][number]

/** Most bands with a column of their own. */
const maxBands = 12

/** Optimizers side by side: medians over their seeds. */
export function summaryTable (arms: Arm[]): Table {
  return {
    name: 'optimizers',
    title: 'Optimizers: low before high, medians over seeds',
    columns: [
      'optimizer', 'trials', 'low first', 'high first', 'learned neither', 'lowest at step', 'highest at step', 'highest / lowest',
      'Kendall tau', 'lowest at evaluation', 'highest at evaluation', 'seconds', 'final loss'
    ],
    rows: arms.map(arm => {
      const { low, high, neither } = judge(arm)
      const over = (pick: (trial: Finished) => number | null | undefined) => brief(median(arm.trials.map(trial => pick(trial) ?? null)))
      return [
        arm.name, arm.trials.length, low, high, neither,
        over(({ result }) => endsOf(result).lowest?.step),
        over(({ result }) => endsOf(result).highest?.step),
        over(({ result }) => result.orders[0]!.ratio),
        over(({ result }) => result.orders[0]!.tau),
        over(({ result }) => endsOf(result).lowest?.evaluations),
        over(({ result }) => endsOf(result).highest?.evaluations),
        over(secondsOf),
        over(({ result }) => result.loss)
      ]
    })
  }
}

/** When the lowest and the highest band of the first group were learned. */
function endsOf ({ bands, orders, learned }: FrequencyPrincipleResult) {
  const members = learned.filter((_, i) => bands[i]!.group === orders[0]!.group)
  return { lowest: members[0], highest: members.at(-1) }
}

/** Wall time of the optimizer. It starts at 0 in every attempt: what came before a fall is added. */
function secondsOf ({ metrics }: Finished): number | null {
  const values = metrics.seconds?.values ?? []
  const ends = values.filter((value, i) => i === values.length - 1 || values[i + 1]! < value)
  return ends.length === 0 ? null : ends.reduce((sum, value) => sum + value, 0)
}

/** Trials one by one: step at which each band was learned. */
export function learningTable (trials: Finished[]): Table {
  const { bands } = trials[0]!.result
  const shown = bands.slice(0, maxBands)
  return {
    name: 'learning',
    title: 'Step at which each band was learned (empty: never)',
    columns: ['optimizer', 'seed', ...shown.map(({ label }) => `band ${label}`), 'highest / lowest', 'Kendall tau', 'swaps', 'steps', 'evaluations', 'seconds', 'ended by', 'final loss'],
    rows: trials.map(trial => ({ ...trial, seconds: brief(secondsOf(trial)) })).map(({ definition, result, seconds }) => [
      definition.arm,
      definition.seed,
      ...shown.map((_, i) => result.learned[i]?.step ?? null),
      brief(result.orders[0]!.ratio),
      brief(result.orders[0]!.tau),
      result.orders.reduce((sum, { swaps }) => sum + swaps, 0),
      result.counts.steps,
      result.counts.functionEvaluations + result.counts.gradientEvaluations,
      seconds,
      result.outcome,
      brief(result.loss)
    ])
  }
}

/** Trials by group of bands, where there are several: each width of a filter, and the projection. */
export function groupTable (trials: Finished[]): Table[] {
  if (trials.every(({ result }) => result.orders.length < 2)) return []
  return [{
    name: 'groups',
    title: 'Low before high within each group of bands (empty: never learned)',
    columns: ['optimizer', 'seed', 'group', 'low first', 'lowest at step', 'highest at step', 'Kendall tau'],
    rows: trials.flatMap(({ definition, result }) => result.orders.map(({ group, ordered, tau }) => {
      const members = result.bands.flatMap((band, i) => band.group === group ? [i] : [])
      const at = (i: number) => result.learned[i]?.step ?? null
      return [definition.arm, definition.seed, group, ordered ? 'yes' : 'no', at(members[0]!), at(members.at(-1)!), brief(tau)]
    }))
  }]
}

/** Why each trial ended and what one can do about it. */
export function stopTable (trials: Finished[]): Table {
  return {
    name: 'stops',
    title: 'Why each trial ended',
    columns: ['optimizer', 'seed', 'reason', 'what happened', 'advice'],
    rows: trials.map(({ definition, result: { outcome, stop } }) => [definition.arm, definition.seed, outcome, stop.text, stop.advice])
  }
}

/** Middle of the values; a null counts as larger than all, and is given when the middle is one. */
function median (values: (number | null)[]): number | null {
  const sorted = values.map(value => value ?? Infinity).sort((a, b) => a - b)
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
  return Number.isFinite(middle) ? middle : null
}

function brief (value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4))
}
