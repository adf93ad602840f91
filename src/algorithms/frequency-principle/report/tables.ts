/** The tables of a report: what each arm did, in which order it learned, what nulls show, what each trial did, and why it ended. Pure. */
import type { Report } from '../../contract.js'
import { orderIn, type FrequencyPrincipleResult } from '../result.js'
import { constantOf, type Arm, type Finished } from './arms.js'
import { crossingOf, differenceOf, leadOf, ordersOfArm } from './orders.js'
import { isLowFirst, sweepsOf } from './verdict.js'

type Table = Report['tables'][number]

/** Most bands with a column of their own. */
const maxBands = 12

/** Arms side by side: medians over their seeds. */
export function summaryTable (arms: Arm[]): Table {
  return {
    name: 'optimizers',
    title: 'Optimizers side by side, medians over seeds (empty: not before the end)',
    columns: [
      'optimizer', 'trials', 'lowest at step', 'highest at step', 'highest / lowest', 'lowest at evaluation', 'highest at evaluation',
      'seconds', 'final loss'
    ],
    rows: arms.map(arm => {
      const over = (pick: (trial: Finished) => number | null | undefined) => brief(median(arm.trials.map(trial => pick(trial) ?? null)))
      return [
        arm.name, arm.trials.length,
        over(({ result }) => endsOf(result).lowest?.step),
        over(({ result }) => endsOf(result).highest?.step),
        over(({ result }) => firstOrder(result).ratio),
        over(({ result }) => endsOf(result).lowest?.evaluations),
        over(({ result }) => endsOf(result).highest?.evaluations),
        over(secondsOf),
        over(({ result }) => result.loss)
      ]
    })
  }
}

/** Kendall's tau over the seeds of every arm and group of bands: what the verdict is drawn from. */
export function orderTable (arms: Arm[]): Table {
  const constant = constantOf(arms)
  return {
    name: 'orders',
    title: 'Order of learning over all pairs of bands: Kendall’s tau, mean over seeds and 95 % interval (empty: not known)',
    columns: [
      'optimizer', 'group', 'bands', 'seeds', 'Kendall tau', 'from', 'to', 'low first', 'lower band first', 'higher band first', 'at once',
      'neither learned', 'not learned'
    ],
    rows: [...arms, ...(constant ? [constant] : [])].flatMap(arm => ordersOfArm(arm).map(order => {
      const { group, bands, taus, interval, pairs, censored } = order
      const isKept = isLowFirst(order)
      return [
        arm.name, group, bands, taus.filter(tau => tau !== null).length,
        brief(interval?.mean ?? null), brief(interval?.low ?? null), brief(interval?.high ?? null), isKept === null ? null : isKept ? 'yes' : 'no',
        pairs.concordant, pairs.discordant, pairs.tied, pairs.censored,
        censored.map(({ label, seeds }) => `${label}: ${seeds} of ${arm.trials.length}`).join(', ')
      ]
    }))
  }
}

/** Conditions against the matched one, where there are several. */
export function conditionTable (arms: Arm[]): Table[] {
  const sweeps = sweepsOf(arms.filter(({ isNull }) => !isNull)).filter(sweep => sweep.length > 1)
  if (sweeps.length === 0) return []
  return [{
    name: 'conditions',
    title: 'Conditions against the first one: how many decades the lead of low frequencies differs, paired by seed, with its 95 % interval',
    columns: ['optimizer', 'condition', 'lead', 'difference', 'from', 'to', 'highest / lowest', 'the order is lost'],
    rows: sweeps.flatMap(sweep => sweep.map(arm => {
      const difference = arm === sweep[0] ? undefined : differenceOf(arm, sweep[0]!)
      const ratios = arm.trials.map(({ result }) => orderIn(result.bands[0]!.group, result).ratio)
      return [
        arm.optimizer, arm.condition!.name, brief(median(arm.trials.map(trial => leadOf(trial, 'least')))), brief(difference?.mean ?? null), brief(difference?.low ?? null), brief(difference?.high ?? null),
        brief(median(ratios)), crossingOf(sweep)?.to === arm ? 'here' : ''
      ]
    }))
  }]
}

/** What shuffled labels and a constant predictor show in each band, where there are such nulls: those of the first arm. */
export function nullTable (arms: Arm[]): Table[] {
  const bands = arms.find(({ isNull }) => !isNull)?.trials[0]!.result.bands.filter(({ shuffled }) => shuffled !== undefined) ?? []
  if (bands.length === 0) return []
  return [{
    name: 'nulls',
    title: 'Labels against shuffled ones, band by band',
    columns: ['band', 'amplitude', 'shuffled, median', 'shuffled, 95th percentile', 'more than noise', 'error of a constant predictor'],
    rows: bands.map(({ label, amplitude, shuffled, isNoise, constant }) =>
      [label, brief(amplitude), brief(shuffled!.median), brief(shuffled!.high), isNoise ? 'no' : 'yes', brief(constant ?? null)])
  }]
}

/** When the lowest and the highest band of the first group were learned. */
function endsOf ({ bands, learned }: FrequencyPrincipleResult) {
  const members = learned.filter((_, i) => bands[i]!.group === bands[0]!.group)
  return { lowest: members[0], highest: members.at(-1) }
}

function firstOrder (result: FrequencyPrincipleResult) {
  return orderIn(result.bands[0]!.group, result)
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
    title: 'Step at which each band was learned (empty: not before the end)',
    columns: ['optimizer', 'seed', ...shown.map(({ label }) => `band ${label}`), 'highest / lowest', 'Kendall tau', 'swaps', 'steps', 'evaluations', 'seconds', 'ended by', 'final loss'],
    rows: trials.map(trial => ({ ...trial, seconds: brief(secondsOf(trial)) })).map(({ definition, result, seconds }) => [
      definition.arm,
      definition.seed,
      ...shown.map((_, i) => result.learned[i]?.step ?? null),
      brief(firstOrder(result).ratio),
      brief(firstOrder(result).tau),
      firstOrder(result).swaps,
      result.counts.steps,
      result.counts.functionEvaluations + result.counts.gradientEvaluations,
      seconds,
      result.outcome,
      brief(result.loss)
    ])
  }
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
